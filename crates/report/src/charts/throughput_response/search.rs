//! What a search for the greatest load that meets an objective adds: the line not to be passed, and each arm's answer.

use super::super::Source;
use crate::analysis::Stack;
use cachemark_results::assertion::Assertion;
use cachemark_results::{Capacity, Figure};

/// The objective as the record has it; none where it was no search.
pub(super) fn words(source: Source<'_>) -> Option<&str> {
    source.run.manifest.capacities.first().map(|found| found.objective.as_str())
}

/// The figure that the objective is about, and its bound.
pub(super) fn objective(source: Source<'_>) -> Option<(&'static Figure, f64)> {
    let objective = Assertion::recorded(words(source)?).ok()?;
    Some((objective.figure, objective.bound.value()))
}

/// An answer: the line of the legend, and the offered load in arrivals per second.
pub(super) type Answer = (usize, f64);

/// The answers of a stack and a read ratio.
pub(super) fn answers(source: Source<'_>, stack: &Stack, read_ratio: f64) -> Vec<Answer> {
    let answer = |found: &Capacity| {
        let first = found.probes.first()?.trial;
        let trial = source.run.trials.iter().find(|trial| trial.number == first)?;
        let place = source.analysis.cells.iter().position(|figures| figures.cell.id == trial.cell)?;
        let figures = &source.analysis.cells[place];
        let is_here = stack.cells.contains(&place) && figures.cell.read_ratio == read_ratio;
        is_here.then_some((figures.variant, found.answer_per_s?))
    };
    source.run.manifest.capacities.iter().filter_map(answer).collect()
}
