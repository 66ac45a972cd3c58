//! One run of one cell.

use super::audit::Audit;
use super::buckets::Bucket;
use super::failures::{FailedCalls, in_words};
use super::fault::FaultSeen;
use super::freshness::Freshness;
use super::host::HostNoise;
use super::loads::Loads;
use super::lookups::Lookups;
use super::open_loop::OpenLoop;
use super::recovery::Recovery;
use super::times::TimeSummary;
use crate::warning::WarningKind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `summary.json`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trial {
    /// See [`crate::SCHEMA_VERSION`].
    pub schema_version: u32,
    /// The trial's place in the run, from 1.
    pub number: u32,
    /// The cell that was run.
    pub cell: String,
    /// The block, from 0.
    pub block: u32,
    /// The cell's place in the block, from 0.
    pub position: u32,
    /// When the trial began, UTC, RFC 3339.
    pub started_utc: String,
    /// How the time was spent.
    pub window: Window,
    /// Whether the warm-up came to rest; none where there was no warm-up, or it was not tested.
    #[serde(default)]
    pub steady: Option<SteadyState>,
    /// Lookups of the window's first half and of its second, as its series has them; none in records of before. Over the trials
    /// of a cell they tell whether the hit ratio was level while it was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub halves: Option<[HalfLookups; 2]>,
    /// How a cold start went; none where a warm-up came first, where the cache had no hits in the end, or was not full by then.
    #[serde(default)]
    pub cold_start: Option<ColdStart>,
    /// Operations issued in the window, by how they ended: `issued` is the sum of the rest.
    pub totals: Totals,
    /// Operations answered (ok or absent) within the window, per second of it.
    pub throughput_ops_per_s: f64,
    /// Service time of answered reads.
    pub read_time: Option<TimeSummary>,
    /// Service time of answered writes and deletes.
    pub write_time: Option<TimeSummary>,
    /// Service time of every answered operation.
    pub all_time: Option<TimeSummary>,
    /// The arrivals, and the response times counted from their intended starts; none for a closed loop, whose operations
    /// have no intended start.
    #[serde(default)]
    pub open_loop: Option<OpenLoop>,
    /// Reads answered by the cache / reads that asked it, those that it failed among them; none if none did.
    pub hit_ratio: Option<f64>,
    /// The hit ratio that theory gives for operations that overlap as this trial's did (their number, and the time that misses
    /// and writes took); none where no formula covers the cell, and in records of before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predicted_hit_ratio: Option<f64>,
    /// The store load that follows from it; of the misses as many are taken to load, and not to join, as did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predicted_store_load: Option<f64>,
    /// Store operations for each operation that ended, both counted between the same two moments: the window's ends, as
    /// near as a thread wakes.
    pub store_load: f64,
    /// What was asked of the cache in the window.
    pub cache: CacheOperations,
    /// What was asked of the store in the window.
    pub store: StoreOperations,
    /// How many reads of one key the store was asked at a time in the window; none where calls to it are not seen, as those of
    /// a service, and in records of before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loads: Option<Loads>,
    /// The most store operations that ended in one interval of the series, per second of it; none where calls to the store are
    /// not seen, and in records of before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store_rate_max_ops_per_s: Option<f64>,
    /// What calls queued for connections of ours in the window; none in records of before it was counted.
    #[serde(default)]
    pub lane_waits: Option<LaneUse>,
    /// What was asked of the cache from the first operation of the warm-up to the end of the drain.
    pub cache_whole: CacheOperations,
    /// The same of the store.
    pub store_whole: StoreOperations,
    /// Operations issued from the first of the warm-up to the end.
    pub issued_whole: u64,
    /// Failed operations of the window, by kind of error.
    pub errors: BTreeMap<String, u64>,
    /// What the first failed operation of each kind said.
    #[serde(default)]
    pub error_reasons: BTreeMap<String, String>,
    /// Calls to the cache that failed, whatever became of the operations that made them.
    #[serde(default)]
    pub cache_failures: Vec<FailedCalls>,
    /// The same of the store.
    #[serde(default)]
    pub store_failures: Vec<FailedCalls>,
    /// Values whose stamp did not fit, from the first operation to the end: 0, or something is badly wrong.
    pub bad_stamps: u64,
    /// Values without a stamp, where others may have written them: they could not be checked.
    #[serde(default, skip_serializing_if = "is_none_of_them")]
    pub unstamped: u64,
    /// How fresh the reads of the window were; none where the oracle was left out, and in records of before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub freshness: Option<Freshness>,
    /// What store and caches held in the end; none where there was no audit: it was left out, or a service was measured, whose
    /// cache and store are not seen. None in records of before, either.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audit: Option<Audit>,
    /// What was done to its servers on purpose, in the order of the timeline; nearly always nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<FaultSeen>,
    /// How it went through that; none without faults.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery: Option<Recovery>,
    /// Reads of the scan that failed, by kind of error: their keys may be in no cache when the load begins.
    #[serde(default)]
    pub scan_errors: BTreeMap<String, u64>,
    /// The cache's own figures over the trial, by name, and what its lanes cost. What a server keeps for a lease is among its `entries`,
    /// `expired` and `evictions` as well; `leases-made`, our own count, is how many of those we had it make.
    pub cache_counters: BTreeMap<String, u64>,
    /// The same of the store.
    pub store_counters: BTreeMap<String, u64>,
    /// What the policies around strategy, cache and store did, from the first operation to the end, by name; empty where there were none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub policy_counters: BTreeMap<String, u64>,
    /// Driver threads' CPU time / (threads x window), 0 to 1; none where it could not be read.
    pub client_cpu: Option<f64>,
    /// CPU time of each server that could be seen / the time between: 1 is one processor, busy all the time.
    pub server_cpu: BTreeMap<String, f64>,
    /// What others did on this machine meanwhile; none where nothing of it was looked at.
    #[serde(default)]
    pub host: Option<HostNoise>,
    /// Every bucket that holds anything.
    pub buckets: Vec<Bucket>,
    /// What a reader should know before using the figures.
    pub warnings: Vec<Warning>,
}

/// For what hardly any record has.
fn is_none_of_them(count: &u64) -> bool {
    *count == 0
}

/// Calls that queued for a connection (a lane) of ours, of which there could be more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LaneUse {
    /// To the cache.
    pub cache: LaneWait,
    /// To the store. SQLite's one writer is not among them: that there is one is its nature.
    pub store: LaneWait,
}

/// How many queued, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LaneWait {
    /// Calls that found no free connection.
    pub waits: u64,
    /// The time that they queued, in nanoseconds, summed.
    pub wait_ns: u64,
}

/// Shares of the operations' service time, from 0 to 1, that their calls queued for connections.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LaneShares {
    /// To the cache.
    pub cache: f64,
    /// To the store.
    pub store: f64,
}

/// How a trial's time was spent, in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// Emptying and preloading. The first operations connect: those of the scan, of the warm-up, or of a cold window.
    pub reset_ns: u64,
    /// Reading every key once, if asked for.
    pub scan_ns: u64,
    /// Running unmeasured: the warm-up by operations, and the load before the window.
    pub warm_up_ns: u64,
    /// Operations issued before the window, the scan's included; 0 in records of before.
    #[serde(default)]
    pub warm_up_operations: u64,
    /// The window itself.
    pub measured_ns: u64,
    /// Finishing what was in flight.
    pub drain_ns: u64,
}

/// What the test of the warm-up's last windows said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SteadyState {
    /// Whether no trend was seen; none where it could not be told.
    pub steady: Option<bool>,
    /// What was still moving, or why it could not be told, for people; none if the run was steady.
    pub trend: Option<String>,
    /// The least move of the hit ratio within the tested windows that would have been seen, 0 to 1; none where nothing was
    /// looked up, and in records of before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub could_see: Option<f64>,
}

/// Lookups of a cache in half a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HalfLookups {
    /// Those that the cache answered.
    pub hits: u64,
    /// All of them.
    pub lookups: u64,
}

/// A start on an empty cache, as its series tells it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ColdStart {
    /// The hit ratio of the last quarter of the window's intervals together.
    pub steady_hit_ratio: f64,
    /// The end of the first interval from which on the hit ratio, counted from its beginning, is never below 95 % of that, in
    /// nanoseconds from the first operation.
    pub to_95_percent_ns: u64,
}

/// Operations by how they ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Totals {
    /// All that were issued.
    pub issued: u64,
    /// Answered.
    pub ok: u64,
    /// Reads answered with "no such key".
    pub absent: u64,
    /// Turned away.
    pub shed: u64,
    /// Failed for sure.
    pub error: u64,
    /// Timed out or cut off: neither failed nor acknowledged.
    pub unknown: u64,
}

/// What was asked of a cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CacheOperations {
    /// Gets answered.
    pub gets: u64,
    /// Gets that found an entry.
    pub hits: u64,
    /// Entries stored.
    pub sets: u64,
    /// Sets that came after something newer: versioned ones, and those under a lease that was no longer valid.
    pub superseded: u64,
    /// Deletes answered.
    pub deletes: u64,
    /// Calls that failed.
    pub errors: u64,
}

impl CacheOperations {
    /// All calls.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.gets + self.sets + self.superseded + self.deletes + self.errors
    }
}

/// What was asked of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StoreOperations {
    /// Reads answered.
    pub reads: u64,
    /// Reads that found a live row.
    pub found: u64,
    /// Writes acknowledged.
    pub writes: u64,
    /// Deletes acknowledged.
    pub deletes: u64,
    /// Calls that failed.
    pub errors: u64,
}

impl StoreOperations {
    /// All of them.
    #[must_use]
    pub fn operations(&self) -> u64 {
        self.reads + self.writes + self.deletes + self.errors
    }
}

/// Something that a reader should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Warning {
    /// A short name, the same for every warning of the sort: a code of [`crate::warning`], or one that a newer build knows.
    pub code: String,
    /// What was seen, and what to do.
    pub text: String,
    /// Whether the trial is invalid for it: its figures enter no median and no verdict.
    #[serde(default)]
    pub invalidates: bool,
}

impl Warning {
    /// A warning that leaves the figures in use.
    pub fn new(kind: WarningKind, text: impl Into<String>) -> Self {
        Self { code: kind.code.to_owned(), text: text.into(), invalidates: false }
    }

    /// A warning that makes its trial invalid.
    pub fn invalidating(kind: WarningKind, text: impl Into<String>) -> Self {
        Self { invalidates: true, ..Self::new(kind, text) }
    }

    /// Whether it is of that sort.
    #[must_use]
    pub fn is(&self, kind: WarningKind) -> bool {
        self.code == kind.code
    }
}

impl Trial {
    /// How much of the operations' time went into queueing for connections; none where it was not counted, or where no
    /// operation took any time. Loads that outlive their callers queue too: the shares may pass 1 where many do.
    #[must_use]
    pub fn lane_wait_shares(&self) -> Option<LaneShares> {
        let LaneUse { cache, store } = self.lane_waits?;
        let time = |bucket: &Bucket| bucket.service_time.map_or(0.0, |time| time.mean_ns * bucket.count as f64);
        let whole: f64 = self.buckets.iter().map(time).sum();
        let share = |wait: LaneWait| wait.wait_ns as f64 / whole;
        (whole > 0.0).then(|| LaneShares { cache: share(cache), store: share(store) })
    }

    /// Why its figures are not to be used, if so: the first warning that invalidates it.
    #[must_use]
    pub fn invalid_because(&self) -> Option<&Warning> {
        self.warnings.iter().find(|warning| warning.invalidates)
    }

    /// Operations of the window without an answer: failed, of unknown end, or never sent.
    #[must_use]
    pub fn unanswered(&self) -> u64 {
        let unsent = self.open_loop.as_ref().map_or(0, |open| open.shed + open.unsent);
        self.totals.error + self.totals.shed + self.totals.unknown + unsent
    }

    /// Operations that were asked in the window: those issued, and the arrivals that were not sent.
    #[must_use]
    pub fn asked(&self) -> u64 {
        self.open_loop.as_ref().map_or(self.totals.issued, |open| open.offered)
    }

    /// Whether its times leave out more than [`MANY`](super::open_loop::MANY) of what was asked: they are of those that
    /// were answered, and the more a stack turns away the better it looks by them.
    #[must_use]
    pub fn leaves_out_many(&self) -> bool {
        self.unanswered() as f64 > super::open_loop::MANY * self.asked() as f64
    }

    /// Its reads by what the cache did for them.
    #[must_use]
    pub fn lookups(&self) -> Lookups {
        Lookups::of(&self.buckets)
    }

    /// How many calls named `call` to the cache failed in the window; none where the record does not say which failed.
    #[must_use]
    pub fn failed_cache_calls(&self, call: &str) -> Option<u64> {
        let told = self.cache.errors == 0 || !self.cache_failures.is_empty();
        let of_call = self.cache_failures.iter().filter(|failed| failed.call == call);
        told.then(|| of_call.map(|failed| failed.window).sum())
    }

    /// Its failed operations by kind, with what the first of each said.
    #[must_use]
    pub fn failures_in_words(&self) -> String {
        let reason = |kind: &str| self.error_reasons.get(kind).map(String::as_str);
        in_words(self.errors.iter().map(|(kind, count)| (kind.clone(), *count, reason(kind))))
    }

    /// Its failed calls to the cache by call and kind, with what the first of each said: those of the window or of the
    /// whole trial.
    #[must_use]
    pub fn cache_failures_in_words(&self, whole: bool) -> String {
        in_words(self.cache_failures.iter().map(|failed| {
            let count = if whole { failed.whole } else { failed.window };
            (format!("{} {}", failed.call, failed.kind), count, Some(failed.first.as_str()))
        }))
    }
}
