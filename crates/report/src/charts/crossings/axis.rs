//! What the arms are drawn over: the read ratio, or a setting that arms of one group are varied over.

use super::super::Source;
use crate::analysis::{CellFigures, Point, Stack};
use cachemark_stats::Summary;
use serde_json::Value;

/// Fewer steps make no line.
const LEAST_STEPS: usize = 3;

/// An axis with its steps, in their order.
pub(super) enum Over {
    ReadRatio(Vec<f64>),
    /// The group of arms, the setting, and its values.
    Setting {
        group: String,
        name: String,
        values: Vec<f64>,
    },
}

/// A line of the chart: an arm, or the arms of a group.
pub(super) struct Line {
    /// Whose colour it has.
    pub(super) variant: usize,
    /// One for each step; none where there is no figure.
    pub(super) steps: Vec<Option<Summary>>,
    /// Whether it is one cell, drawn at every step for comparison.
    pub(super) level: bool,
}

/// A part of the chart: its heading, and what holds for all its cells.
pub(super) struct Part<'a> {
    pub(super) heading: String,
    pub(super) stack: &'a Stack,
    /// Where they stand; of an axis of read ratios, without that.
    pub(super) point: Point,
}

impl Over {
    /// Every axis of the record that has steps enough.
    pub(super) fn all(source: Source<'_>) -> Vec<Self> {
        let ratios = &source.analysis.read_ratios;
        let of_ratios = (ratios.len() >= LEAST_STEPS).then(|| Self::ReadRatio(ratios.clone()));
        of_ratios.into_iter().chain(settings(source)).collect()
    }

    pub(super) fn name(&self) -> &str {
        match self {
            Self::ReadRatio(_) => "read ratio",
            Self::Setting { name, .. } => name,
        }
    }

    pub(super) fn steps(&self) -> Vec<String> {
        let (Self::ReadRatio(values) | Self::Setting { values, .. }) = self;
        values.iter().map(f64::to_string).collect()
    }

    /// One for each stack and place on the other axes.
    pub(super) fn parts<'a>(&self, source: Source<'a>) -> Vec<Part<'a>> {
        let points: Vec<Point> = match self {
            Self::Setting { .. } => source.analysis.points.clone(),
            // Of each offered load that at the first read ratio.
            Self::ReadRatio(values) => {
                let first = |point: &&Point| values.first() == Some(&point.read_ratio);
                source.analysis.points.iter().filter(first).copied().collect()
            }
        };
        let part = |stack: &'a Stack, point: Point| {
            let place = match self {
                Self::Setting { .. } => Some(source.place(point)),
                Self::ReadRatio(_) if source.analysis.has_many_rates() => {
                    point.offered_per_s.map(|rate| format!("{}/s offered", crate::units::count(rate)))
                }
                Self::ReadRatio(_) => None,
            };
            let heading = [Some(source.heading(stack)), place].into_iter().flatten().filter(|text| !text.is_empty());
            Part { heading: heading.collect::<Vec<_>>().join(", "), stack, point }
        };
        let stacks = source.analysis.stacks.iter();
        stacks.flat_map(|stack| points.iter().map(move |point| part(stack, *point))).collect()
    }

    /// The lines of a part, for a figure that `of` reads off a cell.
    pub(super) fn lines(
        &self,
        source: Source<'_>,
        part: &Part<'_>,
        of: &dyn Fn(&CellFigures<'_>) -> Option<Summary>,
    ) -> Vec<Line> {
        let arms = 0..source.analysis.variants.len();
        let at = |variant: usize, point: Point| source.analysis.at(part.stack, variant, point).and_then(of);
        match self {
            Self::ReadRatio(ratios) => {
                let line = |variant: usize| {
                    let steps = ratios.iter().map(|ratio| at(variant, Point { read_ratio: *ratio, ..part.point }));
                    Line { variant, steps: steps.collect(), level: false }
                };
                arms.map(line).collect()
            }
            Self::Setting { group, name, values } => {
                let value = |variant: usize| {
                    let mut cells = source.analysis.cells.iter().filter(|cell| cell.variant == variant);
                    cells
                        .next()
                        .filter(|cell| cell.cell.group == *group && !cell.cell.control)
                        .and_then(|cell| number(cell, name))
                };
                let (varied, others): (Vec<usize>, Vec<usize>) = arms.partition(|variant| value(*variant).is_some());
                let step = |wanted: &f64| {
                    let variant = varied.iter().find(|variant| value(**variant) == Some(*wanted))?;
                    at(*variant, part.point)
                };
                let Some(first) = varied.first() else { return Vec::new() };
                let line = Line { variant: *first, steps: values.iter().map(step).collect(), level: false };
                let level = |variant: usize| {
                    let one = at(variant, part.point);
                    Line { variant, steps: vec![one; values.len()], level: true }
                };
                std::iter::once(line).chain(others.into_iter().map(level)).collect()
            }
        }
    }
}

/// The groups that are varied over one number alone: of two at once a line would be of neither.
fn settings(source: Source<'_>) -> Vec<Over> {
    let mut found: Vec<(String, String, Vec<f64>)> = Vec::new();
    for cell in source.analysis.cells.iter().filter(|cell| !cell.cell.control && cell.cell.arm_axes.len() == 1) {
        let Some(name) = cell.cell.arm_axes.keys().next() else { continue };
        let Some(value) = number(cell, name) else { continue };
        let group = &cell.cell.group;
        match found.iter_mut().find(|(known, of, _)| known == group && of == name) {
            Some((_, _, values)) if values.contains(&value) => {}
            Some((_, _, values)) => values.push(value),
            None => found.push((group.clone(), name.clone(), vec![value])),
        }
    }
    let enough = found.into_iter().filter(|(_, _, values)| values.len() >= LEAST_STEPS);
    let over = |(group, name, mut values): (String, String, Vec<f64>)| {
        values.sort_by(f64::total_cmp);
        Over::Setting { group, name, values }
    };
    enough.map(over).collect()
}

fn number(cell: &CellFigures<'_>, name: &str) -> Option<f64> {
    cell.cell.arm_axes.get(name).and_then(Value::as_f64)
}
