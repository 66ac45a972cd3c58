//! What happens when it breaks: the answer of a run with faults.
//!
//! The same model, by other figures: time to recover, then goodput kept, both compared by the sign test. Throughput decides nothing:
//! what answers more while nothing is wrong is its price, or that of another.

mod doubts;
mod outcome;
mod price;
mod sure;
mod what;

pub(crate) use doubts::doubts;

use super::candidates::Candidates;
use super::choice::{Choice, Chosen, better_by, narrowed};
use super::point::{OfFigure, Point, of_families};
use super::what::{Told, kind};
use super::{Answer, Kind, nothing, turns};
use crate::analysis::{Analysis, Trust, faults_in_words};
use cachemark_results::Run;
use outcome::outcome;

/// The answer; none where nothing was broken.
pub(super) fn answer(run: &Run, analysis: &Analysis<'_>, trust: &Trust) -> Option<Answer> {
    if !analysis.has_faults() {
        return None;
    }
    if nothing::is_alone(analysis) {
        return Some(alone(analysis));
    }
    let candidates = Candidates::of(analysis);
    let figures = of_families(&analysis.recoveries, &candidates);
    let Some(choice) = decide(analysis, &figures, &candidates) else {
        let why = named(analysis, &without_verdict(analysis, &candidates)) + &so_far(analysis, &names_of(analysis));
        return Some(Answer { not_to_use: candidates.barred_in_words(), ..nothing::answer(why) });
    };
    let told = Told { run, analysis, figures: &figures, choice: &choice, is_trusted: trust.is_trusted() };
    let (grade, sure) = sure::sure(&told);
    let arms: &[&str] = match &choice {
        Choice::Of(chosen) => &chosen.arms,
        Choice::Depends => &[],
    };
    Some(Answer {
        names: arms.iter().map(|name| (*name).to_owned()).collect(),
        price: price::price(&told),
        grade: Some(grade),
        sure: Some(sure),
        changes: turns::changes(&told),
        not_to_use: candidates.barred_in_words(),
        doubts: super::doubts::of_arms(analysis, arms),
        ..Answer::new(kind(&told), what::what(&told))
    })
}

/// A reason for recommending nothing, with the faults in it.
pub(super) fn named(analysis: &Analysis<'_>, why: &str) -> String {
    let heads = ["Nothing to recommend yet", "Nothing to recommend"];
    let parted = heads.into_iter().find_map(|head| Some((head, why.strip_prefix(head)?)));
    match parted {
        Some((head, rest)) if analysis.has_faults() => format!("{head} {}{rest}", when(analysis)),
        _ => why.to_owned(),
    }
}

/// `when the cache redis is slow by 50 ms from 4 s to 8 s`.
fn when(analysis: &Analysis<'_>) -> String {
    format!("when {}", faults_in_words(&analysis.faults))
}

/// Who is left: by time to recover; of those that it does not tell apart, by goodput kept, but for those that failed to recover more
/// often than others, and unless all are stuck. These stay as not shown to be behind: what they keep meanwhile does not make up for it.
fn decide<'a>(analysis: &Analysis<'_>, figures: &[OfFigure<'a>], candidates: &Candidates<'a>) -> Option<Choice<'a>> {
    let first = figures.first()?;
    let there = |name: &&str| first.points.iter().any(|point| point.standing(name).is_some());
    let names: Vec<&str> = candidates.names.iter().copied().filter(there).collect();
    if names.is_empty() {
        return None;
    }
    let all: Vec<&Point<'a>> = first.points.iter().collect();
    let (left, mut rivals) = narrowed(&all, &names);
    if left.is_empty() {
        return Some(Choice::Depends);
    }
    let never = |name: &str| outcome(analysis, figures, name).map_or(0, |outcome| outcome.found.never);
    let fewest = left.iter().map(|name| never(name)).min().unwrap_or(0);
    let (mut arms, stuck): (Vec<&str>, Vec<&str>) = left.into_iter().partition(|name| never(name) == fewest);
    rivals.extend(stuck);
    // Of those that are stuck all the time none is to be used for what it kept.
    let stuck = |name: &&str| outcome(analysis, figures, name).is_none_or(|outcome| outcome.is_stuck());
    let later = if arms.iter().all(stuck) { &[] } else { &figures[1..] };
    for later in later {
        let all: Vec<&Point<'a>> = later.points.iter().collect();
        let (left, others) = narrowed(&all, &arms);
        if left.is_empty() {
            break;
        }
        rivals.extend(others);
        arms = left;
    }
    let better_by = better_by(figures, &arms);
    Some(Choice::Of(Chosen { arms, better_by, rivals }))
}

fn without_verdict(analysis: &Analysis<'_>, candidates: &Candidates<'_>) -> String {
    if candidates.names.is_empty() {
        return "Nothing to recommend: every arm did what no figure makes up for.".to_owned();
    }
    let short = analysis.recoveries.iter().filter(|family| family.size > 0 && family.blocks < family.blocks_needed);
    match short.max_by_key(|family| family.blocks_needed) {
        Some(family) => format!(
            "Nothing to recommend yet: no verdict on {} from {}; {} are needed.",
            crate::tables::counted(family.size, "comparison"),
            crate::tables::counted(family.blocks as usize, "block"),
            family.blocks_needed
        ),
        None => "Nothing to recommend: no comparison has a verdict.".to_owned(),
    }
}

/// What became of arms, where nothing is said of which to use.
fn so_far(analysis: &Analysis<'_>, names: &[&str]) -> String {
    let told = what::listed(analysis, &[], names, names.len());
    if told.is_empty() { told } else { format!(" So far {told}.") }
}

/// The names of all arms that were measured.
fn names_of<'s>(analysis: &'s Analysis<'_>) -> Vec<&'s str> {
    let mut names: Vec<&str> = Vec::new();
    for figures in analysis.cells.iter().filter(|figures| !figures.trials.is_empty() && !figures.cell.control) {
        if !names.contains(&analysis.label(figures)) {
            names.push(analysis.label(figures));
        }
    }
    names
}

/// One arm that ran by itself, or several that nothing is compared with.
fn alone(analysis: &Analysis<'_>) -> Answer {
    let names = names_of(analysis);
    let told = what::listed(analysis, &[], &names, names.len());
    let what = format!("Nothing to choose from {}: {told}; nothing is compared.", when(analysis));
    Answer { price: price::of(analysis, &[], &names), ..Answer::new(Kind::Alone, what) }
}
