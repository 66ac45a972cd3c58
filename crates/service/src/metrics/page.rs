//! The page: Prometheus text format 0.0.4.

use super::Metrics;
use super::table::CounterTable;
use crate::limits::Limits;
use crate::operation::Operation;
use crate::route::Route;
use cachemark_core::{CacheCounts, CacheMeter, Failures, StoreCounts, StoreMeter};
use std::fmt::Write;
use std::sync::atomic::Ordering;

impl Metrics {
    pub(crate) fn page(&self, limits: &Limits, cache: &CacheMeter, store: &StoreMeter) -> String {
        let mut page = String::with_capacity(16 << 10);
        self.own_counts(&mut page);
        self.durations(&mut page);
        backends(&mut page, &cache.snapshot(), &store.snapshot());
        failed(&mut page, "cache", &cache.failures());
        failed(&mut page, "store", &store.failures());
        let levels = [
            ("http_requests_in_flight", "Requests under way, this one included.", self.requests_in_flight.get()),
            ("connections", "Open connections.", self.connections.get()),
            ("connections_limit", "Connections allowed at once.", limits.connections as u64),
            ("operations_limit", "Requests for items allowed at once.", limits.operations as u64),
        ];
        for (name, help, level) in levels {
            single(&mut page, name, "gauge", help, level);
        }
        page
    }

    fn own_counts(&self, page: &mut String) {
        table(page, "http_requests_total", "Requests that ended.", &self.requests);
        table(page, "operations_total", "Strategy calls that ended.", &self.operations);
        table(page, "connections_lost_total", "Connections that ended badly.", &self.lost);
        let accepted = self.accepted.load(Ordering::Relaxed);
        single(page, "connections_accepted_total", "counter", "Connections that were accepted.", accepted);
    }

    fn durations(&self, page: &mut String) {
        let name = head(page, "operation_duration_seconds", "histogram", "Service time of strategy calls.");
        for (operation, histogram) in Operation::NAMES.iter().zip(&self.operation_durations) {
            histogram.print(&name, &format!("operation=\"{operation}\""), page);
        }
        let name = head(page, "http_request_duration_seconds", "histogram", "From a request's head to its response.");
        for (route, histogram) in Route::NAMES.iter().zip(&self.request_durations) {
            histogram.print(&name, &format!("route=\"{route}\""), page);
        }
    }
}

/// What the meters beside cache and store say.
fn backends(page: &mut String, cache: &CacheCounts, store: &StoreCounts) {
    let counts = [
        ("cache_gets_total", "Cache gets that were answered.", cache.gets),
        ("cache_hits_total", "Cache gets that found an entry.", cache.hits),
        ("cache_misses_total", "Cache gets that found none.", cache.gets.saturating_sub(cache.hits)),
        ("cache_sets_total", "Cache sets that stored their entry.", cache.sets),
        ("cache_superseded_sets_total", "Cache sets that something newer had come before.", cache.superseded),
        ("cache_deletes_total", "Cache deletes that were answered.", cache.deletes),
        ("cache_errors_total", "Cache calls that ended in an error.", cache.errors),
        ("store_reads_total", "Store reads that were answered.", store.reads),
        ("store_reads_found_total", "Store reads that found a live row.", store.found),
        ("store_writes_total", "Store writes that were acknowledged.", store.writes),
        ("store_deletes_total", "Store deletes that were acknowledged.", store.deletes),
        ("store_errors_total", "Store calls that ended in an error.", store.errors),
    ];
    for (name, help, count) in counts {
        single(page, name, "counter", help, count);
    }
}

/// Calls that failed, whatever became of the operations that made them. The texts are for logs: a label must not be
/// anything that a server says.
fn failed(page: &mut String, part: &str, failures: &Failures) {
    let help = format!("Calls to the {part} that ended in an error, by call and kind.");
    let name = head(page, &format!("{part}_failed_calls_total"), "counter", &help);
    for ((call, kind), failed) in &failures.0 {
        let _ = writeln!(page, "{name}{{call=\"{call}\",kind=\"{}\"}} {}", kind.name(), failed.count);
    }
}

/// Writes the lines before a metric's samples; gives its whole name.
fn head(page: &mut String, name: &str, kind: &str, help: &str) -> String {
    let name = format!("cachemark_{name}");
    let _ = writeln!(page, "# HELP {name} {help}\n# TYPE {name} {kind}");
    name
}

fn table<const N: usize>(page: &mut String, name: &str, help: &str, table: &CounterTable<N>) {
    let name = head(page, name, "counter", help);
    table.print(&name, page);
}

fn single(page: &mut String, name: &str, kind: &str, help: &str, value: u64) {
    let name = head(page, name, kind, help);
    let _ = writeln!(page, "{name} {value}");
}
