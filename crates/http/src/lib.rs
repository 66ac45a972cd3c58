//! HTTP load scenarios driven by goose, written as our record.
//!
//! The keys, the mix, the sizes and the seed of a sweep's workload, asked of any base URL: each of goose's users is one
//! session. What a request looks like, and what of its answer tells a hit, are templates ([`HttpTemplates`]); by default they
//! are those of our own service. The figures land in a record (`cachemark_results`), so the report treats an HTTP run like any
//! other.
//!
//! | module | what it holds |
//! |---|---|
//! | [`definition`] | [`LoadDefinition`]: a definition's file, with every mistake at once |
//! | `http` | [`HttpTemplates`]: from operation to request, from answer to outcome |
//! | `plan`, `run` | [`LoadPlan`], [`run_load`]: one trial |
//! | `session`, `attack` | what one of goose's users does; goose, set up |
//! | `stdout` | keeps what goose prints off standard output |
//! | `recorder`, `course`, `cpu`, `host` | what is recorded meanwhile |
//! | `trial`, `warnings` | the trial's files |
//! | `record` | [`Load`]: blocks of trials, each on disk before the next begins |
//!
//! # What the figures are
//!
//! **Goose is a closed loop for each user**: a user asks, waits for the answer, and asks again. So there is no offered load,
//! no intended start and no response time, and a service that stalls is asked less while it stalls. The times here are
//! service times, from the call into goose to the last byte of the body, in our own histograms; goose's own stop at the
//! headers.
//!
//! **Goose's coordinated-omission option is off.** It fills the gaps that a stall leaves with samples that it makes up from
//! the pace before the stall; made-up samples are no measurement. For the waits that a closed loop hides there is only an
//! open loop.
//!
//! **What a service asks of its store is not seen.** A trial's store load is reckoned from what the service says of hits:
//! one store operation for each read that the cache did not answer, one for each write or delete answered.
//!
//! Goose's own reports are in the record's folder `goose/`. Its HTML page fetches its chart library from a CDN; ours needs
//! nothing.

mod attack;
mod base_url;
mod course;
mod cpu;
pub mod definition;
mod error;
mod host;
pub mod http;
mod outcome;
mod plan;
mod record;
mod recorder;
mod run;
mod session;
mod stdout;
mod trial;
mod warnings;

pub use attack::GooseFigures;
pub use base_url::BaseUrl;
pub use definition::{LoadDefinition, Mistake, Mistakes};
pub use error::LoadError;
pub use http::HttpTemplates;
pub use plan::{LoadPlan, Stop};
pub use record::{Labels, Load, LoadEnd, LoadEvent, Target};
pub use recorder::RequestCounts;
pub use run::{LoadOutcome, run_load};
pub use trial::Place;

use std::time::Duration;

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

/// Now, as records have it: UTC to the second.
fn utc_now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
