//! What a trial under an open loop has besides.

use super::times::TimeSummary;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The arrivals of a trial whose schedule did not wait for replies, and the times that only such a trial has. An arrival
/// belongs to the window if its intended start lies in it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
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
    /// The same of the operations whose arrivals waited for none in flight to end: the client's own lag. None in records of before.
    #[serde(default)]
    pub client_lag: Option<TimeSummary>,
    /// Response time (completion - intended start) of answered reads.
    pub read_response: Option<TimeSummary>,
    /// Response time of answered writes and deletes.
    pub write_response: Option<TimeSummary>,
    /// Response time of every answered operation.
    pub all_response: Option<TimeSummary>,
}

/// The share of a trial's operations that its times may leave out, or that may be held up, before that is told: of more,
/// the 99.9th percentile shows it, or hides it.
pub const MANY: f64 = 0.001;

impl OpenLoop {
    /// Arrivals that were sent.
    #[must_use]
    pub fn issued(&self) -> u64 {
        self.offered.saturating_sub(self.shed + self.unsent)
    }

    /// Whether more than [`MANY`] of the arrivals were not sent: the achieved throughput is then less than the offered load,
    /// and the times are of those that were sent.
    #[must_use]
    pub fn is_overloaded(&self) -> bool {
        (self.shed + self.unsent) as f64 > MANY * self.offered as f64
    }

    /// Whether more than [`MANY`] of the arrivals waited for one in flight to end, or were not sent.
    #[must_use]
    pub fn is_held_up(&self) -> bool {
        (self.late + self.shed + self.unsent) as f64 > MANY * self.offered as f64
    }
}
