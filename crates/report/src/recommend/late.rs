//! What an arm asked of the store after the window, which its store load lacks.

use super::objective::wants_less;
use crate::analysis::CellFigures;
use cachemark_results::assertion::Assertion;
use cachemark_results::figure::{STORE_LOAD, STORE_RATE, store_rate};
use cachemark_results::warning::LATE_FLUSHES;

/// Why what a cell asked of the store may be more than its figures say, if so: it wrote much of it after the window.
pub(super) fn late_flushes(figures: &CellFigures<'_>) -> Option<String> {
    let warnings = figures.trials.iter().flat_map(|trial| &trial.warnings);
    let late = warnings.into_iter().find(|warning| warning.is(LATE_FLUSHES))?;
    Some(format!("{}: {}", late.code, late.text))
}

/// Whether so little of the store's load is asked for that what came after the window has a say.
pub(super) fn bounds_the_store(objective: &Assertion) -> bool {
    wants_less(objective) && [STORE_LOAD, STORE_RATE, store_rate::MAX].contains(&objective.figure)
}
