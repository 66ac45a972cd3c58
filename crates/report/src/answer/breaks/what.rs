//! The first sentence: who is unharmed or recovers soonest, and what became of the others.

use super::super::Kind;
use super::super::choice::{Choice, Chosen};
use super::super::lists::{all_of, one_of};
use super::super::point::OfFigure;
use super::super::what::{Told, all_names, kind};
use super::outcome::{Outcome, outcome};
use super::when;
use crate::analysis::{Analysis, TO_RECOVER};
use cachemark_stats::Verdict;

/// How many arms have room in the sentence.
const ARMS: usize = 5;

pub(super) fn what(told: &Told<'_, '_>) -> String {
    match (told.choice, kind(told)) {
        (Choice::Depends, _) => depends(told),
        (Choice::Of(chosen), Kind::Use) => use_this(told, chosen),
        (Choice::Of(_), Kind::Reference) => reference(told),
        (Choice::Of(chosen), _) => tie(told, chosen),
    }
}

/// Each arm with what became of it: `a recovered in ..; b metastable in ..`. Of no figures it is of every place.
pub(super) fn listed(analysis: &Analysis<'_>, figures: &[OfFigure<'_>], names: &[&str], room: usize) -> String {
    let one = |name: &&str| Some(format!("{name} {}", outcome(analysis, figures, name)?.in_words()));
    let told: Vec<String> = names.iter().take(room).filter_map(one).collect();
    let more = names.len().saturating_sub(room);
    let more = (more > 0).then(|| format!("{more} more in the table"));
    told.into_iter().chain(more).collect::<Vec<_>>().join("; ")
}

/// The arms that are not among `arms`, with what became of them, after a semicolon.
fn others(told: &Told<'_, '_>, arms: &[&str]) -> String {
    let all = all_names(&told.first().points);
    let others: Vec<&str> = all.into_iter().filter(|name| !arms.contains(name)).collect();
    let told = listed(told.analysis, told.figures, &others, ARMS.saturating_sub(arms.len()).max(1));
    if told.is_empty() { String::new() } else { format!("; {told}") }
}

/// What became of one arm.
fn alone(told: &Told<'_, '_>, name: &str) -> String {
    outcome(told.analysis, told.figures, name).map_or_else(String::new, |outcome| outcome.in_words())
}

fn is_unharmed(told: &Told<'_, '_>, name: &str) -> bool {
    outcome(told.analysis, told.figures, name).is_some_and(|outcome| outcome.is_unharmed())
}

fn use_this(told: &Told<'_, '_>, chosen: &Chosen<'_>) -> String {
    let (when, reference) = (when(told.analysis), told.reference());
    let names = one_of(&told.with_staleness(&chosen.arms));
    let than = match chosen.better_by == Some(TO_RECOVER) {
        true if chosen.arms.iter().all(|name| is_unharmed(told, name)) => format!("unlike {reference}"),
        true => format!("sooner than {reference}"),
        false => format!("no later than {reference}, of whose goodput less was kept meanwhile"),
    };
    let others = others(told, &chosen.arms);
    match chosen.arms.as_slice() {
        [one] => format!("{names} {when}: {}, {than}{others}.", alone(told, one)),
        several => {
            let own = listed(told.analysis, told.figures, several, ARMS);
            format!("{names} {when}: as before {than}, and no difference between them shown: {own}{others}.")
        }
    }
}

fn reference(told: &Told<'_, '_>) -> String {
    let name = told.reference();
    let points = || told.figures.iter().flat_map(|of_figure| &of_figure.points).flat_map(|point| &point.standings);
    let worse = points().any(|standing| !standing.is_reference() && standing.is(Verdict::Worse));
    let than = match (is_unharmed(told, name), worse) {
        (true, true) => "unlike others",
        (false, true) => "and no arm is shown to be better, others to be worse",
        _ => "and no arm is shown to be better",
    };
    let names = told.with_staleness(&[name]).concat();
    format!("{names} {}: {}, {than}{}.", when(told.analysis), alone(told, name), others(told, &[name]))
}

fn tie(told: &Told<'_, '_>, chosen: &Chosen<'_>) -> String {
    let (analysis, figures) = (told.analysis, told.figures);
    let all = all_names(&told.first().points);
    let outcomes: Vec<_> = all.iter().filter_map(|name| outcome(analysis, figures, name)).collect();
    let list = listed(analysis, figures, &all, ARMS);
    let when = when(analysis);
    if outcomes.iter().all(Outcome::is_stuck) {
        return format!("None of them {when}: no arm was as before in any block while it was looked at: {list}.");
    }
    let by_time = || told.first().points.iter().flat_map(|point| &point.standings).filter(|it| !it.is_reference());
    let alike = by_time().next().is_some() && by_time().all(|standing| standing.is(Verdict::Equivalent));
    if alike && chosen.arms.len() == all.len() {
        return format!("Any will do {when}: they are as before alike soon, within a window: {list}.");
    }
    let names = all_of(&chosen.arms);
    let between = match chosen.arms.as_slice() {
        [one] if !told.is_reference(one) => format!("{one} is not shown to be better than {}", told.reference()),
        arms if arms.contains(&told.reference()) => format!("no difference between {names} is shown"),
        _ => format!("{names} are not shown to be better than {}", told.reference()),
    };
    format!("No winner {when}: {between}: {list}.")
}

fn depends(told: &Told<'_, '_>) -> String {
    let points = &told.first().points;
    let all = all_names(points);
    let mut leads: Vec<(&str, usize)> = Vec::new();
    for name in points.iter().flat_map(|point| point.lead(&all).leading) {
        match leads.iter_mut().find(|(known, _)| *known == name) {
            Some((_, times)) => *times += 1,
            None => leads.push((name, 1)),
        }
    }
    leads.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    let leads: Vec<String> = leads.iter().take(ARMS).map(|(name, times)| format!("{name} leads at {times}")).collect();
    let list = listed(told.analysis, told.figures, &all, ARMS);
    let places = crate::tables::counted(points.len(), "point");
    format!("It depends {}: of {places}, {}; {list}.", when(told.analysis), leads.join(", "))
}
