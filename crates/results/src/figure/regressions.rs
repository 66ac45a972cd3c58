//! How often reads went back behind what another had seen.

use super::{Figure, Measure, Needs, Shown};
use cachemark_stats::Direction;

/// Regressions.
pub const REGRESSIONS: &Figure = &Figure {
    name: "regressions",
    title: "regressions",
    meaning: "Reads answered with a version below one that another read had been answered with before they were sent",
    unit: Measure::Count,
    better: Direction::LowerIsBetter,
    needs: Needs::JudgedReads,
    read: |trial| trial.freshness.as_ref().filter(|told| told.judged > 0).map(|told| told.regressions as f64),
    over_time: None,
    share_of: None,
    shown: Shown::OnRequest,
};
