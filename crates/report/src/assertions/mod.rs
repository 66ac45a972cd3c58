//! Whether a run kept to its assertions, from its record alone.
//!
//! An assertion holds for a cell if it holds for the median over the cell's trials, and it holds if it does so for every
//! cell that it selects. What cannot be told never holds: an assertion that selects no cell, a cell without a trial, a
//! figure that one of the trials doesn't have (too few samples behind a percentile, no read that asked a cache), a cell most of
//! whose trials are invalid, a recovery that was not seen and would have to come in time.

mod figure;
mod junit;

pub(crate) use figure::{format as figure_in_words, why_absent as why_not_measured};
pub use junit::junit_xml;

use crate::analysis::{Analysis, CellFigures, analyse};
use crate::units;
use cachemark_results::figure::recovery::is_bound;
use cachemark_results::{Assertion, Figure, Run, Trial};
use cachemark_stats::Summary;

/// How an assertion came out, for one cell or for all that it selects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssertionOutcome {
    /// It holds.
    Pass,
    /// It does not.
    Fail,
    /// It cannot be told: there is no figure. That is not a pass.
    NotMeasured,
}

impl AssertionOutcome {
    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::NotMeasured => "not measured",
        }
    }
}

/// An assertion and what the record says of it.
#[derive(Debug, Clone)]
pub struct CheckedAssertion {
    /// Its text, as the record has it.
    pub text: String,
    /// How it came out as a whole.
    pub outcome: AssertionOutcome,
    /// Why it selects no cell, if it doesn't.
    pub why: Option<String>,
    /// Each cell that it selects, in the manifest's order.
    pub cells: Vec<CheckedCell>,
}

/// One cell that an assertion selects.
#[derive(Debug, Clone)]
pub struct CheckedCell {
    /// The cell's id.
    pub cell: String,
    /// How it came out.
    pub outcome: AssertionOutcome,
    /// The figure over the trials, as records have it: times in ns, shares from 0 to 1. None if it was not measured.
    pub figure: Option<Summary>,
    /// The same as text: the median, with the least and the greatest behind it; or why there is none.
    pub said: String,
}

/// Whether an assertion holds in one trial, whichever cells it selects; none where the trial has no such figure.
#[must_use]
pub fn holds_in(assertion: &Assertion, trial: &Trial) -> Option<bool> {
    let figure = assertion.figure.of(trial)?;
    let holds = assertion.relation.holds(figure, assertion.bound.value());
    (!holds || !assertion.relation.is_upper() || !is_bound(assertion.figure, trial)).then_some(holds)
}

/// Why a trial of an open loop may not have the figure, and what would give it.
#[must_use]
pub fn why_absent(figure: &Figure) -> String {
    match figure.needs.samples() {
        0 => figure::why_absent(figure),
        samples => format!("it takes {} answered operations; make --duration longer", units::count(samples as f64)),
    }
}

/// Judges the assertions of a record. Empty if it has none.
#[must_use]
pub fn check_assertions(run: &Run) -> Vec<CheckedAssertion> {
    check(run, &analyse(run))
}

pub(crate) fn check(run: &Run, analysis: &Analysis<'_>) -> Vec<CheckedAssertion> {
    run.manifest.assertions.iter().map(|text| check_one(text, analysis)).collect()
}

fn check_one(text: &str, analysis: &Analysis<'_>) -> CheckedAssertion {
    let not_measured = |why: String| CheckedAssertion {
        text: text.to_owned(),
        outcome: AssertionOutcome::NotMeasured,
        why: Some(why),
        cells: Vec::new(),
    };
    let assertion = match Assertion::recorded(text) {
        Ok(assertion) => assertion,
        // Checked before the run; a record of another version, or one that was changed by hand, may hold what isn't known.
        Err(error) => return not_measured(error.to_string()),
    };
    let selected = analysis.cells.iter().filter(|figures| assertion.selector.selects(figures.cell));
    let cells: Vec<CheckedCell> = selected.map(|figures| check_cell(&assertion, figures)).collect();
    if cells.is_empty() {
        return not_measured("no cell of this run fits it".to_owned());
    }
    let any = |outcome: AssertionOutcome| cells.iter().any(|cell| cell.outcome == outcome);
    let outcome = [AssertionOutcome::Fail, AssertionOutcome::NotMeasured].into_iter().find(|outcome| any(*outcome));
    CheckedAssertion { text: text.to_owned(), outcome: outcome.unwrap_or(AssertionOutcome::Pass), why: None, cells }
}

fn check_cell(assertion: &Assertion, figures: &CellFigures<'_>) -> CheckedCell {
    let (outcome, figure, said) = match measured(assertion, figures) {
        Ok(summary) => {
            let holds = assertion.relation.holds(summary.median, assertion.bound.value());
            let unseen = figures.trials.iter().filter(|trial| is_bound(assertion.figure, trial)).count();
            // The median itself is longer than was looked at, and no bound above that is known to be kept.
            if holds && assertion.relation.is_upper() && 2 * unseen >= figures.trials.len() {
                let said =
                    format!("not seen in {unseen} of {} trials, and longer than was looked at", figures.trials.len());
                return CheckedCell {
                    cell: figures.cell.id.clone(),
                    outcome: AssertionOutcome::NotMeasured,
                    figure: None,
                    said,
                };
            }
            let format = |value| figure::format(assertion.figure, value);
            let range = format!(" ({} to {})", format(summary.min), format(summary.max));
            let spread = || format(summary.median) + if summary.count > 1 { &range } else { "" };
            let mut said = figures.times(assertion.figure).map_or_else(spread, |times| times.in_words());
            if !figures.invalid.is_empty() {
                said += &format!("; {}", invalid(figures));
            }
            (if holds { AssertionOutcome::Pass } else { AssertionOutcome::Fail }, Some(summary), said)
        }
        Err(why) => (AssertionOutcome::NotMeasured, None, why),
    };
    CheckedCell { cell: figures.cell.id.clone(), outcome, figure, said }
}

/// How many trials of a cell have no say, and why the first of them has none.
pub(crate) fn invalid(figures: &CellFigures<'_>) -> String {
    let why = figures.invalid.iter().find_map(|trial| trial.invalid_because()).map_or("", |warning| &warning.text);
    format!("{} of {} trials are invalid: {why}", figures.invalid.len(), figures.finished().count())
}

/// The figure over every valid trial of the cell, or why there is none: fewer than half of them are no measurement.
fn measured(assertion: &Assertion, figures: &CellFigures<'_>) -> Result<Summary, String> {
    if let Some(why) = &figures.cell.unsupported {
        return Err(format!("unsupported: {why}"));
    }
    let trials = figures.trials.len();
    if figures.invalid.len() > trials {
        return Err(invalid(figures));
    }
    if trials == 0 {
        return Err("no trial of it was finished".to_owned());
    }
    let values: Vec<f64> = figures.trials.iter().filter_map(|trial| assertion.figure.of(trial)).collect();
    if values.len() < trials {
        let without = units::count((trials - values.len()) as f64);
        return Err(format!(
            "{without} of {trials} trials without the figure: {}",
            figure::why_absent(assertion.figure)
        ));
    }
    Summary::of(&values).map_err(|error| error.to_string())
}
