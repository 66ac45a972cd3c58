//! How many acknowledged writes the store does not have.

use super::{Figure, Measure, Needs, Shown};
use cachemark_stats::Direction;

/// Lost acknowledged writes.
pub const LOST_WRITES: &Figure = &Figure {
    name: "lost_writes",
    title: "lost writes",
    meaning: "Keys whose row in the store, once the trial was over, lacked a write or delete that had been acknowledged",
    unit: Measure::Count,
    better: Direction::LowerIsBetter,
    needs: Needs::Audit { of_writes: true },
    read: |trial| trial.audit.as_ref()?.lost_writes().map(|lost| lost as f64),
    over_time: None,
    share_of: None,
    shown: Shown::OnRequest,
};
