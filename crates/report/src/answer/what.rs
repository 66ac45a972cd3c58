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
    /// Whether nothing grave speaks against the run.
    pub(super) is_trusted: bool,
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
    let apart = if chosen.arms.len() > 1 { " (no difference between them shown)" } else { "" };
    let Some(of_figure) = chosen.better_by.and_then(|figure| told.of_figure(figure)) else { return names };
    let title = told.title(of_figure.figure);
    let points = &of_figure.points;
    let standings = points.iter().flat_map(|point| chosen.arms.iter().filter_map(|name| point.standing(name)));
    let found: Vec<&Compared> = standings
        .filter(|standing| standing.is(Verdict::Better))
        .filter_map(super::point::Standing::compared)
        .collect();
    let effect = Span::over(&found).map_or_else(
        || format!("better by {title} than {}", told.reference()),
        |span| span.of_figure(title, told.reference()),
    );
    format!("{names}{apart}: {effect}{}.", place(told, points, &chosen.arms))
}

/// Where the arms are better: at which values of an axis if one tells it, else at how many of the points.
fn place(told: &Told<'_, '_>, points: &[Point<'_>], arms: &[&str]) -> String {
    let better = points.iter().filter(|point| better_at(point, arms)).count();
    if points.len() == 1 {
        return String::new();
    }
    if better == points.len() {
        let all = if better == 2 { "both".to_owned() } else { format!("all {better}") };
        return format!(", at {all} points measured");
    }
    let along =
        dimensions(told.analysis, points).into_iter().find_map(|dimension| better_along(points, &dimension, arms));
    match along {
        Some(values) => format!(", at {values} alone"),
        None => format!(", at {better} of {} points measured", points.len()),
    }
}

/// The values of a dimension at which the arms are better, if it tells all those points from all others: `read ratio 0.9`.
fn better_along(points: &[Point<'_>], dimension: &Dimension, arms: &[&str]) -> Option<String> {
    let mut values: Vec<&str> = Vec::new();
    for (place, value) in dimension.values.iter().enumerate() {
        let there = dimension.at(points, place);
        let better = there.iter().filter(|point| better_at(point, arms)).count();
        if better == there.len() {
            values.push(value);
        } else if better > 0 {
            return None;
        }
    }
    Some(format!("{} {}", dimension.name, units::listed(&values)))
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
    let others = match all - worse {
        0 => "the others are worse".to_owned(),
        undecided => {
            format!("the others are worse in {worse} of {}, undecided in {undecided}", counted(all, "comparison"))
        }
    };
    format!("{name}: {open}nothing is shown to be better by {title}; {others}.")
}

fn tie(told: &Told<'_, '_>, chosen: &Chosen<'_>) -> String {
    let by: Vec<&str> = told.figures.iter().map(|of_figure| told.title(of_figure.figure)).collect();
    let by = units::listed(&by);
    let others: Vec<&str> = chosen.arms.iter().filter(|name| !told.is_reference(name)).copied().collect();
    if others.len() == chosen.arms.len() {
        let names = all_of(&told.with_staleness(&others));
        return format!(
            "No winner: {names} {} not shown to be better than {} by {by}.",
            if others.len() == 1 { "is" } else { "are" },
            told.reference()
        );
    }
    let reference = told.with_staleness(&[told.reference()]).concat();
    let names = all_of(&told.with_staleness(&others));
    if is_equivalent(told, &others) {
        let margin = units::percent(told.run.manifest.equivalence_margin);
        let are = if others.len() == 1 { "is" } else { "are" };
        let any = if others.len() == 1 { "Either" } else { "Any" };
        return format!("{any} will do: {names} {are} within {margin} of {reference} by {by}.");
    }
    format!("No winner: no difference by {by} is shown between {names} and {reference}.")
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
