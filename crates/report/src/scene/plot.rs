//! A panel with its axes.

use super::sheet::{Area, panel_width};
use super::text::{shorten, width, wrap_bold};
use super::{AXIS, Align, BODY, Colour, DARK, GREY, GRID, PAPER, Point, SMALL, Scale, Scene, paler};

/// A panel: the part of it that holds the data, and the axis of figures.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plot {
    /// Where the data are.
    pub(crate) area: Area,
    /// The upright axis.
    pub(crate) y: Scale,
}

/// Room above a panel for the first line of its heading, for each further one, and for the axis's name.
const HEADING: f64 = 26.0;
const LINE: f64 = 20.0;
/// More lines would leave no room for the data.
const MOST_LINES: usize = 4;
const AXIS_NAME: f64 = 27.0;
/// Room for the figures of the upright axis.
const FIGURES: f64 = 64.0;

impl Plot {
    /// Where the data of a panel of `area` will be.
    pub(crate) fn inside(area: Area, foot: f64, heading: &str) -> Area {
        let lines = lines(heading, area.right - area.left).len();
        let heading = if lines == 0 { 0.0 } else { HEADING + LINE * (lines - 1) as f64 };
        let top = area.top + heading + AXIS_NAME;
        Area { left: area.left + FIGURES, top, right: area.right, bottom: area.bottom - foot }
    }

    /// The panel of `area` with `foot` pixels below the data for what stands under the axis. Draws heading, name of the
    /// upright axis, grid and figures.
    pub(crate) fn begin(
        scene: &mut Scene,
        area: Area,
        foot: f64,
        (heading, name): (&str, &str),
        y: Scale,
        format: &dyn Fn(f64) -> String,
    ) -> Self {
        let inner = Self::inside(area, foot, heading);
        let top = inner.top;
        for (place, line) in lines(heading, area.right - area.left).into_iter().enumerate() {
            let y = area.top + HEADING / 2.0 - 2.0 + LINE * place as f64;
            scene.bold((area.left, y), line, BODY, DARK, Align::Left);
        }
        scene.text((area.left, top - AXIS_NAME / 2.0 - 4.0), name, SMALL, GREY, Align::Left);
        let plot = Self { area: inner, y };
        let wanted = ((inner.bottom - inner.top) / 36.0).clamp(4.0, 8.0) as usize;
        for tick in y.ticks(wanted) {
            let at = plot.at(tick);
            scene.line(&[(inner.left, at), (inner.right, at)], GRID, 1.0);
            scene.text((inner.left - 8.0, at), format(tick), SMALL, GREY, Align::Right);
        }
        plot.axis(scene);
        plot
    }

    /// The line under the data.
    pub(crate) fn axis(&self, scene: &mut Scene) {
        let Area { left, right, bottom, .. } = self.area;
        scene.line(&[(left, bottom), (right, bottom)], AXIS, 1.5);
    }

    /// The height of a figure.
    pub(crate) fn at(&self, figure: f64) -> f64 {
        self.area.bottom - self.y.place(figure) * (self.area.bottom - self.area.top)
    }

    /// The place of a figure of a level axis.
    pub(crate) fn across(&self, x: Scale, figure: f64) -> f64 {
        self.area.left + x.place(figure) * (self.area.right - self.area.left)
    }

    /// A level axis: light lines, the figures below (only those that fit), and its name.
    pub(crate) fn level_axis(
        &self,
        scene: &mut Scene,
        x: Scale,
        ticks: &[f64],
        format: &dyn Fn(f64) -> String,
        name: &str,
    ) {
        let mut taken = f64::NEG_INFINITY;
        for tick in ticks {
            let (at, text) = (self.across(x, *tick), format(*tick));
            scene.line(&[(at, self.area.top), (at, self.area.bottom)], GRID, 1.0);
            let half = width(&text, SMALL, false) / 2.0;
            if at - half > taken + 6.0 {
                scene.text((at, self.area.bottom + 13.0), text, SMALL, GREY, Align::Middle);
                taken = at + half;
            }
        }
        let middle = f64::midpoint(self.area.left, self.area.right);
        if !name.is_empty() {
            scene.text((middle, self.area.bottom + 32.0), name, SMALL, GREY, Align::Middle);
        }
        self.axis(scene);
    }

    /// Says in the middle of the panel why it is empty.
    pub(crate) fn say(&self, scene: &mut Scene, text: &str) {
        let Area { left, top, right, bottom } = self.area;
        let text = shorten(text, BODY, right - left - 20.0);
        let (x, y) = (f64::midpoint(left, right), f64::midpoint(top, bottom));
        let half = width(&text, BODY, false) / 2.0 + 8.0;
        scene.fill((x - half, y - 11.0), (x + half, y + 11.0), PAPER);
        scene.text((x, y), text, BODY, GREY, Align::Middle);
    }
}

/// A panel's heading in as many lines as it takes; a line break at its end is an empty line more.
fn lines(heading: &str, wide: f64) -> Vec<String> {
    let mut lines = wrap_bold(heading, BODY, wide);
    if lines.len() > MOST_LINES {
        lines.truncate(MOST_LINES);
        lines.push("…".to_owned());
    }
    lines.extend(heading.chars().rev().take_while(|letter| *letter == '\n').map(|_| String::new()));
    lines
}

/// Gives headings of panels that stand side by side as many lines, so that the panels' data are as high: `columns` of them in a row.
pub(crate) fn level_headings(headings: &mut [&mut String], columns: usize) {
    let wide = panel_width(columns);
    for row in headings.chunks_mut(columns.max(1)) {
        let most = row.iter().map(|heading| lines(heading, wide).len()).max().unwrap_or(0);
        for heading in row.iter_mut().filter(|heading| !heading.is_empty()) {
            let missing = most - lines(heading, wide).len();
            heading.push_str(&"\n".repeat(missing));
        }
    }
}

/// A hatched rectangle: pale, with slanting lines and an edge. The A/A control looks so.
pub(crate) fn hatched(scene: &mut Scene, from: Point, to: Point, colour: impl Into<Colour>) {
    const STEP: f64 = 6.0;
    let colour = colour.into();
    let (left, top, right, bottom) = (from.0, from.1.min(to.1), to.0, from.1.max(to.1));
    scene.fill((left, top), (right, bottom), paler(colour, 0.72));
    // Lines x + y = c, cut to the rectangle.
    let mut sum = left + top + STEP;
    while sum < right + bottom {
        let start = if sum - left <= bottom { (left, sum - left) } else { (sum - bottom, bottom) };
        let end = if sum - top <= right { (sum - top, top) } else { (right, sum - right) };
        scene.line(&[start, end], colour, 1.0);
        sum += STEP;
    }
    scene.frame((left, top), (right, bottom), colour, 1.5);
}

/// A broken line through the points. The A/A control's lines look so.
pub(crate) fn dashed<C: Into<Colour>>(scene: &mut Scene, points: &[Point], colour: C, width: f64) {
    broken(scene, points, (6.0, 10.0), (colour.into(), width));
}

/// A line of short strokes through the points: what stands beside the figures, or behind them.
pub(crate) fn dotted<C: Into<Colour>>(scene: &mut Scene, points: &[Point], colour: C, width: f64) {
    broken(scene, points, (2.5, 6.0), (colour.into(), width));
}

/// A line of which `dash` pixels of every `period` are drawn.
fn broken(scene: &mut Scene, points: &[Point], (dash, period): (f64, f64), (colour, width): (Colour, f64)) {
    let mut gone = 0.0;
    for pair in points.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        let along = |at: f64| (from.0 + (to.0 - from.0) * at / length, from.1 + (to.1 - from.1) * at / length);
        let mut at = 0.0;
        while at < length {
            let phase = (gone + at) % period;
            let step = if phase < dash { dash - phase } else { period - phase }.max(0.01).min(length - at);
            if phase < dash {
                scene.line(&[along(at), along(at + step)], colour, width);
            }
            at += step;
        }
        gone += length;
    }
}
