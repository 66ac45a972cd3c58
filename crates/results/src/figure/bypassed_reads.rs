//! How many reads went past a cache that failed.

use super::{Figure, Measure, Needs, Shown};
use cachemark_stats::Direction;

/// Reads that the cache was asked for and failed.
pub const BYPASSED_READS: &Figure = &Figure {
    name: "bypassed_reads",
    title: "bypassed reads",
    meaning: "Reads that the cache was asked for and failed",
    unit: Measure::Count,
    better: Direction::LowerIsBetter,
    needs: Needs::Lookups,
    read: |trial| {
        let lookups = trial.lookups();
        (lookups.asked() > 0).then_some(lookups.failed as f64)
    },
    over_time: None,
    share_of: None,
    shown: Shown::OnRequest,
};
