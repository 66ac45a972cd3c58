//! How many operations got no answer.

use super::{Figure, Measure, Needs, Shown};
use cachemark_stats::Direction;

/// Operations without an answer.
pub const ERRORS: &Figure = &Figure {
    name: "errors",
    title: "errors",
    meaning: "Operations that failed, whose end is unknown, or that were not sent on their schedule",
    unit: Measure::Count,
    better: Direction::LowerIsBetter,
    needs: Needs::Operations,
    read: |trial| (trial.asked() > 0).then(|| trial.unanswered() as f64),
    over_time: Some(|interval, _| Some(interval.failures as f64)),
    share_of: None,
    shown: Shown::OnRequest,
};
