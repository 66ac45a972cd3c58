//! Which share of the operations got no answer.

use super::errors::ERRORS;
use super::{Figure, Measure, Needs, Shown};
use cachemark_stats::Direction;

/// Operations without an answer among those asked.
pub const ERROR_RATIO: &Figure = &Figure {
    name: "error_ratio",
    title: "error ratio",
    meaning: "The share of the operations asked that failed, whose end is unknown, or that were not sent on their schedule",
    unit: Measure::SmallShare,
    better: Direction::LowerIsBetter,
    needs: Needs::Operations,
    read: |trial| (trial.asked() > 0).then(|| trial.unanswered() as f64 / trial.asked() as f64),
    over_time: None,
    share_of: Some(ERRORS),
    shown: Shown::OnRequest,
};
