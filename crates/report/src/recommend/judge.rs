//! One objective, held against one cell.

use super::late::{bounds_the_store, late_flushes};
use super::objective::of_estimate_in_words;
use super::{Estimate, Met, Next, blocks, next};
use crate::analysis::{CellFigures, NO_CACHE};
use crate::assertions::why_not_measured;
use crate::units;
use cachemark_results::Assertion;
use cachemark_results::assertion::Relation;
use cachemark_results::figure::Needs;

/// What became of an objective.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// How it came out.
    pub met: Met,
    /// Where its figure lies; none where it was not measured in every valid trial.
    pub estimate: Option<Estimate>,
    /// Why it is not met, or why that can't be told.
    pub why: Option<String>,
    /// What would tell.
    pub next: Option<Next>,
}

impl Judged {
    /// What can't be told of a cell whose figures are none to go by.
    pub(super) fn of_nothing(why: &str) -> Self {
        Self { met: Met::CannotTell, estimate: None, why: Some(why.to_owned()), next: None }
    }

    /// Raises the number of blocks that would tell: verdicts on comparisons may take more, and one number is to be run.
    pub(super) fn at_least(&mut self, blocks: usize) {
        if let Some(Next::Blocks(Some(needed))) = &mut self.next {
            *needed = blocks.max(*needed);
        }
    }

    fn cannot_tell(estimate: Option<Estimate>, why: String, next: Next) -> Self {
        Self { met: Met::CannotTell, estimate, why: Some(why), next: Some(next) }
    }
}

/// Whether the interval of the figure's median lies on the right side of the bound, on the wrong one, or across it.
pub(super) fn judge(objective: &Assertion, figures: &CellFigures<'_>, open_loop: bool) -> Judged {
    let figure = objective.figure;
    let Some(estimate) = Estimate::of_figure(figures, figure) else {
        return match never_reaches(objective, figures) {
            true => {
                let why = format!("it asks no cache, so it has no {}", figure.title);
                Judged { met: Met::Fails, estimate: None, why: Some(why), next: None }
            }
            false => Judged::cannot_tell(None, absent(objective, figures), next::setting(figure, open_loop)),
        };
    };
    let bound = objective.bound.value();
    let more = || Next::Blocks(blocks::needed(&estimate, bound));
    let Some(interval) = estimate.interval else {
        let why = format!("{}, and {}", median_in_words(objective, &estimate), too_few(estimate.blocks));
        return Judged::cannot_tell(Some(estimate), why, more());
    };
    let said = || interval_in_words(objective, &estimate);
    // What is longer than it was seen keeps no upper bound for sure, and breaks no lower one.
    let known = |end: f64| {
        let holds = objective.relation.holds(end, bound);
        (!estimate.is_bound(end) || holds != objective.relation.is_upper()).then_some(holds)
    };
    match [interval.low, interval.high].map(known) {
        [Some(true), Some(true)] => match late_flushes(figures).filter(|_| bounds_the_store(objective)) {
            Some(why) => Judged { met: Met::CannotTell, estimate: Some(estimate), why: Some(why), next: None },
            None => Judged { met: Met::Meets, estimate: Some(estimate), why: None, next: None },
        },
        [Some(false), Some(false)] => {
            Judged { met: Met::Fails, estimate: Some(estimate), why: Some(said()), next: None }
        }
        [None, _] | [_, None] => {
            let why = format!("{}: longer than was looked at", said());
            Judged::cannot_tell(Some(estimate), why, next::longer(figure))
        }
        _ => Judged::cannot_tell(Some(estimate), format!("{}, across the bound", said()), more()),
    }
}

/// The median with its interval: `6.20 ms (5.90 ms to 6.51 ms)`.
pub(crate) fn interval_in_words(objective: &Assertion, estimate: &Estimate) -> String {
    let said = |value| of_estimate_in_words(objective, estimate, value);
    match estimate.interval {
        Some(interval) => format!("{} ({} to {})", said(estimate.median), said(interval.low), said(interval.high)),
        None => said(estimate.median),
    }
}

/// Whether so much of the figure is asked for as a cell without a cache never has, for it has none of it.
fn never_reaches(objective: &Assertion, figures: &CellFigures<'_>) -> bool {
    let asks_for_more = matches!(objective.relation, Relation::Above | Relation::AtLeast);
    asks_for_more && figures.cell.cache == NO_CACHE && objective.figure.needs == Needs::Lookups
}

/// Why the figure is not there.
fn absent(objective: &Assertion, figures: &CellFigures<'_>) -> String {
    let all = figures.trials.len();
    let without = figures.trials.iter().filter(|trial| objective.figure.of(trial).is_none()).count();
    format!(
        "{} of {} without the figure: {}",
        units::count(without as f64),
        crate::tables::counted(all, "trial"),
        why_not_measured(objective.figure)
    )
}

/// The median by itself: `6.20 ms`, `> 8.00 s`.
pub(crate) fn median_in_words(objective: &Assertion, estimate: &Estimate) -> String {
    of_estimate_in_words(objective, estimate, estimate.median)
}

/// That so many blocks have no interval.
pub(crate) fn too_few(blocks: usize) -> String {
    let is = if blocks == 1 { "is" } else { "are" };
    format!("{} {is} too few for an interval", crate::tables::counted(blocks, "block"))
}
