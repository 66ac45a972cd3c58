//! The course of a trial's window.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `series.json`: the window in equal intervals. An operation counts in the interval in which it ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Series {
    /// See [`crate::SCHEMA_VERSION`].
    pub schema_version: u32,
    /// The length of an interval, in nanoseconds.
    pub interval_ns: u64,
    /// The intervals in order, from the window's start.
    pub intervals: Vec<Interval>,
}

/// One interval.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Interval {
    /// When it began, in nanoseconds from the window's start.
    pub start_ns: u64,
    /// Operations that ended in it.
    pub operations: u64,
    /// Operations that ended in an error, shed or unknown.
    pub failures: u64,
    /// Of these turned away before any work was done; none in records of before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shed: Option<u64>,
    /// Reads among them that were stale; none without an oracle, and in records of before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stale_reads: Option<u64>,
    /// Reads answered from the cache.
    pub hits: u64,
    /// Reads that the cache could not answer, `failed_lookups` among them.
    pub misses: u64,
    /// Reads that the cache was asked for and failed; none in records of before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed_lookups: Option<u64>,
    /// Store operations that ended in it, whoever asked them, with the window's start as near as a thread wakes; none where calls
    /// to the store are not seen, and in records of before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store_operations: Option<u64>,
    /// Median response time (in a closed loop service time), in nanoseconds, if enough operations ended.
    pub p50_ns: Option<u64>,
    /// 99th percentile of the same, in nanoseconds, if enough operations ended.
    pub p99_ns: Option<u64>,
}

impl Interval {
    /// Operations that were answered: what a throughput is of.
    #[must_use]
    pub fn answered(&self) -> u64 {
        self.operations.saturating_sub(self.failures)
    }

    /// Hits among the interval's lookups.
    #[must_use]
    pub fn hit_ratio(&self) -> Option<f64> {
        let lookups = self.hits + self.misses;
        (lookups > 0).then(|| self.hits as f64 / lookups as f64)
    }
}
