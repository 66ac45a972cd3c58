//! Places for bars and marks: side by side within each read ratio.

use super::Source;
use crate::analysis::{CellFigures, Stack};
use crate::scene::{Align, GREY, GRID, Plot, SMALL, Scene, width};

/// Room under the data for the read ratios and the axis's name.
pub(crate) const FOOT: f64 = 44.0;
/// The size of figures in the plot.
pub(crate) const FIGURE: f64 = 13.5;

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

impl<'a> Source<'a> {
    /// How a chart with one panel a stack is divided: columns, and the height of a panel.
    pub(crate) fn grid(self, variants: usize) -> (usize, f64) {
        let bars = variants * self.analysis.read_ratios.len();
        match self.analysis.stacks.len() {
            0 | 1 => (1, 380.0),
            _ if bars <= 18 => (2, 310.0),
            _ => (1, 310.0),
        }
    }

    /// The places of a panel. Draws the read ratios below.
    pub(crate) fn slots(self, scene: &mut Scene, plot: &Plot, stack: &Stack, variants: &[usize]) -> Vec<Slot<'a>> {
        let area = plot.area;
        let ratios = &self.analysis.read_ratios;
        let group = (area.right - area.left) / ratios.len().max(1) as f64;
        let slot = group * 0.9 / variants.len().max(1) as f64;
        let mut slots = Vec::new();
        for (index, ratio) in ratios.iter().enumerate() {
            let left = area.left + group * index as f64;
            if index > 0 {
                scene.line(&[(left, area.top), (left, area.bottom + 8.0)], GRID, 1.0);
            }
            scene.text((left + group / 2.0, area.bottom + 13.0), format!("{ratio}"), SMALL, GREY, Align::Middle);
            for (place, variant) in variants.iter().enumerate() {
                let left = left + group * 0.05 + slot * place as f64;
                let figures = self.analysis.at(stack, *variant, *ratio);
                slots.push(Slot { variant: *variant, left, right: left + slot, figures });
            }
        }
        let middle = f64::midpoint(area.left, area.right);
        scene.text((middle, area.bottom + 32.0), "read ratio", SMALL, GREY, Align::Middle);
        slots
    }
}
