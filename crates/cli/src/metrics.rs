//! What a run tells Prometheus while it goes on: `--metrics-listen`.
//!
//! It counts what the bench's collector hands over once an interval, on the collector's thread; no operation is asked about for
//! its sake. docs/watching.md lists the metrics, which a test holds against the page.

mod cell;
mod listening;
mod page;
mod run;
mod scrapes;
mod state;

pub(crate) use listening::Listening;
pub(crate) use run::RunMetrics;
