//! The third sentence: what the answer stands on.

use super::Kind;
use super::choice::{Choice, Chosen};
use super::grade::{Grade, Weakest, weakest};
use super::lists::all_of;
use super::point::{Point, Standing};
use super::what::{Told, all_names, kind};
use crate::tables::counted;
use crate::units;
use cachemark_stats::{ALPHA, Verdict};

/// The sentence, and its first word.
pub(super) fn sure(told: &Told<'_, '_>) -> (Grade, String) {
    let (grade, why) = match told.choice {
        Choice::Depends => of_depends(told),
        Choice::Of(chosen) => match kind(told) {
            Kind::Use => of_winner(told, chosen),
            Kind::Reference => of_reference(told, chosen),
            _ => of_tie(told, chosen),
        },
    };
    match grade {
        Grade::Strong | Grade::Weak if !told.is_trusted => {
            (Grade::Weak, format!("Weak: the run is not to be trusted, for the doubts below; {why}."))
        }
        _ => (grade, format!("{}: {why}.", units::capital(grade.name()))),
    }
}

fn test(told: &Told<'_, '_>) -> String {
    format!("by a test over {} (Holm, {})", blocks(told), units::percent(ALPHA))
}

fn margin(told: &Told<'_, '_>) -> f64 {
    told.run.manifest.equivalence_margin
}

fn graded(weakest: Option<&Weakest>) -> Grade {
    if weakest.is_some_and(Weakest::passes) { Grade::Strong } else { Grade::Weak }
}

/// `, by 64 % at least, ..`, as far as there is something to say.
fn least(weakest: Option<&Weakest>) -> String {
    weakest.and_then(Weakest::in_words).map(|words| format!(", {words}")).unwrap_or_default()
}

fn of_winner(told: &Told<'_, '_>, chosen: &Chosen<'_>) -> (Grade, String) {
    let by = chosen.better_by.and_then(|figure| told.of_figure(figure));
    let is_one = |standing: &Standing<'_>| chosen.arms.contains(&standing.name);
    let weakest = weakest(by.into_iter(), margin(told), Verdict::Better, is_one);
    let why =
        format!("better than {} {}{}{}", told.reference(), test(told), least(weakest.as_ref()), ranking(told, chosen));
    (graded(weakest.as_ref()), why)
}

fn of_reference(told: &Told<'_, '_>, chosen: &Chosen<'_>) -> (Grade, String) {
    let weakest = weakest(told.figures.iter(), margin(told), Verdict::Worse, |standing| !standing.is_reference());
    let first = &told.first().points;
    let everywhere = first.iter().flat_map(|point| &point.standings);
    let everywhere = everywhere.filter(|it| !it.is_reference()).all(|it| it.is(Verdict::Worse));
    let (grade, what) = if everywhere {
        (graded(weakest.as_ref()), "the others are worse")
    } else {
        (Grade::Weak, "each of the others is worse somewhere, and undecided elsewhere,")
    };
    (grade, format!("{what} {}{}{}", test(told), least(weakest.as_ref()), rivals(chosen)))
}

/// Who leads differs from point to point.
fn of_depends(told: &Told<'_, '_>) -> (Grade, String) {
    let points = &told.first().points;
    let all: Vec<&str> = all_names(points);
    let leads = |point: &Point<'_>| {
        let leading = point.lead(&all).leading;
        leading.iter().filter_map(|name| point.standing(name)).any(|standing| standing.is(Verdict::Better))
    };
    let shown = points.iter().filter(|point| leads(point)).count();
    let weakest = weakest(told.figures.iter().take(1), margin(told), Verdict::Better, |_| true);
    let mut why = format!("a winner at {shown} of {} {}", counted(points.len(), "point"), test(told));
    if has_several(told) && !told.analysis.pairs {
        why += "; where several are better, the one leads whose interval lies apart, which is no test";
    }
    let grade = if shown == points.len() { graded(weakest.as_ref()) } else { Grade::Weak };
    (grade, why)
}

/// Whether several arms are compared with the reference at a point.
fn has_several(told: &Told<'_, '_>) -> bool {
    let others = |point: &Point<'_>| point.standings.iter().filter(|standing| !standing.is_reference()).count();
    told.first().points.iter().any(|point| others(point) > 1)
}

/// The blocks that every point has.
fn blocks(told: &Told<'_, '_>) -> String {
    let blocks = told.figures.iter().flat_map(|of_figure| &of_figure.points).map(|point| point.family.blocks);
    counted(blocks.min().unwrap_or(0) as usize, "block")
}

/// How the winner came before others that are better than the reference, too.
fn ranking(told: &Told<'_, '_>, chosen: &Chosen<'_>) -> String {
    let is_other = |name: &str| !chosen.arms.contains(&name) && !chosen.rivals.contains(&name);
    let points = told.figures.iter().flat_map(|of_figure| &of_figure.points);
    let beaten = points.flat_map(|point| &point.standings);
    let beaten = beaten.filter(|standing| standing.is(Verdict::Better) && is_other(standing.name)).count();
    let mut text = String::new();
    if beaten > 0 {
        text += match told.analysis.pairs {
            true => "; ahead of the others by tests of pairs",
            false => "; that it is ahead of the others is not tested (--pairs does): intervals lie apart",
        };
    }
    text + &rivals(chosen)
}

fn rivals(chosen: &Chosen<'_>) -> String {
    match chosen.rivals.as_slice() {
        [] => String::new(),
        rivals => format!("; not shown to be behind: {}", all_of(rivals)),
    }
}

fn of_tie(told: &Told<'_, '_>, chosen: &Chosen<'_>) -> (Grade, String) {
    let points = || told.figures.iter().flat_map(|of_figure| &of_figure.points);
    let standings = || points().flat_map(|point| chosen.arms.iter().filter_map(|name| point.standing(name)));
    let count = |verdict| standings().filter(|standing| standing.is(verdict)).count();
    let test = test(told);
    let (grade, why) = match (count(Verdict::Equivalent), count(Verdict::Inconclusive)) {
        (equivalent, 0) if equivalent > 0 => (Grade::Strong, format!("shown to be alike {test}")),
        (0, _) => (
            Grade::Undecided,
            format!("not shown either way {test}, which is not \"no difference\": more blocks may tell"),
        ),
        (equivalent, open) => {
            let alike = counted(equivalent, "comparison");
            (Grade::Weak, format!("shown to be alike in {alike}, not shown either way in {open}, {test}"))
        }
    };
    (grade, why + &rivals(chosen))
}
