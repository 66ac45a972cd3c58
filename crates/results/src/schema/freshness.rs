//! How fresh the reads of a trial were.

use super::stale_cause::StaleCauses;
use super::times::TimeSummary;
use cachemark_stats::Histogram;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the oracle saw of the reads of the window. A read is judged by the version that it was answered from; it is stale if
/// that is below the highest version that had been acknowledged before it was sent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Freshness {
    /// Reads that were answered.
    pub reads: u64,
    /// Reads that could not be judged, for their answer had no version, or one that is [out of reach](Freshness::out_of_reach).
    pub without_version: u64,
    /// Those of them whose answer had a version, too far from the others for the oracle to keep.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub out_of_reach: u64,
    /// Reads that could not be judged, for others may have written what they found.
    pub not_ours: u64,
    /// Reads that were judged.
    pub judged: u64,
    /// Those that the cache answered.
    pub judged_hits: u64,
    /// Reads that were stale.
    pub stale: u64,
    /// Those that the cache answered.
    pub stale_hits: u64,
    /// Keys that were written at any time of the trial and of which a read was judged.
    pub written_keys_read: u64,
    /// The mean over those keys of the share of their reads that were stale; none where there is no such key.
    pub stale_by_key: Option<f64>,
    /// The most versions that a read was behind; 0 if none was stale.
    pub lag_max: u64,
    /// The mean over stale reads.
    pub lag_mean: Option<f64>,
    /// The staleness age of the stale reads: from the first acknowledgement of a newer version to the sending of the read. Of those
    /// that are known: in records from before [`Freshness::age_at_least`], the others are among them, each taken as the least
    /// that it is known to be.
    pub stale_age: Option<TimeSummary>,
    /// How many ages are only known to be at least so much.
    pub ages_at_least: u64,
    /// The greatest of those bounds, in nanoseconds; none where there is none.
    #[serde(default)]
    pub age_at_least: Option<u64>,
    /// Stale reads whose age could not be told at all.
    pub ages_untold: u64,
    /// The stale reads by cause; none in records from before causes were told.
    #[serde(default)]
    pub causes: Option<StaleCauses>,
    /// Reads that were not stale, or are shown to have been for no longer than so much.
    pub fresh_within: Vec<FreshWithin>,
    /// Reads that were answered with a version below one that another read had been answered with before they were sent.
    pub regressions: u64,
    /// Reads of keys that the same session had written: violations missed its own acknowledged write.
    pub own_writes: Checked,
    /// Reads of keys that the same session had read: violations went back behind what it had seen.
    pub own_reads: Checked,
    /// How many keys a session remembers for these two.
    pub session_keys: u32,
    /// Reads that found a value below an acknowledged delete.
    pub resurrected: u64,
    /// Reads that found what nobody can have written.
    pub phantoms: u64,
    /// Reads that found a value of an earlier trial of the run, whose late operation put it there. They are not judged.
    #[serde(default)]
    pub left_over: u64,
    /// Reads whose value was damaged, or another key's.
    pub corrupt: u64,
    /// What the oracle itself took.
    pub table: OracleTable,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// Reads that were fresh within a time of the acknowledgement.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FreshWithin {
    /// The time, in nanoseconds.
    pub within_ns: u64,
    /// How many judged reads.
    pub reads: u64,
}

/// Reads that could violate an order, and those that did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Checked {
    /// Those that could.
    pub reads: u64,
    /// Those that did.
    pub violations: u64,
}

/// The size of the oracle's table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OracleTable {
    /// Keys that were written.
    pub written_keys: u64,
    /// Those whose last acknowledgements are remembered.
    pub keys_with_ring: u64,
    /// Its memory, in bytes.
    pub bytes: u64,
}

/// Histograms of staleness ages, in nanoseconds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgeHistograms {
    /// Ages that are known.
    #[schemars(with = "serde_json::Value")]
    pub sure: Option<Histogram>,
    /// Ages that are only known to be at least so much.
    #[schemars(with = "serde_json::Value")]
    pub at_least: Option<Histogram>,
}

impl Freshness {
    /// The share of the judged reads that were stale; none if none was judged.
    #[must_use]
    pub fn stale_share(&self) -> Option<f64> {
        share(self.stale, self.judged)
    }

    /// The same of the judged reads that the cache answered.
    #[must_use]
    pub fn stale_hit_share(&self) -> Option<f64> {
        share(self.stale_hits, self.judged_hits)
    }

    /// Whether the summary of ages takes lower bounds as ages: so it is in records from before those were told apart.
    #[must_use]
    pub fn ages_are_mixed(&self) -> bool {
        self.ages_at_least > 0 && self.age_at_least.is_none()
    }

    /// The greatest age in nanoseconds, and whether it is only known to be at least that; none where no age is known.
    #[must_use]
    pub fn oldest(&self) -> Option<(u64, bool)> {
        let sure = self.stale_age.map(|age| (age.max_ns, self.ages_are_mixed()));
        let bound = self.age_at_least.map(|ns| (ns, true));
        sure.into_iter().chain(bound).max_by_key(|(ns, bounded)| (*ns, !bounded))
    }

    /// The share of the judged reads that are shown to be fresh within so many nanoseconds; none if none was judged, or that time
    /// was not looked at.
    #[must_use]
    pub fn fresh_share(&self, within_ns: u64) -> Option<f64> {
        let within = self.fresh_within.iter().find(|within| within.within_ns == within_ns)?;
        share(within.reads, self.judged)
    }
}

fn share(some: u64, all: u64) -> Option<f64> {
    (all > 0).then(|| some as f64 / all as f64)
}
