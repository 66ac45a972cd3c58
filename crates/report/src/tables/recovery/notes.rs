//! What has to be known besides of how trials went through their faults, each where there is something to say.

use super::spread;
use crate::analysis::{Analysis, CellFigures};
use crate::tables::counted;
use crate::units;
use cachemark_results::{Recovery, Trial};
use cachemark_stats::Summary;

/// Beyond the plain bounds of what is as before.
const PLAIN_TAIL: f64 = 1.2;

/// Footnotes of the table of outcomes.
pub(super) fn notes(analysis: &Analysis<'_>) -> Vec<String> {
    let told = [over_late(analysis), harmed_again(analysis), too_short(analysis), wide(analysis)];
    told.into_iter().flatten().collect()
}

/// When the last fault was over in truth, where that was more than a window later than declared.
fn over_late(analysis: &Analysis<'_>) -> Option<String> {
    let late = |trial: &Trial| {
        let declared = trial.faults.iter().map(|fault| fault.until_ns).max()?;
        let over = trial.recovery.as_ref()?.over_ns;
        (over as f64 > declared as f64 + analysis.recovery_ties[0]).then_some(over as f64)
    };
    let told = each(analysis, |figures| {
        let times: Vec<f64> = figures.trials.iter().filter_map(|trial| late(trial)).collect();
        let summary = Summary::of(&times).ok()?;
        Some(format!("at {}, in {}", spread(Some(summary), units::time), counted(times.len(), "trial")))
    });
    said("Over later than declared, for it takes a while to start a server; times to recover are from then on", &told)
}

/// What was harmed once more after it had recovered.
fn harmed_again(analysis: &Analysis<'_>) -> Option<String> {
    let again = |trial: &Trial| Some(trial.recovery.as_ref()?.harmed_again? as f64);
    let told = each(analysis, |figures| {
        let summary = figures.summary_of(again).filter(|summary| summary.max > 0.0)?;
        Some(spread(Some(summary), units::count))
    });
    said("Windows harmed again once recovered, median over blocks", &told)
}

/// Those that did not recover, and were not looked at for long enough to say whether they would.
fn too_short(analysis: &Analysis<'_>) -> Option<String> {
    let is_short = |told: &Recovery| told.recovered_after_ns.is_none() && told.looked_long == Some(false);
    let trials =
        || analysis.cells.iter().flat_map(|figures| &figures.trials).filter_map(|trial| trial.recovery.as_ref());
    let timeout_ns = trials().find(|told| is_short(told))?.timeout_ns;
    Some(format!(
        "What did not recover was not looked at for 600 timeouts ({}), so whether it is metastable is not measured.",
        units::time(timeout_ns as f64 * 600.0)
    ))
}

/// Arms that were so restless before that more than the plain bounds counts as before.
fn wide(analysis: &Analysis<'_>) -> Option<String> {
    let times = |trial: &Trial| {
        let told = trial.recovery.as_ref()?;
        Some(told.as_before?.tail_ns? as f64 / told.usual_tail_ns? as f64)
    };
    let told = each(analysis, |figures| {
        let summary = figures.summary_of(times).filter(|summary| summary.median > PLAIN_TAIL + 0.005)?;
        let name = figures.trials.iter().find_map(|trial| trial.recovery.as_ref()?.tail.clone())?;
        Some(format!("{name} up to {} times", spread(Some(summary), units::short)))
    });
    said("As before is wider where the windows before the fault were restless", &told)
}

/// A cell by its arm; where arms ran at several places with its place, without which nobody knows which of its cells is meant.
pub(super) fn name(analysis: &Analysis<'_>, figures: &CellFigures<'_>) -> String {
    let of_stack = (analysis.stacks.len() > 1).then(|| {
        let cell = analysis.cells.iter().position(|other| other.cell.id == figures.cell.id);
        let stack = analysis.stacks.iter().find(|stack| cell.is_some_and(|cell| stack.cells.contains(&cell)));
        stack.map(|stack| stack.label.clone()).unwrap_or_default()
    });
    let at_point = (analysis.points.len() > 1).then(|| figures.point().label());
    let place: Vec<String> = of_stack.into_iter().chain(at_point).collect();
    let label = analysis.label(figures);
    if place.is_empty() { label.to_owned() } else { format!("{label} ({})", place.join(", ")) }
}

/// What is to be said of each cell, by its name.
fn each(analysis: &Analysis<'_>, told: impl Fn(&CellFigures<'_>) -> Option<String>) -> Vec<String> {
    let one = |figures: &CellFigures<'_>| Some(format!("{} {}", name(analysis, figures), told(figures)?));
    analysis.cells.iter().filter_map(one).collect()
}

fn said(what: &str, told: &[String]) -> Option<String> {
    (!told.is_empty()).then(|| format!("{what}: {}.", told.join("; ")))
}
