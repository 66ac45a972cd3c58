//! Where the record has many arms: a row of small panels for each, under one heading a point. Twenty lines in one panel are a
//! tangle; whether each is level is seen in a panel of its own.

use super::super::Source;
use super::{Column, Course, Row};
use crate::scene::{Align, Area, BODY, DARK, GREY, GRID, Plot, SMALL, Scale, Scene, shorten, shorten_name};
use crate::units;
use cachemark_results::warning::NOT_STEADY;

/// The height of a row, of what stands above the first, and of what stands below the last: twenty rows fit on a printed page.
const ROW: f64 = 50.0;
const HEAD: f64 = 66.0;
const FOOT: f64 = 34.0;
/// How wide the arms' names may be.
const NAMES: f64 = 176.0;
/// Room for the figures of an upright axis.
const FIGURES: f64 = 60.0;
/// Between columns.
const GAP: f64 = 12.0;
/// The least height between two figures of an axis.
const APART: f64 = 15.0;

/// The height of the table of a point with so many arms.
pub(super) fn height(arms: usize) -> f64 {
    HEAD + arms.max(1) as f64 * ROW + FOOT
}

/// What is to be said of the scales.
pub(super) fn scales(columns: &[Column]) -> String {
    let own = columns.iter().filter(|column| column.axis_by_arm).map(|column| column.heading.to_lowercase());
    format!("A row is an arm: its {} have scales of their own, from 0.", units::listed(&own.collect::<Vec<_>>()))
}

/// A table a point, each in one of `areas`; `x` is the level axis of all.
pub(super) fn draw(
    source: Source<'_>,
    scene: &mut Scene,
    areas: &[Area],
    (columns, x): (&[Column], Scale),
    rows: &[Row],
) {
    for ((point, courses), area) in rows.iter().zip(areas) {
        scene.bold((area.left, area.top + 11.0), source.place(*point), BODY, DARK, Align::Left);
        let wide = (area.right - area.left - NAMES) / columns.len().max(1) as f64;
        let lefts = (0..columns.len()).map(|place| area.left + NAMES + place as f64 * wide);
        for (column, left) in columns.iter().zip(lefts) {
            heads(scene, (left + GAP, area.top), wide - GAP, column);
            for (index, course) in courses.iter().enumerate() {
                let top = area.top + HEAD + index as f64 * ROW;
                let inner = Area { left: left + FIGURES, top: top + 6.0, right: left + wide, bottom: top + ROW - 8.0 };
                let plot = panel(scene, inner, column, scale(column, course, rows));
                if index + 1 == courses.len() {
                    plot.level_axis(scene, x, &x.ticks(2), &units::short, "");
                }
                column.draw(source, scene, &plot, x, std::slice::from_ref(course));
            }
        }
        names(source, scene, *area, courses);
    }
}

fn heads(scene: &mut Scene, (left, top): (f64, f64), room: f64, column: &Column) {
    let heading = shorten(&column.heading, SMALL * 1.08, room);
    scene.bold((left, top + 34.0), heading, SMALL, DARK, Align::Left);
    scene.text((left, top + 52.0), shorten(column.name, SMALL, room), SMALL, GREY, Align::Left);
}

/// The upright axis: of the course alone, or of all courses.
fn scale(column: &Column, course: &Course, rows: &[Row]) -> Scale {
    let all = || rows.iter().flat_map(|(_, courses)| courses).flat_map(|each| column.figures(each));
    (column.scale)(&if column.axis_by_arm { column.figures(course) } else { all().collect() })
}

/// The arms' names, and which trials were not steady.
fn names(source: Source<'_>, scene: &mut Scene, area: Area, courses: &[Course]) {
    let middle = |index: usize| area.top + HEAD + (index as f64 + 0.5) * ROW;
    for (index, course) in courses.iter().enumerate() {
        let label = shorten_name(&source.analysis.variants[course.variant].label, SMALL, NAMES);
        let aside = if course.was_steady { 0.0 } else { 9.0 };
        scene.text((area.left, middle(index) - aside), label, SMALL, DARK, Align::Left);
        if !course.was_steady {
            let text = NOT_STEADY.code.replace('-', " ");
            scene.bold((area.left, middle(index) + aside), text, SMALL, DARK, Align::Left);
        }
    }
    if courses.is_empty() {
        scene.text((area.left, middle(0)), "Not measured.", BODY, GREY, Align::Left);
    }
    let foot = area.top + HEAD + courses.len() as f64 * ROW + 5.0;
    if !courses.is_empty() {
        scene.text((area.left, foot), "seconds of the window", SMALL, GREY, Align::Left);
    }
}

/// A small panel: few figures, and a line under the data.
fn panel(scene: &mut Scene, area: Area, column: &Column, y: Scale) -> Plot {
    let plot = Plot { area, y };
    let mut taken = f64::INFINITY;
    for tick in y.ticks(3) {
        let at = plot.at(tick);
        if taken - at >= APART {
            scene.line(&[(area.left, at), (area.right, at)], GRID, 1.0);
            scene.text((area.left - 6.0, at), column.format(tick), SMALL, GREY, Align::Right);
            taken = at;
        }
    }
    plot.axis(scene);
    plot
}
