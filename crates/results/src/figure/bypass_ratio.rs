//! Which share of the reads went past a cache that failed: over time, when it failed and when it was back.

use super::bypassed_reads::BYPASSED_READS;
use super::{Figure, Measure, Needs, Shown};
use cachemark_stats::Direction;

/// Reads that the cache was asked for and failed, among those that asked it.
pub const BYPASS_RATIO: &Figure = &Figure {
    name: "bypass_ratio",
    title: "bypass ratio",
    meaning: "The share of the reads that asked the cache which it failed",
    unit: Measure::SmallShare,
    better: Direction::LowerIsBetter,
    needs: Needs::Lookups,
    read: |trial| {
        let lookups = trial.lookups();
        (lookups.asked() > 0).then(|| lookups.failed as f64 / lookups.asked() as f64)
    },
    over_time: Some(|interval, _| {
        let (failed, asked) = (interval.failed_lookups?, interval.hits + interval.misses);
        (asked > 0).then(|| failed as f64 / asked as f64)
    }),
    share_of: Some(BYPASSED_READS),
    shown: Shown::OnRequest,
};
