//! What `/metrics` tells: a fixed set of series; the meters' counts are read from where they are.

mod counted;
mod histogram;
mod level;
mod page;
mod table;

pub(crate) use counted::Counted;
pub(crate) use level::Level;

use crate::operation::Operation;
use crate::route::Route;
use axum::http::{Method, StatusCode};
use histogram::Histogram;
use level::Gauge;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use table::CounterTable;

const METHODS: [&str; 6] = ["GET", "HEAD", "PUT", "DELETE", "POST", "other"];
/// The statuses that we send; `gone` is a request whose client hung up before its answer.
const STATUSES: [&str; 16] =
    ["200", "201", "204", "304", "400", "404", "405", "408", "413", "414", "500", "501", "503", "504", "other", "gone"];
/// Why a connection ended other than by its client's or our own good will.
const ENDS: [&str; 4] = ["timeout", "malformed", "broken", "cut"];

/// Why a connection was lost, by its place in [`ENDS`].
#[derive(Debug, Clone, Copy)]
pub(crate) enum Lost {
    /// A head did not come in time.
    Timeout,
    /// What came was not HTTP/1.
    Malformed,
    /// Reset, closed in the middle of a request, or a response not taken in time.
    Broken,
    /// Still busy at the end of the shutdown's grace.
    Cut,
}

/// The service's own counts.
#[derive(Debug)]
pub(crate) struct Metrics {
    requests: CounterTable<3>,
    request_durations: [Histogram; Route::NAMES.len()],
    operations: CounterTable<3>,
    operation_durations: [Histogram; Operation::NAMES.len()],
    lost: CounterTable<1>,
    accepted: AtomicU64,
    pub(crate) requests_in_flight: Gauge,
    pub(crate) connections: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            requests: CounterTable::new([("route", &Route::NAMES), ("method", &METHODS), ("status", &STATUSES)]),
            request_durations: Default::default(),
            operations: CounterTable::new([
                ("operation", &Operation::NAMES),
                ("source", &counted::SOURCES),
                ("result", &counted::RESULTS),
            ]),
            operation_durations: Default::default(),
            lost: CounterTable::new([("reason", &ENDS)]),
            accepted: AtomicU64::new(0),
            requests_in_flight: Gauge::default(),
            connections: Gauge::default(),
        }
    }
}

impl Metrics {
    /// Counts a request that ended; without a status its client hung up first.
    pub(crate) fn request(&self, route: Route, method: &Method, status: Option<StatusCode>, took: Duration) {
        let other = STATUSES.len() - 2;
        let place = |status: StatusCode| STATUSES.iter().position(|&name| name == status.as_str()).unwrap_or(other);
        let method = METHODS.iter().position(|&name| name == method.as_str()).unwrap_or(METHODS.len() - 1);
        self.requests.count([route as usize, method, status.map_or(STATUSES.len() - 1, place)]);
        self.request_durations[route as usize].record(took);
    }

    /// Counts a strategy call that ended.
    pub(crate) fn operation(&self, operation: Operation, outcome: Counted, took: Duration) {
        self.operations.count([operation as usize, outcome.source, outcome.result]);
        self.operation_durations[operation as usize].record(took);
    }

    pub(crate) fn accepted(&self) -> u64 {
        self.accepted.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn lost(&self, why: Lost) {
        self.lost.count([why as usize]);
    }
}
