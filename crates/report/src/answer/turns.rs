//! What would change the answer: where the order turns along what was varied.

use super::choice::Choice;
use super::dimension::{Dimension, dimensions};
use super::point::Point;
use super::what::{Told, better_at};
use crate::analysis::FamilyRow;
use crate::tables::counted;
use crate::units::{self, value_text};
use cachemark_stats::Verdict;
use serde_json::Value;

/// How many turns are told.
const TURNS: usize = 3;

/// How winners stand against the reference at the points of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Better,
    NotTold,
    Worse,
    /// Not the same at all of them.
    Mixed,
}

pub(super) fn changes(told: &Told<'_, '_>) -> Vec<String> {
    let points = &told.first().points;
    let varied = dimensions(told.analysis, points);
    let mut changes = Vec::new();
    if let Choice::Of(chosen) = told.choice
        && chosen.better_by.is_some()
    {
        let points = chosen.better_by.and_then(|figure| told.of_figure(figure)).map_or(points, |found| &found.points);
        changes.extend(varied.iter().filter_map(|dimension| turn(told, points, dimension, &chosen.arms)));
        let same: Vec<String> = varied.iter().filter(|it| is_level(points, it, &chosen.arms)).map(span).collect();
        if changes.is_empty() && same.is_empty() {
            changes.extend(elsewhere(told, points, &chosen.arms));
        }
        if !same.is_empty() {
            let rest = if same.len() == varied.len() { " Nothing else was varied." } else { "" };
            changes.push(format!("Not the {}: it holds throughout.{rest}", units::listed(&same)));
        }
    }
    let turns = turns_of_arms(told);
    let more = turns.len().saturating_sub(TURNS);
    changes.extend(turns.into_iter().take(TURNS));
    if more > 0 {
        changes.push(format!("{more} more turns of the same sort: the table has them."));
    }
    if varied.is_empty() && changes.is_empty() {
        changes.push(format!("Not known: one point was measured ({}).", points[0].family.name));
    }
    changes
}

fn at(points: &[&Point<'_>], arms: &[&str]) -> Standing {
    let one = |point: &&Point<'_>| {
        let mut there = arms.iter().filter_map(|name| point.standing(name)).peekable();
        if better_at(point, arms) {
            Standing::Better
        } else if there.peek().is_some() && there.all(|it| it.is(Verdict::Worse)) {
            Standing::Worse
        } else {
            Standing::NotTold
        }
    };
    let mut standings = points.iter().map(one);
    let first = standings.next().unwrap_or(Standing::NotTold);
    if standings.all(|other| other == first) { first } else { Standing::Mixed }
}

fn standings(points: &[Point<'_>], dimension: &Dimension, arms: &[&str]) -> Vec<Standing> {
    (0..dimension.values.len()).map(|value| at(&dimension.at(points, value), arms)).collect()
}

/// Whether the winners are better at every value.
fn is_level(points: &[Point<'_>], dimension: &Dimension, arms: &[&str]) -> bool {
    standings(points, dimension, arms).iter().all(|standing| *standing == Standing::Better)
}

/// `read ratio (0.5 to 0.99)`.
fn span(dimension: &Dimension) -> String {
    let values = match dimension.values.as_slice() {
        [first, .., last] if dimension.in_figures => format!("{first} to {last}"),
        values => units::listed(values),
    };
    format!("{} ({values})", dimension.name)
}

/// Where the winners stand otherwise than elsewhere; none where they stand alike, or where every value has both.
fn turn(told: &Told<'_, '_>, points: &[Point<'_>], dimension: &Dimension, arms: &[&str]) -> Option<String> {
    let found = standings(points, dimension, arms);
    let of = |wanted: Standing| -> Vec<&str> {
        let values = dimension.values.iter().zip(&found).filter(|(_, standing)| **standing == wanted);
        values.map(|(value, _)| value.as_str()).collect()
    };
    let told_of = [
        (Standing::Worse, "worse than"),
        (Standing::NotTold, "no difference shown from"),
        (Standing::Mixed, "only at some points better than"),
    ];
    let parts = told_of.into_iter().filter_map(|(standing, words)| {
        let values = of(standing);
        let whole = values.len() == dimension.values.len();
        (!values.is_empty() && !whole)
            .then(|| format!("at {} {}: {words} {}", dimension.name, units::listed(&values), told.reference()))
    });
    let parts: Vec<String> = parts.collect();
    (!parts.is_empty()).then(|| units::capital(&parts.join("; ")) + ".")
}

/// The points at which the winners are not better, where no one axis tells them from the others.
fn elsewhere(told: &Told<'_, '_>, points: &[Point<'_>], arms: &[&str]) -> Option<String> {
    let open: Vec<&str> =
        points.iter().filter(|point| !better_at(point, arms)).map(|point| point.family.name.as_str()).collect();
    let all = counted(points.len(), "comparison");
    (!open.is_empty())
        .then(|| format!("Not better than {} in {} of {all}: {}.", told.reference(), open.len(), named(&open)))
}

/// Names that hold commas.
fn named(names: &[&str]) -> String {
    let more = names.len().saturating_sub(TURNS);
    let mut told: Vec<String> = names.iter().take(TURNS).map(|name| (*name).to_owned()).collect();
    if more > 0 {
        told.push(format!("{more} more"));
    }
    told.join("; ")
}

/// An arm that is varied over one setting, with a verdict.
struct OfSetting<'a> {
    group: &'a str,
    setting: &'a str,
    value: &'a Value,
    is_better: bool,
}

/// Arms of one group that are better than the reference at some values of a setting, and worse at others.
fn turns_of_arms(told: &Told<'_, '_>) -> Vec<String> {
    let standings = told.first().points.iter().flat_map(|point| &point.standings);
    let arms: Vec<OfSetting<'_>> = standings.filter_map(|standing| of_setting(told, standing.row)).collect();
    let mut groups: Vec<(&str, &str)> = Vec::new();
    for arm in &arms {
        if !groups.contains(&(arm.group, arm.setting)) {
            groups.push((arm.group, arm.setting));
        }
    }
    let turn = |(group, setting): (&str, &str)| {
        let mut of: Vec<&OfSetting<'_>> =
            arms.iter().filter(|arm| (arm.group, arm.setting) == (group, setting)).collect();
        of.sort_by(|a, b| place(a.value).total_cmp(&place(b.value)));
        let at = |better: bool| -> Vec<String> {
            let mut values: Vec<String> =
                of.iter().filter(|arm| arm.is_better == better).map(|arm| value_text(arm.value)).collect();
            values.dedup();
            values
        };
        let (better, worse) = (units::listed(&at(true)), units::listed(&at(false)));
        let turns = !better.is_empty() && !worse.is_empty();
        turns.then(|| {
            format!("The {setting} of {group}: worse than {} at {worse}, better at {better}.", told.reference())
        })
    };
    groups.into_iter().filter_map(turn).collect()
}

/// None where the arm is not varied, or over two settings at once, of which no one turns it; and without a verdict either way.
fn of_setting<'t>(told: &Told<'t, '_>, row: &FamilyRow) -> Option<OfSetting<'t>> {
    let cell = told.analysis.cells[row.cell].cell;
    let mut axes = cell.arm_axes.iter();
    let (Some((setting, value)), None) = (axes.next(), axes.next()) else { return None };
    let is_better = row.is(Verdict::Better);
    (is_better || row.is(Verdict::Worse)).then_some(OfSetting { group: &cell.group, setting, value, is_better })
}

/// Where a value stands among others; what is no figure comes last.
fn place(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::INFINITY)
}
