//! The third sentence: what the answer stands on, and what the test could see.

use super::super::Kind;
use super::super::choice::{Choice, Chosen};
use super::super::grade::Grade;
use super::super::lists::all_of;
use super::super::point::{OfFigure, Point, Standing};
use super::super::what::{Told, kind};
use super::outcome::outcome;
use crate::analysis::TO_RECOVER;
use crate::tables::{counted, power};
use crate::units;
use cachemark_stats::{ALPHA, Verdict};

pub(super) fn sure(told: &Told<'_, '_>) -> (Grade, String) {
    let (grade, why) = match told.choice {
        Choice::Depends => (Grade::Weak, format!("who leads differs from point to point, {}", test(told))),
        Choice::Of(chosen) => match kind(told) {
            Kind::Use => of_winner(told, chosen),
            Kind::Reference => of_reference(told, chosen),
            _ => of_tie(told, chosen),
        },
    };
    let why = format!("{why}; {}", sight(told));
    match grade {
        Grade::Strong | Grade::Weak if !told.is_trusted => {
            (Grade::Weak, format!("Weak: the run is not to be trusted, for the doubts below; {why}."))
        }
        _ => (grade, format!("{}: {why}.", units::capital(grade.name()))),
    }
}

fn blocks(told: &Told<'_, '_>) -> usize {
    told.first().points.iter().map(|point| point.family.blocks).min().unwrap_or(0) as usize
}

fn test(told: &Told<'_, '_>) -> String {
    format!("by the sign test over {} (Holm, {})", counted(blocks(told), "block"), units::percent(ALPHA))
}

/// What so many blocks can see, of the point with the fewest.
fn sight(told: &Told<'_, '_>) -> String {
    let families = told.first().points.iter().map(|point| point.family);
    families.min_by_key(|family| family.blocks).map(power).unwrap_or_default()
}

/// `better in 7 of 7 blocks`, of one point; of several at how many of them.
fn signs(told: &Told<'_, '_>, of_figure: &OfFigure<'_>, name: &str) -> String {
    if let [point] = of_figure.points.as_slice() {
        let found = point.standing(name).and_then(|it| told.analysis.signs(point.family, it.row));
        return found.map_or_else(String::new, |signs| {
            let ties = if signs.ties > 0 { format!(", {} alike", signs.ties) } else { String::new() };
            format!("in {} of {}{ties}", signs.better, counted(signs.better + signs.worse + signs.ties, "block"))
        });
    }
    let better = |point: &&Point<'_>| point.standing(name).is_some_and(|it| it.is(Verdict::Better));
    let times = of_figure.points.iter().filter(better).count();
    format!("at {times} of {}", counted(of_figure.points.len(), "point"))
}

fn of_winner(told: &Told<'_, '_>, chosen: &Chosen<'_>) -> (Grade, String) {
    let Some(of_figure) = chosen.better_by.and_then(|figure| told.of_figure(figure)) else {
        return (Grade::Undecided, "no comparison has a verdict".to_owned());
    };
    let word = if of_figure.figure == TO_RECOVER { "sooner" } else { "more kept" };
    let standings = || of_figure.points.iter().flat_map(|point| chosen.arms.iter().map(|name| point.standing(name)));
    let everywhere = standings().all(|standing| standing.is_some_and(|it| it.is(Verdict::Better)));
    // Strong is also that the worst of it is better than the best of the reference.
    let reference = told.reference();
    let time = |name: &str| Some(outcome(told.analysis, told.figures, name)?.found.to_recover);
    let apart = chosen.arms.iter().all(|name| {
        let both = time(name).zip(time(reference));
        of_figure.figure != TO_RECOVER
            || both.is_some_and(|(own, other)| own.greatest.seen && own.greatest.ns < other.least.ns)
    });
    let found: Vec<String> =
        chosen.arms.iter().map(|name| format!("{name} {word} {}", signs(told, of_figure, name))).collect();
    let grade = if everywhere && apart { Grade::Strong } else { Grade::Weak };
    (
        grade,
        format!(
            "{} than {reference}, {}{}",
            units::listed(&found),
            test(told),
            ranking(told, chosen) + &rivals(told, chosen)
        ),
    )
}

/// How the winner came before others that are better than the reference, too.
fn ranking(told: &Told<'_, '_>, chosen: &Chosen<'_>) -> String {
    let is_other = |name: &str| !chosen.arms.contains(&name) && !chosen.rivals.contains(&name);
    let mut standings = told.first().points.iter().flat_map(|point| &point.standings);
    match standings.any(|standing| standing.is(Verdict::Better) && is_other(standing.name)) {
        true if told.analysis.pairs => "; ahead of the others by tests of pairs".to_owned(),
        true => "; that it is ahead of the others is not tested (--pairs does): intervals lie apart".to_owned(),
        false => String::new(),
    }
}

fn of_reference(told: &Told<'_, '_>, chosen: &Chosen<'_>) -> (Grade, String) {
    let others = || told.figures.iter().flat_map(|of| of.points.iter().map(move |point| (of, point)));
    let standings = || others().flat_map(|(_, point)| point.standings.iter().filter(|it| !it.is_reference()));
    let first = || told.first().points.iter().flat_map(|point| &point.standings).filter(|it| !it.is_reference());
    let later = first().filter(|it| it.is(Verdict::Worse)).count();
    let all = first().count();
    let grade = match (later == all, standings().any(|it| it.is(Verdict::Worse))) {
        (true, _) => Grade::Strong,
        (false, true) => Grade::Weak,
        (false, false) => Grade::Undecided,
    };
    let why =
        format!("{later} of {} {} later, {}", counted(all, "other"), if later == 1 { "is" } else { "are" }, test(told));
    (grade, why + &rivals(told, chosen))
}

fn of_tie(told: &Told<'_, '_>, chosen: &Chosen<'_>) -> (Grade, String) {
    let standings =
        || told.first().points.iter().flat_map(|point| chosen.arms.iter().filter_map(|name| point.standing(name)));
    let others = || standings().filter(|standing: &&Standing<'_>| !standing.is_reference());
    let alike = others().filter(|it| it.is(Verdict::Equivalent)).count();
    let all = others().count();
    let stuck = |name: &&str| outcome(told.analysis, told.figures, name).is_some_and(|it| it.is_stuck());
    if all > 0 && alike == all && chosen.arms.iter().all(stuck) {
        return (Grade::Strong, format!("none was as before in any of {}", counted(blocks(told), "block")));
    }
    if all > 0 && alike == all {
        let why = format!("alike in every block, within a window, over {}", counted(blocks(told), "block"));
        return (Grade::Strong, why + &rivals(told, chosen));
    }
    let why = format!("not shown either way {}, which is not \"no difference\"", test(told));
    (Grade::Undecided, why + &rivals(told, chosen))
}

/// Who else was not shown to be behind, and how often it did not recover.
fn rivals(told: &Told<'_, '_>, chosen: &Chosen<'_>) -> String {
    let one = |name: &&str| {
        let never = outcome(told.analysis, told.figures, name).map_or(0, |it| it.found.never);
        if never > 0 { format!("{name}, which {} did not recover", times(never)) } else { (*name).to_owned() }
    };
    let rivals: Vec<String> = chosen.rivals.iter().map(one).collect();
    if rivals.is_empty() { String::new() } else { format!("; not shown to be behind: {}", all_of(&rivals)) }
}

fn times(count: usize) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}
