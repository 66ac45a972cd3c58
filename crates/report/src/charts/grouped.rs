//! Places for bars and marks: side by side within each read ratio, or within each offered load.

use super::{Source, room};
use crate::analysis::{CellFigures, Point, Stack};
use crate::scene::{Align, DARK, GREY, GRID, PAPER, Plot, SMALL, Scene, level_headings, width};
use crate::units;

/// Room under the data for the read ratios and the axis's name.
pub(crate) const FOOT: f64 = 44.0;
/// The size of figures in the plot.
pub(crate) const FIGURE: f64 = SMALL;

/// The place of one cell.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slot<'a> {
    pub(crate) variant: usize,
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) figures: Option<&'a CellFigures<'a>>,
}

impl Slot<'_> {
    pub(crate) fn middle(&self) -> f64 {
        f64::midpoint(self.left, self.right)
    }

    /// The edges of a bar in it.
    pub(crate) fn bar(&self) -> (f64, f64) {
        let half = ((self.right - self.left) * 0.38).min(28.0);
        (self.middle() - half, self.middle() + half)
    }

    /// Marks on its bar what theory gives, at that height.
    pub(crate) fn mark(&self, scene: &mut Scene, at: f64) {
        let (left, right) = self.bar();
        scene.line(&[(left - 3.0, at), (right + 3.0, at)], DARK, 1.0);
        scene.diamond((right + 1.0, at), 4.5, PAPER);
        scene.diamond((right + 1.0, at), 3.5, DARK);
    }

    /// Says that there is no figure.
    pub(crate) fn say_missing(&self, scene: &mut Scene, bottom: f64) {
        let text = if width("n/a", FIGURE, false) + 2.0 <= self.right - self.left { "n/a" } else { "×" };
        scene.text((self.middle(), bottom - 10.0), text, FIGURE, GREY, Align::Middle);
    }

    /// Whether the text fits over it.
    pub(crate) fn fits(&self, text: &str) -> bool {
        width(text, FIGURE, false) + 4.0 <= self.right - self.left
    }
}

/// A panel with bars, and what stands in it from left to right.
#[derive(Debug, Clone)]
pub(crate) struct Panel<'a> {
    pub(crate) stack: &'a Stack,
    /// What tells it from the other panels; nothing where there is only one.
    pub(crate) heading: String,
    /// One group of bars each.
    pub(crate) points: Vec<Point>,
}

/// How a chart with groups of bars is divided.
#[derive(Debug, Clone)]
pub(crate) struct Grid<'a> {
    pub(crate) panels: Vec<Panel<'a>>,
    pub(crate) columns: usize,
    pub(crate) panel_height: f64,
    /// What has to be said of offered loads and places that are not drawn.
    pub(crate) notes: Vec<String>,
}

/// The narrowest place that a bar is drawn in, in a panel as wide as the chart.
const NARROWEST: f64 = 16.0;
const WIDEST_PANEL: f64 = 836.0;

impl<'a> Source<'a> {
    /// "Throughput by strategy and read ratio", or whatever compares, and whatever the groups of bars are.
    pub(crate) fn by(self, what: &str) -> String {
        let axis = if self.analysis.has_many_rates() { "offered load" } else { "read ratio" };
        format!("{what} by {} and {axis}", self.analysis.subject.name())
    }

    /// One panel a stack with a group for each read ratio; where the offered load is an axis, one panel a stack and read
    /// ratio, with a group for each offered load that there is room for. The chart draws each panel `kinds` times.
    pub(crate) fn grid(self, variants: usize, kinds: usize) -> Grid<'a> {
        let analysis = self.analysis;
        let room = (WIDEST_PANEL * 0.9 / NARROWEST) as usize / variants.max(1);
        let rates = analysis.some_rates(room.clamp(2, 8));
        let mut panels: Vec<Panel<'a>> =
            if analysis.has_many_rates() { self.by_rate(&rates) } else { self.by_read_ratio() };
        let bars = variants * panels.iter().map(|panel| panel.points.len()).max().unwrap_or(0);
        let (columns, panel_height) = match panels.len() {
            0 | 1 => (1, 380.0),
            _ if bars <= 18 => (2, 310.0),
            _ => (1, 310.0),
        };
        let mut notes: Vec<String> = self.not_drawn(&rates).into_iter().collect();
        notes.extend(room::cut(&mut panels, room::panels(panel_height, columns) / kinds.max(1)));
        let mut headings: Vec<&mut String> = panels.iter_mut().map(|panel| &mut panel.heading).collect();
        level_headings(&mut headings, columns);
        Grid { panels, columns, panel_height, notes }
    }

    fn by_read_ratio(self) -> Vec<Panel<'a>> {
        let panel =
            |stack: &'a Stack| Panel { stack, heading: self.heading(stack), points: self.analysis.points.clone() };
        self.analysis.stacks.iter().map(panel).collect()
    }

    fn by_rate(self, rates: &[f64]) -> Vec<Panel<'a>> {
        let ratios = &self.analysis.read_ratios;
        let panel = |stack: &'a Stack, read_ratio: f64| {
            let mut parts = vec![self.heading(stack)];
            parts.extend((ratios.len() > 1).then(|| format!("read ratio {read_ratio}")));
            parts.retain(|part| !part.is_empty());
            let points = rates.iter().map(|rate| Point { read_ratio, offered_per_s: Some(*rate) }).collect();
            Panel { stack, heading: parts.join(", "), points }
        };
        let stacks = self.analysis.stacks.iter();
        stacks.flat_map(|stack| ratios.iter().map(move |ratio| panel(stack, *ratio))).collect()
    }

    /// Says which offered loads are drawn, if some are not.
    pub(crate) fn not_drawn(self, rates: &[f64]) -> Option<String> {
        (rates.len() < self.analysis.rates.len()).then(|| {
            let told: Vec<String> = rates.iter().map(|rate| units::count(*rate)).collect();
            format!(
                "Drawn: offered loads of {}/s, of the {} in the record; the tables have all.",
                told.join(", "),
                self.analysis.rates.len()
            )
        })
    }

    /// The places of a panel. Draws the read ratios or the offered loads below.
    pub(crate) fn slots(self, scene: &mut Scene, plot: &Plot, panel: &Panel<'_>, variants: &[usize]) -> Vec<Slot<'a>> {
        let area = plot.area;
        let group = (area.right - area.left) / panel.points.len().max(1) as f64;
        let slot = group * 0.9 / variants.len().max(1) as f64;
        let by_rate = self.analysis.has_many_rates();
        let mut slots = Vec::new();
        for (index, point) in panel.points.iter().enumerate() {
            let left = area.left + group * index as f64;
            if index > 0 {
                scene.line(&[(left, area.top), (left, area.bottom + 8.0)], GRID, 1.0);
            }
            let name = match point.offered_per_s {
                Some(rate) if by_rate => offered_in(rate, group),
                _ => format!("{}", point.read_ratio),
            };
            scene.text((left + group / 2.0, area.bottom + 13.0), name, SMALL, GREY, Align::Middle);
            for (place, variant) in variants.iter().enumerate() {
                let left = left + group * 0.05 + slot * place as f64;
                let figures = self.analysis.at(panel.stack, *variant, *point);
                slots.push(Slot { variant: *variant, left, right: left + slot, figures });
            }
        }
        let middle = f64::midpoint(area.left, area.right);
        let axis = if by_rate { "offered load, arrivals per second" } else { "read ratio" };
        scene.text((middle, area.bottom + 32.0), axis, SMALL, GREY, Align::Middle);
        slots
    }
}

/// An offered load in full if that fits, else in few characters.
fn offered_in(rate: f64, room: f64) -> String {
    let full = units::count(rate);
    if width(&full, SMALL, false) + 6.0 <= room { full } else { units::short(rate) }
}
