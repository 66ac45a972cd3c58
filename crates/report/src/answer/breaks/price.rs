//! The second sentence: what it costs: work before the fault, work kept, errors, the store's peak, stale reads.

use super::super::choice::Choice;
use super::super::durability::loss;
use super::super::effect::times;
use super::super::point::OfFigure;
use super::super::what::{Told, all_names};
use super::outcome::{Outcome, cells_of, outcome};
use crate::analysis::Analysis;
use crate::units;
use cachemark_stats::Summary;

/// How many arms have room.
const ARMS: usize = 2;
/// The share of another's goodput that is about as much.
const AS_MUCH: f64 = 0.9;

pub(super) fn price(told: &Told<'_, '_>) -> Option<String> {
    let all = all_names(&told.first().points);
    let Choice::Of(chosen) = told.choice else { return None };
    let arms: &[&str] = &chosen.arms;
    let own = of(told.analysis, told.figures, arms)?;
    let loss = loss(told.run, told.analysis, arms).map(|loss| units::capital(&loss) + ". ").unwrap_or_default();
    let beside: String = beside(told, arms, &all).into_iter().map(|more| format!(" {more}.")).collect();
    Some(format!("{loss}{own}{beside}"))
}

/// Of some arms, each by itself; none of arms of which nothing is known.
pub(super) fn of(analysis: &Analysis<'_>, figures: &[OfFigure<'_>], arms: &[&str]) -> Option<String> {
    let one = |name: &&str| {
        let mut cost = costs(&outcome(analysis, figures, name)?);
        let cells = cells_of(analysis, figures, name);
        if !cells.is_empty() && cells.iter().all(|cell| cell.has_nothing_to_break()) {
            cost = format!("nothing was done to it, for it has no such server; {cost}");
        }
        Some(if arms.len() == 1 { cost } else { format!("{name}: {cost}") })
    };
    let mut told: Vec<String> = arms.iter().take(ARMS).filter_map(one).collect();
    if arms.len() > ARMS {
        told.push("The table has the others".to_owned());
    }
    (!told.is_empty()).then(|| match arms.len() {
        1 => units::capital(&told.join(". ")) + ".",
        // A name stands first, as it is.
        _ => told.join(". ") + ".",
    })
}

fn costs(Outcome { found, .. }: &Outcome) -> String {
    let mut parts = Vec::new();
    let share = |summary: Option<Summary>| summary.map(|it| range(it, units::whole_percent));
    if let Some(before) = found.before {
        parts.push(format!("{} before it", units::rate(before.median)));
    }
    match (share(found.during), share(found.worst)) {
        (Some(during), _) => parts.push(format!("{during} of that while it lasts")),
        (None, Some(worst)) => parts.push(format!("{worst} of that in the worst window")),
        (None, None) => {}
    }
    if let (Some(before), Some(during)) = (found.p99_before, found.p99_during) {
        let [before, during] = [before, during].map(|it| units::time(it.median));
        parts.push(format!("p99 {during} while it lasts, {before} before it"));
    }
    parts.extend(share(found.after).map(|after| format!("{after} after it")));
    parts.extend(match (found.store_peak, found.store_peak_ops_per_s) {
        (Some(peak), _) => Some(format!("the store's peak {} times its usual rate", range(peak, times))),
        (None, Some(peak)) if peak.max > 0.0 => {
            Some(format!("the store, idle before, at up to {}", range(peak, units::rate)))
        }
        _ => None,
    });
    let errors = found.errors_in_words();
    parts.push(if errors.is_empty() { "no errors".to_owned() } else { format!("errors: {errors}") });
    let some = |count: Option<u64>, words: &str| {
        count.filter(|count| *count > 0).map(|count| format!("{} {words}", units::count(count as f64)))
    };
    parts.extend(some(Some(found.shed_besides()), "shed"));
    parts.extend(some(found.stale_after, "stale reads after it"));
    parts.extend(some(found.lost_writes, "acknowledged writes lost"));
    parts.join("; ")
}

/// `62 % (41 % to 70 %)`.
fn range(summary: Summary, told: fn(f64) -> String) -> String {
    let [least, median, most] = [summary.min, summary.median, summary.max].map(told);
    if least == most { median } else { format!("{median} ({least} to {most})") }
}

/// What others answer: sooner while it lasts, more before the fault, or even in their worst window.
fn beside(told: &Told<'_, '_>, arms: &[&str], all: &[&str]) -> Vec<String> {
    let of = |name: &str, figure: fn(&Outcome) -> Option<Summary>| {
        Some(figure(&outcome(told.analysis, told.figures, name)?)?.median)
    };
    let sooner = sooner(all, arms, |name| {
        let during = of(name, |it| it.found.during)?;
        Some((during, of(name, |it| it.found.p99_during)?))
    });
    let more = more(told, arms, all, of);
    sooner.into_iter().chain(more).collect()
}

/// Whoever answers in less than half the time while it lasts, at the 99th percentile, and about as much: the soonest of them. `lasting` gives
/// the share of the goodput that an arm keeps, and its tail.
fn sooner(all: &[&str], arms: &[&str], lasting: impl Fn(&str) -> Option<(f64, f64)>) -> Option<String> {
    let own: Vec<(f64, f64)> = arms.iter().filter_map(|name| lasting(name)).collect();
    let kept = own.iter().map(|it| it.0).reduce(f64::max)?;
    let own = own.iter().map(|it| it.1).reduce(f64::min)?;
    let others = all.iter().filter(|name| !arms.contains(name)).filter_map(|name| Some((*name, lasting(name)?)));
    // What fails most of what it is asked is quick with the rest.
    let others = others.filter(|(_, (share, _))| *share >= AS_MUCH * kept).map(|(name, (_, tail))| (name, tail));
    let (name, least) = others.min_by(|a, b| a.1.total_cmp(&b.1)).filter(|(_, least)| 2.0 * least < own)?;
    let [least, own] = [least, own].map(units::time);
    Some(format!("While it lasts {name} has a p99 of {least}, against {own} (not tested)"))
}

/// Whoever answers more, in its worst window or before the fault.
fn more<'s>(
    told: &Told<'_, '_>,
    arms: &[&str],
    all: &'s [&'s str],
    of: impl Fn(&str, fn(&Outcome) -> Option<Summary>) -> Option<f64>,
) -> Option<String> {
    let before = |name: &str| of(name, |it| it.found.before);
    let worst = |name: &str| of(name, |it| it.found.worst_ops_per_s);
    let own = arms.iter().filter_map(|name| before(name)).reduce(f64::max).filter(|own| *own > 0.0)?;
    let others = || all.iter().filter(|name| !arms.contains(name));
    let most = |figure: &dyn Fn(&str) -> Option<f64>| {
        let found = others().filter_map(|name| Some((*name, figure(name)?)));
        found.filter(|(_, rate)| *rate > own).max_by(|a, b| a.1.total_cmp(&b.1))
    };
    if let Some((name, rate)) = most(&worst) {
        return Some(format!("{name} answers more even in its worst window: {}", units::rate(rate)));
    }
    let margin = told.run.manifest.equivalence_margin;
    let more = most(&before).filter(|(_, rate)| rate / own > 1.0 + margin);
    more.map(|(name, rate)| format!("Before it {name} answers {} times as much (not tested)", times(rate / own)))
}
