//! How often a read found what nobody wrote.

use super::{Figure, Measure, Needs, Shown};
use cachemark_stats::Direction;

/// Phantom values.
pub const PHANTOMS: &Figure = &Figure {
    name: "phantoms",
    title: "phantom values",
    meaning: "Reads that found what nobody can have written: a version above those attempted, or a value of no write of the trial",
    unit: Measure::Count,
    better: Direction::LowerIsBetter,
    needs: Needs::JudgedReads,
    read: |trial| {
        trial.freshness.as_ref().filter(|told| told.judged + told.phantoms > 0).map(|told| told.phantoms as f64)
    },
    over_time: None,
    share_of: None,
    shown: Shown::OnRequest,
};
