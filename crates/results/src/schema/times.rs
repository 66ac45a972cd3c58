//! Figures of a set of times.

use cachemark_stats::Histogram;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Figures of one set of times. A percentile is absent where fewer than 10/(1-q) samples stand behind it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TimeSummary {
    /// How many samples.
    pub count: u64,
    /// The mean, in nanoseconds.
    pub mean_ns: f64,
    /// The least, in nanoseconds.
    pub min_ns: u64,
    /// The median, in nanoseconds.
    pub p50_ns: Option<u64>,
    /// The 90th percentile, in nanoseconds.
    pub p90_ns: Option<u64>,
    /// The 99th percentile, in nanoseconds.
    pub p99_ns: Option<u64>,
    /// The 99.9th percentile, in nanoseconds.
    pub p999_ns: Option<u64>,
    /// The greatest, in nanoseconds.
    pub max_ns: u64,
}

impl TimeSummary {
    /// Sums up a histogram; `None` if it is empty.
    #[must_use]
    pub fn of(histogram: &Histogram) -> Option<Self> {
        Some(Self {
            count: histogram.count(),
            mean_ns: histogram.mean()?,
            min_ns: histogram.min()?,
            p50_ns: histogram.quantile(0.5),
            p90_ns: histogram.quantile(0.9),
            p99_ns: histogram.quantile(0.99),
            p999_ns: histogram.quantile(0.999),
            max_ns: histogram.max()?,
        })
    }
}
