//! `stability.json`: where a system breaks down for good, by simulation.

use crate::{OLDEST_VERSION, RecordError, SCHEMA_VERSION, write_whole};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The file's name in a record's folder, or in one of its own.
pub const STABILITY: &str = "stability.json";

/// What was found of each arm. The same inputs and the same seed give the same file, but for what was confirmed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stability {
    /// The version of the form.
    pub schema_version: u32,
    /// What it is of.
    pub title: String,
    /// Where its times and the store's capacity are from, in words.
    pub source: String,
    /// What was simulated.
    pub scenario: StabilityScenario,
    /// When a system is what, and how it was looked at.
    pub rule: StabilityRule,
    /// A map an arm.
    pub maps: Vec<StabilityMap>,
}

/// A workload over a cache and a store of bounded capacity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StabilityScenario {
    /// How many keys there are, all of them in the cache before the trigger.
    pub keys: u64,
    /// The law that picks them.
    pub distribution: String,
    /// The share of reads, 0 to 1.
    pub read_ratio: f64,
    /// The deadline of an operation, in milliseconds.
    pub timeout_ms: f64,
    /// How many reads the store does at once.
    pub store_workers: u32,
    /// What one costs it, in milliseconds.
    pub read_cost_ms: f64,
    /// How that is distributed: `fixed` or `exponential`.
    pub read_cost_law: String,
    /// What a write takes, in milliseconds.
    pub write_ms: f64,
    /// What the cache takes to be asked, in milliseconds.
    pub hit_ms: f64,
    /// What it takes to be filled, in milliseconds.
    pub fill_ms: f64,
    /// How many reads a second the store does at most.
    pub capacity_per_s: f64,
}

/// When a system is what, in deadlines after the trigger, and how it was looked at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StabilityRule {
    /// The share of what was answered before that has to be answered again, 0 to 1, for a window to be good.
    pub good: f64,
    /// So many good windows in a row are a recovery.
    pub lasting: u32,
    /// Back by then it is stable.
    pub soon: u32,
    /// Not back by then it is stuck.
    pub horizon: u32,
    /// How often each point was run.
    pub runs: u32,
    /// The boundary is told to this share of its load.
    pub precision: f64,
    /// Everything random comes from it.
    pub seed: u64,
}

/// What a trigger makes of a system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StabilityState {
    /// It is back soon.
    Stable,
    /// It comes back later.
    Degraded,
    /// It does not come back, though the trigger is long gone.
    Stuck,
    /// It does not bear the load even before.
    Overloaded,
}

/// The map of one arm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StabilityMap {
    /// The arm's name.
    pub arm: String,
    /// Its strategy.
    pub strategy: String,
    /// Every point of the plane, by share, then by load, both ascending.
    pub points: Vec<StabilityPoint>,
    /// Where it begins to fail, by share.
    pub boundary: Vec<StabilityBoundary>,
    /// Brought down by the loss of all entries: what was answered as the load was lowered step by step. Empty if no load was seen that it
    /// bears, and at which it stays down.
    pub way_down: Vec<StabilityStep>,
    /// The load at which it came back on that way; none if it did not, or was never down.
    pub recovers_at_per_s: Option<f64>,
    /// What came of it for real.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub confirmed: Vec<StabilityCheck>,
}

/// One point.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StabilityPoint {
    /// The offered load, in arrivals per second.
    pub offered_per_s: f64,
    /// The share of the cache that is lost, 0 to 1.
    pub lost_share: f64,
    /// What becomes of it, in the middle one of its runs.
    pub state: StabilityState,
    /// How long it took to come back, in milliseconds, in the slowest of its runs that did.
    pub recovered_after_ms: Option<f64>,
}

/// Where a system begins to fail.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StabilityBoundary {
    /// The share of the cache that is lost.
    pub lost_share: f64,
    /// The greatest load that was seen to come back; none if even the least fails.
    pub serves_per_s: Option<f64>,
    /// The least load that was seen to fail; none if even the greatest comes back.
    pub fails_per_s: Option<f64>,
    /// What becomes of it there: `stuck` after the loss, or `overloaded` even before; none if it fails at no load.
    pub fails_as: Option<StabilityState>,
}

/// One step down.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StabilityStep {
    /// The offered load, in arrivals per second.
    pub offered_per_s: f64,
    /// The share that was answered by its deadline in the step's last third.
    pub answered: f64,
}

/// A point that was run for real, over a store of the same emulated capacity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StabilityCheck {
    /// The offered load, in arrivals per second.
    pub offered_per_s: f64,
    /// The share of the cache that was lost.
    pub lost_share: f64,
    /// Whether it comes back by the map.
    pub expected_back: bool,
    /// Whether it came back; none if that could not be told.
    pub was_back: Option<bool>,
    /// What was seen, in words.
    pub seen: String,
}

impl StabilityBoundary {
    /// The load halfway between the two; none if the boundary lies outside of the plane.
    #[must_use]
    pub fn load(&self) -> Option<f64> {
        Some((self.serves_per_s? * self.fails_per_s?).sqrt())
    }

    /// Whether it is a load that the system does not bear even before the loss.
    #[must_use]
    pub fn is_overload(&self) -> bool {
        self.fails_as == Some(StabilityState::Overloaded)
    }
}

impl StabilityState {
    /// Every state, from good to bad.
    pub const ALL: [Self; 4] = [Self::Stable, Self::Degraded, Self::Stuck, Self::Overloaded];

    /// The state in a word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Stable => "stable",
            Self::Degraded => "degraded",
            Self::Stuck => "stuck",
            Self::Overloaded => "overloaded",
        }
    }
}

impl Stability {
    /// The one in `folder`; none if there is none.
    ///
    /// # Errors
    /// [`RecordError`] if it cannot be read, or is of another form or version.
    pub fn read(folder: &Path) -> Result<Option<Self>, RecordError> {
        let path = folder.join(STABILITY);
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(RecordError::io("read", &path, source)),
        };
        let malformed =
            |error: serde_json::Error| RecordError::Malformed { path: path.clone(), detail: error.to_string() };
        let found: serde_json::Value = serde_json::from_slice(&bytes).map_err(malformed)?;
        let version = found["schema_version"].as_u64().unwrap_or(0);
        if !(u64::from(OLDEST_VERSION)..=u64::from(SCHEMA_VERSION)).contains(&version) {
            return Err(RecordError::Version { path, found: version });
        }
        serde_json::from_value(found).map(Some).map_err(malformed)
    }

    /// Writes it into `folder`, in the place of one that is there.
    ///
    /// # Errors
    /// [`RecordError::Io`].
    pub fn write(&self, folder: &Path) -> Result<(), RecordError> {
        let path = folder.join(STABILITY);
        // Plain structures always print.
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        write_whole(&path, format!("{text}\n").as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made() -> Stability {
        let scenario = StabilityScenario {
            keys: 3_000,
            distribution: "zipf 0.99".into(),
            read_ratio: 1.0,
            timeout_ms: 100.0,
            store_workers: 10,
            read_cost_ms: 10.0,
            read_cost_law: "fixed".into(),
            write_ms: 0.0,
            hit_ms: 0.0,
            fill_ms: 0.0,
            capacity_per_s: 1_000.0,
        };
        let rule = StabilityRule { good: 0.9, lasting: 20, soon: 10, horizon: 600, runs: 3, precision: 0.05, seed: 1 };
        Stability {
            schema_version: SCHEMA_VERSION,
            title: "t".into(),
            source: "s".into(),
            scenario,
            rule,
            maps: vec![],
        }
    }

    #[test]
    fn what_is_written_is_read_and_what_is_of_another_form_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Stability::read(folder.path()).unwrap(), None);
        made().write(folder.path()).unwrap();
        assert_eq!(Stability::read(folder.path()).unwrap(), Some(made()));
        for (text, said) in [
            ("{", "is not a record"),
            ("{\"schema_version\": 99}", "schema version 99"),
            ("{\"schema_version\": 3}", "missing field"),
        ] {
            std::fs::write(folder.path().join(STABILITY), text).unwrap();
            let error = Stability::read(folder.path()).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }

    #[test]
    fn a_boundary_lies_between_what_serves_and_what_fails() {
        let of = |serves_per_s, fails_per_s| {
            StabilityBoundary { lost_share: 1.0, serves_per_s, fails_per_s, fails_as: None }.load()
        };
        assert_eq!(
            (of(Some(400.0), Some(900.0)), of(Some(400.0), None), of(None, Some(1.0))),
            (Some(600.0), None, None)
        );
    }
}
