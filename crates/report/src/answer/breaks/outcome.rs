//! What became of an arm at all places of the answer.

use super::super::point::OfFigure;
use crate::analysis::{Analysis, CellFigures, Recovered};
use cachemark_results::RecoveryVerdict;

/// What became of an arm.
pub(super) struct Outcome {
    pub(super) found: Recovered,
    /// What its trials are counted as: blocks of one place, trials of several.
    noun: &'static str,
}

/// Of an arm by its name; none where no valid trial of it went through a fault. Without figures it is of every place.
pub(super) fn outcome(analysis: &Analysis<'_>, figures: &[OfFigure<'_>], name: &str) -> Option<Outcome> {
    let cells = cells_of(analysis, figures, name);
    let found = Recovered::of(cells.iter().flat_map(|cell| cell.trials.iter().copied()))?;
    Some(Outcome { found, noun: if cells.len() == 1 { "block" } else { "trial" } })
}

/// The cells of an arm that the figures are of.
pub(super) fn cells_of<'s, 'a>(
    analysis: &'s Analysis<'a>,
    figures: &[OfFigure<'_>],
    name: &str,
) -> Vec<&'s CellFigures<'a>> {
    let points = figures.iter().flat_map(|of_figure| &of_figure.points);
    let mut cells: Vec<usize> = points.filter_map(|point| Some(point.standing(name)?.row.cell)).collect();
    if figures.is_empty() {
        let is_its = |(_, cell): &(usize, &CellFigures<'_>)| analysis.label(cell) == name;
        cells = analysis.cells.iter().enumerate().filter(is_its).map(|(place, _)| place).collect();
    }
    cells.sort_unstable();
    cells.dedup();
    cells.into_iter().map(|cell| &analysis.cells[cell]).collect()
}

impl Outcome {
    /// `recovered in 6 of 7 blocks, metastable in 1, after 1.20 s (0.80 s to > 12.0 s)`; `metastable in all 7 blocks (> 12.0 s)`. What was
    /// as before at once has no time.
    pub(super) fn in_words(&self) -> String {
        let verdict = self.found.verdict(self.noun);
        let times = &self.found.to_recover;
        let at_once =
            |verdict: &RecoveryVerdict| matches!(verdict, RecoveryVerdict::Unharmed | RecoveryVerdict::Degraded);
        if self.found.verdicts.keys().all(at_once) {
            verdict
        } else if times.least.seen {
            format!("{verdict}, after {}", times.in_words())
        } else {
            format!("{verdict} ({})", times.least.in_words())
        }
    }

    /// Whether it was as before in none of its trials.
    pub(super) fn is_stuck(&self) -> bool {
        self.found.never == self.found.trials
    }

    /// Whether none of its trials was harmed.
    pub(super) fn is_unharmed(&self) -> bool {
        self.found.verdicts.keys().all(|verdict| *verdict == RecoveryVerdict::Unharmed)
    }
}
