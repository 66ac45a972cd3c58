//! In how many blocks one was better than the other.

use super::{KEPT, TO_RECOVER};
use crate::analysis::{Analysis, Family, FamilyRow};
use cachemark_results::Figure;
use cachemark_stats::{Direction, block_differences};

/// What the sign test counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Signs {
    pub(crate) better: usize,
    pub(crate) worse: usize,
    pub(crate) ties: usize,
}

impl Analysis<'_> {
    /// Differences up to this are ties; 0 of figures that are not compared by signs.
    pub(crate) fn ties_of(&self, figure: &Figure) -> f64 {
        let [window, kept] = self.recovery_ties;
        match figure {
            figure if figure == TO_RECOVER => window,
            figure if figure == KEPT => kept,
            _ => 0.0,
        }
    }

    /// The blocks of a comparison; none of the reference itself, and where nothing pairs.
    pub(crate) fn signs(&self, family: &Family, row: &FamilyRow) -> Option<Signs> {
        let figure = family.figure?;
        let of = |cell: usize| self.cells[cell].by_block(figure, self.blocks);
        let (there, here) = (of(row.against), of(row.cell));
        let differences: Vec<f64> =
            block_differences(&there, &here, self.ties_of(figure)).ok()?.into_iter().flatten().collect();
        let more = differences.iter().filter(|difference| **difference > 0.0).count();
        let less = differences.iter().filter(|difference| **difference < 0.0).count();
        let (better, worse) = if figure.better == Direction::LowerIsBetter { (less, more) } else { (more, less) };
        (!differences.is_empty()).then(|| Signs { better, worse, ties: differences.len() - more - less })
    }
}
