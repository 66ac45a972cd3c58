//! Which share of the reads was stale.

use super::{Figure, Loops, Measure, Needs, OpenTable, Shown};
use cachemark_stats::Direction;

/// Stale reads among those that could be judged.
pub const STALE_READS: &Figure = &Figure {
    name: "stale_reads",
    title: "stale reads",
    meaning: "The share of the judged reads that were answered with a version below the highest that had been acknowledged \
              before they were sent",
    unit: Measure::SmallShare,
    better: Direction::LowerIsBetter,
    needs: Needs::JudgedReads,
    read: |trial| trial.freshness.as_ref()?.stale_share(),
    over_time: None,
    share_of: None,
    // Kept for as long as verdicts are: none is read without it.
    shown: Shown::InTables { of: Loops::Both(OpenTable::Other), rank: 15 },
};
