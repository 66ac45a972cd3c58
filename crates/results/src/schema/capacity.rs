//! What a capacity search found.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The search of one cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Capacity {
    /// The cell's id.
    pub cell: String,
    /// What had to hold, for people.
    pub objective: String,
    /// The greatest offered load that met it, and met it three times more, in arrivals per second; none if none did.
    pub answer_per_s: Option<f64>,
    /// Why the search ended without having found out, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Every rate that was tried, in order.
    pub probes: Vec<CapacityProbe>,
}

/// One rate that was tried.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CapacityProbe {
    /// The number of its trial.
    pub trial: u32,
    /// The offered load, in arrivals per second.
    pub offered_per_s: f64,
    /// `climb`, `bisect` or `repeat`.
    pub purpose: String,
    /// Whether the objective was met.
    pub passed: bool,
}
