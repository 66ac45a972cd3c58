//! The buckets that operations end in: by what they asked, what the cache did, and how they ended.

use super::freshness::AgeHistograms;
use super::hops::{HopHistograms, HopSummary};
use super::times::TimeSummary;
use cachemark_stats::Histogram;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One bucket that operations end in.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bucket {
    /// `read`, `write` or `delete`.
    pub operation: String,
    /// `hit`, `miss-led`, `miss-joined`, `miss-queued` (answered from writes that wait for the store), `stale-served`, `cache-failed` (the cache was asked, failed and was passed over, or
    /// the read failed with it), `bypass` (it was not asked); `none` for writes, deletes, and reads that failed where no cache is asked.
    pub source: String,
    /// `ok`, `absent`, `shed`, `error` or `unknown`.
    pub result: String,
    /// How many operations that were issued in the window ended so.
    pub count: u64,
    /// Their service time.
    pub service_time: Option<TimeSummary>,
    /// Their response time; none in a closed loop.
    #[serde(default)]
    pub response_time: Option<TimeSummary>,
    /// What their hops took; none where hops were not timed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hops: Option<HopSummary>,
}

/// The whole histogram of one bucket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BucketHistogram {
    /// As in [`Bucket`].
    pub operation: String,
    /// As in [`Bucket`].
    pub source: String,
    /// As in [`Bucket`].
    pub result: String,
    /// Service times in nanoseconds: pairs of value and count.
    #[schemars(with = "serde_json::Value")]
    pub service_time: Histogram,
    /// Response times; none in a closed loop.
    #[serde(default)]
    #[schemars(with = "serde_json::Value")]
    pub response_time: Option<Histogram>,
    /// What their hops took; none where hops were not timed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hops: Option<HopHistograms>,
}

/// `histograms.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Histograms {
    /// See [`crate::SCHEMA_VERSION`].
    pub schema_version: u32,
    /// One for each bucket that holds anything.
    pub buckets: Vec<BucketHistogram>,
    /// How long stale answers had been stale; none where none was seen, and in records of before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stale_ages: Option<AgeHistograms>,
}

impl Histograms {
    /// The service times of all buckets that `wanted` accepts, merged; `None` if that leaves nothing.
    pub fn merged(&self, wanted: impl Fn(&BucketHistogram) -> bool) -> Option<Histogram> {
        merge(self.buckets.iter().filter(|bucket| wanted(bucket)).map(|bucket| &bucket.service_time))
    }

    /// The same of the response times.
    pub fn merged_responses(&self, wanted: impl Fn(&BucketHistogram) -> bool) -> Option<Histogram> {
        let chosen = self.buckets.iter().filter(|bucket| wanted(bucket));
        merge(chosen.filter_map(|bucket| bucket.response_time.as_ref()))
    }
}

fn merge<'a>(mut histograms: impl Iterator<Item = &'a Histogram>) -> Option<Histogram> {
    let mut merged = histograms.next()?.clone();
    histograms.for_each(|histogram| merged.merge(histogram));
    Some(merged)
}
