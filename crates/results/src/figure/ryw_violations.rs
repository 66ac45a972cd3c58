//! How often a session did not read its own write.

use super::{Figure, Measure, Needs, Shown};
use cachemark_stats::Direction;

/// Own writes missed.
pub const RYW_VIOLATIONS: &Figure = &Figure {
    name: "ryw_violations",
    title: "own writes missed",
    meaning: "Reads answered with a version below their own session's last acknowledged write of the key, over its last 1,024 keys",
    unit: Measure::Count,
    better: Direction::LowerIsBetter,
    needs: Needs::JudgedReads,
    read: |trial| trial.freshness.as_ref().filter(|told| told.judged > 0).map(|told| told.own_writes.violations as f64),
    over_time: None,
    share_of: None,
    shown: Shown::OnRequest,
};
