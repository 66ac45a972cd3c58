//! The page.

use super::Metrics;
use super::table::CounterTable;
use crate::exposition::{Exposition, Kind};
use crate::limits::Limits;
use crate::operation::Operation;
use crate::route::Route;
use cachemark_core::{CacheCounts, CacheMeter, Failures, StoreCounts, StoreMeter};
use std::sync::atomic::Ordering;

impl Metrics {
    pub(crate) fn page(&self, limits: &Limits, cache: &CacheMeter, store: &StoreMeter) -> String {
        let mut page = Exposition::with_capacity(16 << 10);
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
            page.single(name, Kind::Gauge, help, level);
        }
        page.into_text()
    }

    fn own_counts(&self, page: &mut Exposition) {
        table(page, "http_requests_total", "Requests that ended.", &self.requests);
        table(page, "operations_total", "Strategy calls that ended.", &self.operations);
        table(page, "connections_lost_total", "Connections that ended badly.", &self.lost);
        let accepted = self.accepted.load(Ordering::Relaxed);
        page.single("connections_accepted_total", Kind::Counter, "Connections that were accepted.", accepted);
    }

    fn durations(&self, page: &mut Exposition) {
        page.metric("operation_duration_seconds", Kind::Histogram, "Service time of strategy calls.");
        for (operation, histogram) in Operation::NAMES.iter().zip(&self.operation_durations) {
            histogram.print(("operation", operation), page);
        }
        page.metric("http_request_duration_seconds", Kind::Histogram, "From a request's head to its response.");
        for (route, histogram) in Route::NAMES.iter().zip(&self.request_durations) {
            histogram.print(("route", route), page);
        }
    }
}

/// What the meters beside cache and store say.
fn backends(page: &mut Exposition, cache: &CacheCounts, store: &StoreCounts) {
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
        page.single(name, Kind::Counter, help, count);
    }
}

/// Calls that failed, whatever became of the operations that made them. The texts are for logs: a label must not be
/// anything that a server says.
fn failed(page: &mut Exposition, part: &str, failures: &Failures) {
    let help = format!("Calls to the {part} that ended in an error, by call and kind.");
    page.metric(&format!("{part}_failed_calls_total"), Kind::Counter, &help);
    for ((call, kind), failed) in &failures.0 {
        page.sample(&[("call", call), ("kind", kind.name())], failed.count);
    }
}

fn table<const N: usize>(page: &mut Exposition, name: &str, help: &str, table: &CounterTable<N>) {
    page.metric(name, Kind::Counter, help);
    table.print(page);
}
