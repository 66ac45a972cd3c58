//! What is varied between points: cache, store, and the axes that all arms share.

use super::point::Point;
use crate::analysis::{Analysis, Role};
use crate::units;
use cachemark_results::Cell;
use cachemark_results::axis::{AXES, Axis, RATE};

/// A strategy that never asks a cache has this for one.
const NO_CACHE: &str = "none";

/// Something that has several values over the points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dimension {
    /// Its name for people.
    pub(super) name: String,
    /// Its values; figures ascending, names in the manifest's order.
    pub(super) values: Vec<String>,
    /// Whether its values are figures.
    pub(super) in_figures: bool,
    /// Which value each point has.
    of_point: Vec<usize>,
}

impl Dimension {
    /// The points with the value at this place.
    pub(super) fn at<'p, 'a>(&self, points: &'p [Point<'a>], value: usize) -> Vec<&'p Point<'a>> {
        points.iter().zip(&self.of_point).filter(|(_, of)| **of == value).map(|(point, _)| point).collect()
    }
}

/// Those that have several values, the axes first.
pub(super) fn dimensions(analysis: &Analysis<'_>, points: &[Point<'_>]) -> Vec<Dimension> {
    let cells: Vec<&Cell> = points.iter().map(|point| of_point(analysis, point)).collect();
    let mut found: Vec<Dimension> = AXES.into_iter().filter_map(|axis| along(axis, &cells)).collect();
    found.extend(named("cache", cells.iter().map(|cell| cell.cache.as_str())));
    found.extend(named("store", cells.iter().map(|cell| cell.store.as_str())));
    found
}

/// A cell that stands for the point: one that asks a cache, if any does.
fn of_point<'a>(analysis: &Analysis<'a>, point: &Point<'_>) -> &'a Cell {
    let family = point.family;
    let rows = family.rows.iter().filter(|row| row.role != Role::Reference).map(|row| analysis.cells[row.cell].cell);
    rows.chain([analysis.cells[family.reference].cell])
        .find(|cell| cell.cache != NO_CACHE)
        .unwrap_or(analysis.cells[family.reference].cell)
}

fn along(axis: &'static Axis, cells: &[&Cell]) -> Option<Dimension> {
    let places: Vec<f64> = cells.iter().map(|cell| (axis.of)(cell)).collect::<Option<_>>()?;
    let mut values = places.clone();
    values.sort_by(f64::total_cmp);
    values.dedup();
    let place = |value: &f64| values.iter().position(|known| known == value).unwrap_or(0);
    let of_point = places.iter().map(place).collect();
    (values.len() > 1).then(|| Dimension {
        name: name(axis),
        values: values.iter().map(|value| value_of(axis, *value)).collect(),
        in_figures: true,
        of_point,
    })
}

fn named<'a>(name: &str, of_points: impl Iterator<Item = &'a str>) -> Option<Dimension> {
    let mut values: Vec<String> = Vec::new();
    let mut of_point = Vec::new();
    for value in of_points {
        let place = values.iter().position(|known| known == value).unwrap_or_else(|| {
            values.push(value.to_owned());
            values.len() - 1
        });
        of_point.push(place);
    }
    (values.len() > 1).then(|| Dimension { name: name.to_owned(), values, in_figures: false, of_point })
}

fn name(axis: &Axis) -> String {
    if *axis == RATE { "offered load".to_owned() } else { axis.name.replace('_', " ") }
}

fn value_of(axis: &Axis, value: f64) -> String {
    if *axis == RATE { format!("{}/s", units::count(value)) } else { (axis.print)(value) }
}
