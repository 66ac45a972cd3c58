//! Where candidates stand side by side: at one place on every axis.

use crate::analysis::CellFigures;
use cachemark_results::axis::{AXES, Axis, RATE};
use std::cmp::Ordering;

/// A place on the axes that all arms share; cells that differ in arm, cache and store alone have the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Place(Vec<(&'static Axis, f64)>);

impl Place {
    /// Where a cell stands.
    pub(super) fn of(figures: &CellFigures<'_>) -> Self {
        let value = |axis: &'static Axis| {
            // Cells of a record of before don't name the offered load.
            let of_trials = || figures.point().offered_per_s.filter(|_| *axis == RATE);
            Some((axis, (axis.of)(figures.cell).or_else(of_trials)?))
        };
        Self(AXES.into_iter().filter_map(value).collect())
    }

    /// Each axis with the place on it.
    pub fn on_axes(&self) -> impl Iterator<Item = (&'static Axis, f64)> {
        self.0.iter().copied()
    }

    /// In words: `read ratio 0.9, 500/s offered`.
    #[must_use]
    pub fn label(&self) -> String {
        let words: Vec<String> = self.0.iter().filter_map(|(axis, value)| (axis.in_words)(*value)).collect();
        words.join(", ")
    }

    /// Ascending on the first axis, then on the next.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        let pairs = self.0.iter().zip(&other.0);
        pairs.fold(Ordering::Equal, |order, ((_, a), (_, b))| order.then(a.total_cmp(b)))
    }
}
