//! The first sentence: what to use.

use super::Kind;
use super::choice::{Choice, Chosen, narrowed};
use super::dimension::{Dimension, dimensions};
use super::effect::Span;
use super::lists::{all_of, one_of};
use super::point::{OfFigure, Point};
use super::staleness::beside;
use crate::analysis::{Analysis, Compared};
use crate::tables::counted;
use crate::units;
use cachemark_results::{Figure, Run};
use cachemark_stats::Verdict;

/// How many values of an axis have room in a sentence.
const SEGMENTS: usize = 3;

/// What sentences are made of.
pub(super) struct Told<'t, 'a> {
    pub(super) run: &'t Run,
    pub(super) analysis: &'t Analysis<'t>,
    /// One at least.
    pub(super) figures: &'t [OfFigure<'a>],
    pub(super) choice: &'t Choice<'a>,
    /// Whether something speaks against the run.
    pub(super) has_doubts: bool,
}

impl<'t, 'a> Told<'t, 'a> {
    pub(super) fn first(&self) -> &'t OfFigure<'a> {
        &self.figures[0]
    }

    pub(super) fn title(&self, figure: &Figure) -> &'static str {
        self.analysis.title(figure)
    }

    /// The name of what the others are compared with.
    pub(super) fn reference(&self) -> &'t str {
        let points = &self.first().points;
        let name = |point: &Point<'_>| self.analysis.cells[point.family.reference].variant;
        let first = name(&points[0]);
        if points.iter().all(|point| name(point) == first) {
            &self.analysis.variants[first].label
        } else {
            "the reference"
        }
    }

    pub(super) fn of_figure(&self, figure: &Figure) -> Option<&'t OfFigure<'a>> {
        self.figures.iter().find(|of_figure| of_figure.figure == figure)
    }

    pub(super) fn is_reference(&self, name: &str) -> bool {
        self.first().points.iter().filter_map(|point| point.standing(name)).any(super::point::Standing::is_reference)
    }

    /// The names, each with the share of its stale reads.
    pub(super) fn with_staleness(&self, names: &[&str]) -> Vec<String> {
        names.iter().map(|name| beside(self.analysis, self.figures, name)).collect()
    }
}

/// What sort of answer it is.
pub(super) fn kind(told: &Told<'_, '_>) -> Kind {
    match told.choice {
        Choice::Depends => Kind::Depends,
        Choice::Of(chosen) if chosen.better_by.is_some() => Kind::Use,
        Choice::Of(chosen) if chosen.arms.len() == 1 && told.is_reference(chosen.arms[0]) => Kind::Reference,
        Choice::Of(_) => Kind::Tie,
    }
}

/// The sentence.
pub(super) fn what(told: &Told<'_, '_>) -> String {
    match (told.choice, kind(told)) {
        (Choice::Depends, _) => depends(told),
        (Choice::Of(chosen), Kind::Use) => use_this(told, chosen),
        (Choice::Of(_), Kind::Reference) => reference(told),
        (Choice::Of(chosen), _) => tie(told, chosen),
    }
}

fn use_this(told: &Told<'_, '_>, chosen: &Chosen<'_>) -> String {
    let names = one_of(&told.with_staleness(&chosen.arms));
    let apart = if chosen.arms.len() > 1 { ", not told apart" } else { "" };
    let Some(of_figure) = chosen.better_by.and_then(|figure| told.of_figure(figure)) else { return names };
    let title = told.title(of_figure.figure);
    let points = &of_figure.points;
    let is_better = |point: &&Point<'_>| better_at(point, &chosen.arms);
    let better: Vec<&Point<'_>> = points.iter().filter(is_better).collect();
    let standings = better.iter().flat_map(|point| chosen.arms.iter().filter_map(|name| point.standing(name)));
    let found: Vec<&Compared> = standings
        .filter(|standing| standing.is(Verdict::Better))
        .filter_map(super::point::Standing::compared)
        .collect();
    let effect = Span::over(&found).map_or_else(
        || format!("better by {title} than {}", told.reference()),
        |span| span.of_figure(title, told.reference()),
    );
    let place = match (better.len(), points.len()) {
        (_, 1) => String::new(),
        (2, 2) => " in both comparisons".to_owned(),
        (all, points) if all == points => format!(" in all {points} comparisons"),
        (some, points) => format!(" in {some} of {points} comparisons"),
    };
    format!("{names}{apart}: {effect}{place}.")
}

/// Whether one of the arms is better than the reference at a point.
pub(super) fn better_at(point: &Point<'_>, arms: &[&str]) -> bool {
    arms.iter().filter_map(|name| point.standing(name)).any(|standing| standing.is(Verdict::Better))
}

fn reference(told: &Told<'_, '_>) -> String {
    let name = told.with_staleness(&[told.reference()]).concat();
    let counts = |of_figure: &OfFigure<'_>| {
        let others = of_figure.points.iter().flat_map(|point| &point.standings).filter(|it| !it.is_reference());
        others.fold((0, 0), |(worse, all), it| (worse + usize::from(it.is(Verdict::Worse)), all + 1))
    };
    let place = told.figures.iter().position(|of_figure| counts(of_figure).0 > 0).unwrap_or(0);
    let (worse, all) = counts(&told.figures[place]);
    let title = told.title(told.figures[place].figure);
    let before: Vec<&str> = told.figures[..place].iter().map(|of_figure| told.title(of_figure.figure)).collect();
    let open = match before.as_slice() {
        [] => String::new(),
        before => format!("nothing is told apart from it by {}, ", units::listed(before)),
    };
    let all = counted(all, "comparison");
    format!("{name}: {open}nothing is shown to be better by {title}, and the others are worse in {worse} of {all}.")
}

fn tie(told: &Told<'_, '_>, chosen: &Chosen<'_>) -> String {
    let by: Vec<&str> = told.figures.iter().map(|of_figure| told.title(of_figure.figure)).collect();
    let by = units::listed(&by);
    let others: Vec<&str> = chosen.arms.iter().filter(|name| !told.is_reference(name)).copied().collect();
    if others.len() == chosen.arms.len() {
        let names = all_of(&told.with_staleness(&others));
        return format!(
            "No winner: {names} {} better than {} by {by}.",
            are_not(others.len(), "shown to be"),
            told.reference()
        );
    }
    let reference = told.with_staleness(&[told.reference()]).concat();
    let names = all_of(&told.with_staleness(&others));
    if is_equivalent(told, &others) {
        let margin = units::percent(told.run.manifest.equivalence_margin);
        let are = if others.len() == 1 { "is" } else { "are" };
        return format!("Either will do: {names} {are} within {margin} of {reference} by {by}.");
    }
    format!("No winner: {names} {} apart from {reference} by {by}.", are_not(others.len(), "told"))
}

fn are_not(count: usize, what: &str) -> String {
    format!("{} not {what}", if count == 1 { "is" } else { "are" })
}

/// Whether every verdict on them is "equivalent".
fn is_equivalent(told: &Told<'_, '_>, names: &[&str]) -> bool {
    let points = told.figures.iter().flat_map(|of_figure| &of_figure.points);
    let standings = points.flat_map(|point| names.iter().map(move |name| point.standing(name)));
    standings.into_iter().all(|standing| standing.is_some_and(|it| it.is(Verdict::Equivalent)))
}

fn depends(told: &Told<'_, '_>) -> String {
    let OfFigure { figure, points } = told.first();
    let title = told.title(figure);
    for dimension in dimensions(told.analysis, points) {
        if let Some(winners) = winners_along(told, points, &dimension) {
            let mut told_of: Vec<String> = winners.iter().take(SEGMENTS).cloned().collect();
            if winners.len() > SEGMENTS {
                told_of.push("others elsewhere".to_owned());
            }
            return format!("It depends on the {}: {}, by {title}.", dimension.name, told_of.join("; "));
        }
    }
    let mut leads: Vec<(&str, usize)> = Vec::new();
    for name in points.iter().flat_map(|point| point.lead(&all_names(points)).leading) {
        match leads.iter_mut().find(|(known, _)| *known == name) {
            Some((_, times)) => *times += 1,
            None => leads.push((name, 1)),
        }
    }
    leads.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    let more = leads.len().saturating_sub(SEGMENTS);
    let one = |(name, times): &(&str, usize)| format!("{} leads in {times}", told.with_staleness(&[*name]).concat());
    let mut lines: Vec<String> = leads.iter().take(SEGMENTS).map(one).collect();
    if more > 0 {
        lines.push(format!("{more} more in others"));
    }
    format!("It depends: of {} by {title}, {}.", counted(points.len(), "comparison"), lines.join("; "))
}

/// Who wins at which values: `no-cache at 0.5`. None if some value has no winner.
fn winners_along(told: &Told<'_, '_>, points: &[Point<'_>], dimension: &Dimension) -> Option<Vec<String>> {
    let names = all_names(points);
    let mut segments: Vec<(Vec<&str>, Vec<&str>)> = Vec::new();
    for (place, value) in dimension.values.iter().enumerate() {
        let (winners, _) = narrowed(&dimension.at(points, place), &names);
        if winners.is_empty() {
            return None;
        }
        match segments.iter_mut().find(|(known, _)| *known == winners) {
            Some((_, values)) => values.push(value.as_str()),
            None => segments.push((winners, vec![value.as_str()])),
        }
    }
    let segment = |(winners, values): &(Vec<&str>, Vec<&str>)| {
        format!("{} at {}", one_of(&told.with_staleness(winners)), units::listed(values))
    };
    Some(segments.iter().map(segment).collect())
}

/// Every candidate of the points, in the manifest's order as far as one point has it.
pub(super) fn all_names<'a>(points: &[Point<'a>]) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    for standing in points.iter().flat_map(|point| &point.standings) {
        if !names.contains(&standing.name) {
            names.push(standing.name);
        }
    }
    names
}
