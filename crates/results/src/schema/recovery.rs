//! How a trial went through its faults.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The share of before's windows that may miss the plain bounds ([`Recovery::noise`]): from there on they say little of what is usual.
pub const RESTLESS: f64 = 0.2;

/// What became of a trial with faults: before the first of them, while any was in place, and after the last. Times are nanoseconds
/// from the window's start, unless they say from when. Judged by the intervals of the series (windows).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recovery {
    /// When the doing of the first fault was begun.
    pub began_ns: u64,
    /// When the last was over.
    pub over_ns: u64,
    /// Until when was looked: the window's end.
    pub seen_until_ns: u64,
    /// The deadline of an operation.
    pub timeout_ns: u64,
    /// Up to the first fault.
    pub before: Phase,
    /// The windows in which there was one, of a fault of a moment that in which it was done.
    pub during: Phase,
    /// From the end of the last on.
    pub after: Phase,
    /// From the first fault's beginning to the end of the first window that was worse than before, and by more than before's own
    /// windows stray (see `noise`); or, of one that is never as before again, to the end of the first that was not. None if there was none.
    pub detected_after_ns: Option<u64>,
    /// From the end of the last fault to the beginning of the first three windows in a row that are as before; none if there were
    /// none: then it is longer than what was looked at (`seen_until_ns - over_ns`).
    pub recovered_after_ns: Option<u64>,
    /// Windows that were harmed once it had recovered: what comes back with a lifetime, or chance. None in records of before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub harmed_again: Option<u64>,
    /// Whether it was looked at for 600 timeouts after the last fault, which it takes to tell one that stays down (`metastable`). None in
    /// records of before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub looked_long: Option<bool>,
    /// The share of before's windows that have less than 90 % of the usual goodput, less than 95 % of the usual hit ratio, or more than
    /// 1.2 times the usual tail, though nothing was done to anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noise: Option<f64>,
    /// What a window must have to be as before. None in records of before this was told: the bounds were the plain ones then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_before: Option<AsBefore>,
    /// The quantile of the windows' times that was compared, by its name: `p99`, or `p90` or `p50` where windows of before have too
    /// few operations for it; none where they have too few for any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tail: Option<String>,
    /// What it usually was before: the median of the windows', in nanoseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usual_tail_ns: Option<u64>,
    /// The window with the least goodput from the first fault on.
    pub worst: Option<WorstWindow>,
    /// What it comes to.
    pub verdict: RecoveryVerdict,
}

/// What a trial with faults comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RecoveryVerdict {
    /// No window was worse than before by more than noise.
    Unharmed,
    /// Worse than before while there was a fault, and as before as soon as the last was over.
    Degraded,
    /// As before some time after the last was over.
    Recovered,
    /// Not as before by the end of the window, which came too soon to say more.
    NotRecovered,
    /// The last fault was over for 600 timeouts, and goodput was not as before: it does not recover by itself.
    Metastable,
}

/// The bounds of what is as before: 90 % of the usual goodput, 95 % of the usual hit ratio and 1.2 times the usual tail; or what nine in
/// ten of before's windows keep, where that is less.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AsBefore {
    /// The least answered operations per second.
    pub goodput_ops_per_s: f64,
    /// The least hit ratio; none where nothing hit before.
    pub hit_ratio: Option<f64>,
    /// The greatest tail (see `tail`), in nanoseconds; none where none is compared.
    pub tail_ns: Option<u64>,
}

/// A part of a trial with faults.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    /// When its first window began.
    pub start_ns: u64,
    /// When its last window ended.
    pub end_ns: u64,
    /// Operations that ended in it.
    pub operations: u64,
    /// Of these answered (ok or absent).
    pub answered: u64,
    /// Of these turned away before any work was done.
    pub shed: u64,
    /// Answered operations per second.
    pub goodput_ops_per_s: f64,
    /// Reads answered by the cache / reads that asked it.
    pub hit_ratio: Option<f64>,
    /// The 99th percentile of its answered operations together, in nanoseconds, if there were enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p99_ns: Option<u64>,
    /// The median of the windows' 99th percentiles, in nanoseconds.
    pub usual_p99_ns: Option<u64>,
    /// The greatest of them.
    pub worst_p99_ns: Option<u64>,
    /// Store operations per second; none where calls to the store are not seen.
    pub store_ops_per_s: Option<f64>,
    /// The most of them in one window, per second.
    pub store_peak_ops_per_s: Option<f64>,
    /// Stale reads that ended in it; none without an oracle.
    pub stale_reads: Option<u64>,
    /// Failed operations that ended in it, by kind of error.
    pub errors: BTreeMap<String, u64>,
}

/// The worst window.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorstWindow {
    /// When it began.
    pub start_ns: u64,
    /// Its answered operations per second.
    pub goodput_ops_per_s: f64,
    /// Its 99th percentile, in nanoseconds, if enough operations ended.
    pub p99_ns: Option<u64>,
    /// Its hit ratio.
    pub hit_ratio: Option<f64>,
}
