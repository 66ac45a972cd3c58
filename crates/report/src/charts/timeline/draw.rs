//! A band of a timeline: arms side by side, figures below each other.

use super::arm::{Arm, Line, middle};
use super::rows::Row;
use crate::analysis::FaultInWords;
use crate::scene::{
    Align, Area, BODY, Colour, DARK, GREY, GRID, Plot, SMALL, Scale, Scene, dotted, paler, shorten_name, width,
};
use crate::units;

/// The time of a fault, and its ends.
pub(super) const SHADE: Colour = Colour::new([255, 236, 200], [66, 49, 18]);
pub(super) const EDGE: Colour = Colour::new([191, 102, 6], [227, 160, 60]);
/// How pale a block's line is.
pub(super) const PALE: f64 = 0.6;

/// Above the rows: the arm's name, and the fault's.
const HEAD: f64 = 50.0;
/// A row, of which its heading takes a part.
const ROW: f64 = 116.0;
const HEADING: f64 = 24.0;
const BETWEEN: f64 = 10.0;
/// Below: the axis of time.
const FOOT: f64 = 42.0;
/// Room for the figures of the upright axes.
const FIGURES: f64 = 62.0;
const GAP: f64 = 16.0;
/// The least height between two figures of an axis.
const APART: f64 = 16.0;

/// How high a band of so many rows is.
pub(super) fn height(rows: usize) -> f64 {
    HEAD + rows as f64 * ROW + FOOT
}

/// What stands for a fault where there are several.
pub(super) fn letter(place: usize) -> char {
    char::from(b'A' + (place % 26) as u8)
}

/// The names that stand over the faults: what was done, if that is one thing; letters otherwise.
pub(super) fn names(faults: &[FaultInWords]) -> Vec<String> {
    match faults {
        [one] => vec![one.what.clone()],
        several => (0..several.len()).map(|place| letter(place).to_string()).collect(),
    }
}

/// Arms side by side, for so many of which there is room, and the names of the faults.
pub(super) struct Columns<'a> {
    pub(super) arms: &'a [Arm],
    pub(super) abreast: usize,
    pub(super) faults: &'a [String],
}

/// The arms of one band.
pub(super) fn band(scene: &mut Scene, area: Area, columns: &Columns<'_>, rows: &[Row], x: Scale) {
    let Columns { arms, abreast, faults } = *columns;
    let wide = (area.right - area.left - FIGURES - GAP * (abreast - 1) as f64) / abreast as f64;
    for (row, place) in rows.iter().zip(0_u32..) {
        let top = area.top + HEAD + f64::from(place) * ROW;
        scene.bold((area.left, top + HEADING / 2.0), row.heading, SMALL, DARK, Align::Left);
    }
    for (column, arm) in arms.iter().enumerate() {
        let left = area.left + FIGURES + column as f64 * (wide + GAP);
        let name = shorten_name(&arm.label, BODY * 1.08, wide);
        scene.bold((left, area.top + 10.0), name, BODY, DARK, Align::Left);
        for (row, place) in rows.iter().zip(0_u32..) {
            let top = area.top + HEAD + f64::from(place) * ROW + HEADING;
            let inner = Area { left, top, right: left + wide, bottom: top + ROW - HEADING - BETWEEN };
            let is_last = place as usize + 1 == rows.len();
            panel(scene, Plot { area: inner, y: row.scale }, (row, arm), x, (column == 0, is_last));
        }
        let strip = Area { left, top: area.top + 26.0, right: left + wide, bottom: area.top + HEAD };
        labels(scene, strip, (arm, faults), x);
    }
}

/// One arm's figure over time.
fn panel(scene: &mut Scene, plot: Plot, (row, arm): (&Row, &Arm), x: Scale, (is_first, is_last): (bool, bool)) {
    let faults = places(&plot, arm, x);
    shade(scene, &plot, &faults);
    let mut taken = f64::INFINITY;
    for tick in plot.y.ticks(4) {
        let at = plot.at(tick);
        if taken - at >= APART {
            scene.line(&[(plot.area.left, at), (plot.area.right, at)], GRID, 1.0);
            if is_first {
                scene.text((plot.area.left - 7.0, at), (row.format)(tick), SMALL, GREY, Align::Right);
            }
            taken = at;
        }
    }
    let wanted = ((plot.area.right - plot.area.left) / 60.0).clamp(2.0, 8.0) as usize;
    for tick in x.ticks(wanted).into_iter().filter(|_| !is_last) {
        let at = plot.across(x, tick);
        scene.line(&[(at, plot.area.top), (at, plot.area.bottom)], GRID, 1.0);
    }
    if is_last {
        plot.level_axis(scene, x, &x.ticks(wanted), &units::short, "seconds of the window");
    } else {
        plot.axis(scene);
    }
    edges(scene, &plot, &faults);
    let lines = arm.lines(row.of);
    if lines.iter().flatten().all(|(_, value)| value.is_none()) {
        return plot.say(scene, "no figures");
    }
    if lines.len() > 1 {
        lines.iter().for_each(|line| draw(scene, &plot, x, line, (paler(arm.colour, PALE), 1.0)));
    }
    if let Some(beside) = row.beside {
        let middle = middle(&arm.lines(beside));
        runs(&plot, x, &middle).into_iter().for_each(|run| dotted(scene, &run, GREY, 1.8));
    }
    draw(scene, &plot, x, &middle(&lines), (arm.colour, 2.2));
}

/// When each fault was in place, as places of the level axis.
fn places(plot: &Plot, arm: &Arm, x: Scale) -> Vec<(f64, f64)> {
    let place = |at: f64| within(plot, plot.across(x, at));
    arm.faults.iter().flatten().map(|(began, ended)| (place(*began), place(*ended))).collect()
}

/// What is drawn under the grid, and over it.
fn shade(scene: &mut Scene, plot: &Plot, faults: &[(f64, f64)]) {
    for (from, to) in faults.iter().filter(|(from, to)| to - from > 1.0) {
        scene.fill((*from, plot.area.top), (*to, plot.area.bottom), SHADE);
    }
}

fn edges(scene: &mut Scene, plot: &Plot, faults: &[(f64, f64)]) {
    let Area { top, bottom, .. } = plot.area;
    for (from, to) in faults {
        let lasts = to - from > 1.0;
        scene.line(&[(*from, top), (*from, bottom)], EDGE, if lasts { 1.0 } else { 2.0 });
        if lasts {
            scene.line(&[(*to, top), (*to, bottom)], EDGE, 1.0);
        }
    }
}

fn within(plot: &Plot, at: f64) -> f64 {
    at.clamp(plot.area.left, plot.area.right)
}

/// The faults' names over the first row: what was done if there is one, letters if there are several.
fn labels(scene: &mut Scene, area: Area, (arm, names): (&Arm, &[String]), x: Scale) {
    let across = |at: f64| area.left + x.place(at) * (area.right - area.left);
    let mut taken = area.left;
    for (name, (began, ended)) in names.iter().zip(&arm.faults).filter_map(|(name, it)| Some((name, (*it)?))) {
        let fits = width(name, SMALL, true) <= area.right - area.left;
        let text = if fits { name.clone() } else { "fault".to_owned() };
        let half = width(&text, SMALL, true) / 2.0;
        let middle = f64::midpoint(across(began), across(ended)).min(area.right - half).max(taken + half);
        if middle + half <= area.right + 1.0 {
            scene.bold((middle, area.top + 9.0), text, SMALL, EDGE, Align::Middle);
            taken = middle + half + 4.0;
        }
    }
}

/// The parts of a line between its gaps.
fn runs(plot: &Plot, x: Scale, line: &Line) -> Vec<Vec<(f64, f64)>> {
    let places: Vec<Option<(f64, f64)>> =
        line.iter().map(|(at, value)| Some((plot.across(x, *at), plot.at((*value)?)))).collect();
    let runs = places.split(Option::is_none).map(|run| run.iter().flatten().copied().collect());
    runs.filter(|run: &Vec<_>| !run.is_empty()).collect()
}

fn draw(scene: &mut Scene, plot: &Plot, x: Scale, line: &Line, (colour, thick): (Colour, f64)) {
    for run in runs(plot, x, line) {
        match run.as_slice() {
            [only] => scene.disc(*only, thick, colour),
            _ => scene.line(&run, colour, thick),
        }
    }
}
