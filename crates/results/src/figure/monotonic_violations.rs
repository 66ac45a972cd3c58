//! How often a session went back behind what it had read.

use super::{Figure, Measure, Needs, Shown};
use cachemark_stats::Direction;

/// Own reads undone.
pub const MONOTONIC_VIOLATIONS: &Figure = &Figure {
    name: "monotonic_violations",
    title: "own reads undone",
    meaning: "Reads answered with a version below one that their own session had read of the key, over its last 1,024 keys",
    unit: Measure::Count,
    better: Direction::LowerIsBetter,
    needs: Needs::JudgedReads,
    read: |trial| trial.freshness.as_ref().filter(|told| told.judged > 0).map(|told| told.own_reads.violations as f64),
    over_time: None,
    share_of: None,
    shown: Shown::OnRequest,
};
