//! Figures that theory speaks of, and where a record has what it says.

use super::{Figure, HIT_RATIO, OfTrial, STORE_LOAD};
use crate::Cell;

/// Where a record has what theory gives of a figure.
pub struct Prediction {
    /// The figure.
    pub figure: &'static Figure,
    /// For operations that overlap as those of a trial did; none where no formula covers it.
    pub of_trial: OfTrial,
    /// For operations that come one at a time: what was said of a cell before it was run.
    pub of_cell: fn(&Cell) -> Option<f64>,
}

/// All of them. Wherever one of these figures is shown, what is predicted stands beside it.
pub const PREDICTIONS: [Prediction; 2] = [
    Prediction {
        figure: HIT_RATIO,
        of_trial: |trial| trial.predicted_hit_ratio,
        of_cell: |cell| cell.predicted_hit_ratio,
    },
    Prediction {
        figure: STORE_LOAD,
        of_trial: |trial| trial.predicted_store_load,
        of_cell: |cell| cell.predicted_store_load,
    },
];

impl Prediction {
    /// Its name in CSV and JSON.
    #[must_use]
    pub fn column(&self) -> String {
        format!("predicted_{}", self.figure.column())
    }
}

impl Figure {
    /// What theory says of it, if it speaks of it.
    #[must_use]
    pub fn prediction(&self) -> Option<&'static Prediction> {
        PREDICTIONS.iter().find(|prediction| prediction.figure == self)
    }
}
