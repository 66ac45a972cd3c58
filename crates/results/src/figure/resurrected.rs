//! How often a deleted value came back.

use super::{Figure, Measure, Needs, Shown};
use cachemark_stats::Direction;

/// Resurrected deletes.
pub const RESURRECTED: &Figure = &Figure {
    name: "resurrected",
    title: "resurrected deletes",
    meaning: "Reads that found a value below the version of an acknowledged delete",
    unit: Measure::Count,
    better: Direction::LowerIsBetter,
    needs: Needs::JudgedReads,
    read: |trial| trial.freshness.as_ref().filter(|told| told.judged > 0).map(|told| told.resurrected as f64),
    over_time: None,
    share_of: None,
    shown: Shown::OnRequest,
};
