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
    /// Why the search ended without having found out, if it did, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The same by name; none in records of before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unfound: Option<Unfound>,
    /// Every rate that was tried, in order.
    pub probes: Vec<CapacityProbe>,
}

/// Why a search ended without having found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Unfound {
    /// At some rate the client was the limit, however often it was tried.
    CannotTell,
    /// It was stopped before it had finished.
    Interrupted,
    /// No load failed that it could try, or it tried more loads than any search takes that behaves.
    OutOfLoads,
    /// A trial had too few operations for the figure that the objective is about.
    NoFigure,
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
    /// sent), `invalid` (the client was the limit: the rate is tried again) or `no-figure`. None if it passed, and in records of before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missed: Option<String>,
}

impl Capacity {
    /// The trials that the answer stands on, by number; none without an answer. An invalid trial says nothing of the stack, and
    /// its rate was tried again; what happened at greater loads was to happen.
    #[must_use]
    pub fn trials_at_answer(&self) -> Vec<u32> {
        let at_answer = |probe: &&CapacityProbe| probe.passed && Some(probe.offered_per_s) == self.answer_per_s;
        self.probes.iter().filter(at_answer).map(|probe| probe.trial).collect()
    }

    /// In a record of before, which took an invalid trial for a missed objective: the least load above the answer, if nothing
    /// but the client was the limit there. The answer is then a lower bound. A search of today tries such a load again, and
    /// gives no answer where that tells nothing.
    #[must_use]
    pub fn limited_by_client_at(&self) -> Option<f64> {
        let answer = self.answer_per_s?;
        let above = self.probes.iter().filter(|probe| probe.offered_per_s > answer);
        let least = above.map(|probe| probe.offered_per_s).reduce(f64::min)?;
        let mut there = self.probes.iter().filter(|probe| probe.offered_per_s == least);
        there.all(|probe| probe.missed.as_deref() == Some("invalid")).then_some(least)
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
        let (cell, objective) = ("a".into(), "it".into());
        Capacity { cell, objective, answer_per_s, at_least_per_s: None, note: None, unfound: None, probes }
    }

    #[test]
    fn what_an_invalid_trial_measured_is_no_part_of_the_answer() {
        let probes = [(1, 100.0, None), (2, 200.0, Some("objective")), (3, 100.0, Some("invalid")), (4, 100.0, None)];
        assert_eq!(capacity(&probes, Some(100.0)).trials_at_answer(), [1, 4]);
        assert_eq!(capacity(&probes[..2], None).trials_at_answer(), [0; 0]);
    }

    #[test]
    fn a_load_that_was_tried_again_is_no_limit_of_the_client() {
        let limit = |probes: &[(u32, f64, Option<&str>)]| capacity(probes, Some(100.0)).limited_by_client_at();
        let again = [(1, 100.0, None), (2, 150.0, Some("invalid")), (3, 150.0, Some("objective"))];
        assert_eq!(limit(&again), None, "the stack missed the objective there");
        assert_eq!(limit(&again[..2]), Some(150.0), "a search of before asked no further");
        assert_eq!(limit(&[(1, 100.0, None), (2, 100.0, Some("invalid"))]), None, "nothing failed");
        assert_eq!(capacity(&again[..2], None).limited_by_client_at(), None);
    }
}
