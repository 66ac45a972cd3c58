//! What a trial under an open loop has besides.

use super::times::TimeSummary;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The arrivals of a trial whose schedule did not wait for replies, and the times that only such a trial has. An arrival
/// belongs to the window if its intended start lies in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenLoop {
    /// `constant` or `poisson`.
    pub process: String,
    /// The offered load: arrivals per second, on average.
    pub offered_per_s: f64,
    /// The most operations in flight.
    pub max_in_flight: u32,
    /// What becomes of an arrival that finds as many in flight: `wait` (sent late) or `shed`.
    pub when_full: String,
    /// Arrivals of the window: the sum of those issued, `shed` and `unsent`.
    pub offered: u64,
    /// Arrivals issued that had to wait for one in flight to end.
    pub late: u64,
    /// Arrivals that were not sent because as many as may be were in flight.
    pub shed: u64,
    /// Arrivals that still waited when the trial could wait no longer.
    pub unsent: u64,
    /// Actual start - intended start, of every operation issued.
    pub schedule_lag: Option<TimeSummary>,
    /// Response time (completion - intended start) of answered reads.
    pub read_response: Option<TimeSummary>,
    /// Response time of answered writes and deletes.
    pub write_response: Option<TimeSummary>,
    /// Response time of every answered operation.
    pub all_response: Option<TimeSummary>,
}
