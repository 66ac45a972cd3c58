//! From points to those that are recommended.

use super::candidates::Candidates;
use super::point::{Lead, OfFigure, Point, Standing};
use cachemark_results::Figure;
use cachemark_stats::Verdict;

/// What the verdicts come to.
pub(super) enum Choice<'a> {
    /// These are left.
    Of(Chosen<'a>),
    /// Every candidate is behind somewhere by the first figure.
    Depends,
}

/// Those that are left when every figure has been asked.
pub(super) struct Chosen<'a> {
    /// In the manifest's order; one at least.
    pub(super) arms: Vec<&'a str>,
    /// The first figure by which one of them is better than the reference, if the reference is none of them.
    pub(super) better_by: Option<&'static Figure>,
    /// Others that were not shown to be behind them.
    pub(super) rivals: Vec<&'a str>,
}

/// Asks figure by figure. None where there is nothing to go by.
pub(super) fn decide<'a>(figures: &[OfFigure<'a>], candidates: &Candidates<'a>) -> Option<Choice<'a>> {
    let first = figures.first()?;
    let mut chosen = Chosen { arms: candidates.names.clone(), better_by: None, rivals: Vec::new() };
    // An arm that is no candidate anywhere a verdict is was not measured: nobody leads without being there.
    chosen.arms.retain(|name| first.points.iter().any(|point| point.standing(name).is_some()));
    if chosen.arms.is_empty() {
        return None;
    }
    for (place, OfFigure { points, .. }) in figures.iter().enumerate() {
        let points: Vec<&Point<'a>> = points.iter().collect();
        let (left, rivals) = narrowed(&points, &chosen.arms);
        match (left.is_empty(), place) {
            (true, 0) => return Some(Choice::Depends),
            // What is a matter of degree by a later figure is its price.
            (true, _) => break,
            (false, _) => {}
        }
        chosen.arms = left;
        chosen.rivals.extend(rivals);
    }
    chosen.better_by = better_by(figures, &chosen.arms);
    Some(Choice::Of(chosen))
}

/// Those of `among` that are behind at none of the points and lead at the most of them; and the others that are behind at none.
pub(super) fn narrowed<'a>(points: &[&Point<'a>], among: &[&'a str]) -> (Vec<&'a str>, Vec<&'a str>) {
    let leads: Vec<Lead<'a>> = points.iter().map(|point| point.lead(among)).collect();
    let behind_nowhere = |name: &&&str| leads.iter().all(|lead| lead.not_behind.contains(*name));
    let times = |name: &str| leads.iter().filter(|lead| lead.leading.contains(&name)).count();
    let open: Vec<&str> = among.iter().filter(behind_nowhere).copied().collect();
    let most = open.iter().map(|name| times(name)).max().unwrap_or(0);
    if most == 0 {
        return (Vec::new(), open);
    }
    open.into_iter().partition(|name| times(name) == most)
}

/// The first figure by which one of the arms is better than the reference; none if that is one of them.
pub(super) fn better_by(figures: &[OfFigure<'_>], arms: &[&str]) -> Option<&'static Figure> {
    let of_arms = |of_figure: &OfFigure<'_>, may: fn(&Standing<'_>) -> bool| {
        let standings = of_figure.points.iter().flat_map(|point| &point.standings);
        standings.filter(|standing| arms.contains(&standing.name)).any(may)
    };
    if figures.iter().any(|of_figure| of_arms(of_figure, |standing| standing.is_reference())) {
        return None;
    }
    let found = figures.iter().find(|of_figure| of_arms(of_figure, |standing| standing.is(Verdict::Better)));
    found.map(|of_figure| of_figure.figure)
}
