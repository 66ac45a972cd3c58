//! How much the cache answered.

use super::{Figure, Loops, Measure, Needs, OpenTable, Shown};
use cachemark_stats::Direction;

/// Hits among reads that asked the cache.
pub const HIT_RATIO: &Figure = &Figure {
    name: "hit_ratio",
    title: "hit ratio",
    meaning: "Reads answered by the cache / reads that asked it, those that it failed among them, 0 to 1",
    unit: Measure::Share,
    better: Direction::HigherIsBetter,
    needs: Needs::Lookups,
    read: |trial| trial.hit_ratio,
    over_time: Some(|interval, _| interval.hit_ratio()),
    share_of: None,
    shown: Shown::InTables { of: Loops::Both(OpenTable::Other), rank: 50 },
};
