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
    /// The greatest offered load that met it where the search ended without having found out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least_per_s: Option<f64>,
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
    /// Whether it passed.
    pub passed: bool,
    /// Why it did not: `objective` (not met), `unanswered` (more than a thousandth of what was asked had no answer, or was not
    /// sent), `invalid` (the client was the limit) or `no-figure`. None if it passed, and in records of before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missed: Option<String>,
}

impl Capacity {
    /// The trials at the answer, by number; none without an answer. What happened at greater loads was to happen.
    #[must_use]
    pub fn trials_at_answer(&self) -> Vec<u32> {
        let at_answer = |probe: &&CapacityProbe| Some(probe.offered_per_s) == self.answer_per_s;
        self.probes.iter().filter(at_answer).map(|probe| probe.trial).collect()
    }

    /// The least load that did not pass, if the client was the limit there: the answer is then a lower bound.
    #[must_use]
    pub fn limited_by_client_at(&self) -> Option<f64> {
        let failed = || self.probes.iter().filter(|probe| !probe.passed);
        let least = failed().map(|probe| probe.offered_per_s).reduce(f64::min)?;
        let invalid =
            |probe: &CapacityProbe| probe.offered_per_s == least && probe.missed.as_deref() == Some("invalid");
        failed().any(invalid).then_some(least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn capacity(probes: &[(u32, f64, Option<&str>)], answer_per_s: Option<f64>) -> Capacity {
        let probe = |&(trial, offered_per_s, missed): &(u32, f64, Option<&str>)| CapacityProbe {
            trial,
            offered_per_s,
            purpose: "climb".into(),
            passed: missed.is_none(),
            missed: missed.map(str::to_owned),
        };
        let probes = probes.iter().map(probe).collect();
        Capacity { cell: "a".into(), objective: "it".into(), answer_per_s, at_least_per_s: None, note: None, probes }
    }

    #[test]
    fn the_client_s_limit_is_told_from_the_stack_s() {
        let probes = [(1, 100.0, None), (2, 200.0, Some("objective")), (3, 150.0, Some("invalid")), (4, 100.0, None)];
        let found = capacity(&probes, Some(100.0));
        assert_eq!(found.limited_by_client_at(), Some(150.0));
        assert_eq!(found.trials_at_answer(), [1, 4]);
        assert_eq!(capacity(&probes[..2], None).limited_by_client_at(), None);
        assert_eq!(capacity(&probes[..2], None).trials_at_answer(), [0; 0]);
        assert_eq!(capacity(&probes[..1], Some(100.0)).limited_by_client_at(), None, "nothing failed");
    }
}
