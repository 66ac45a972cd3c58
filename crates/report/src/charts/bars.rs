//! Bars of one figure by strategy and read ratio (or offered load), one panel a stack (and read ratio).

use super::Source;
use super::grouped::{FIGURE, FOOT, Panel, Slot};
use super::subject::{OVER_BLOCKS, bar};
use crate::scene::{Align, DARK, LegendEntry, Plot, Scale, Scene, Sheet, hatched};
use crate::units;
use cachemark_results::Figure;

/// What tells one chart of bars from another.
pub(crate) struct Bars {
    pub(crate) title: String,
    pub(crate) axis: &'static str,
    pub(crate) figure: &'static Figure,
    /// The axis of panels side by side, from their greatest figure, which is 0 where there is none.
    pub(crate) scale: fn(f64) -> Scale,
    pub(crate) more_legend: Vec<LegendEntry>,
    pub(crate) more_notes: Vec<String>,
    /// Whether `scale` differs from row to row.
    pub(crate) own_scales: bool,
    /// Draws more over a bar.
    pub(crate) over: fn(&mut Scene, &Plot, &Slot<'_>),
    /// The height above which the figure may stand, if `over` draws any higher than the whisker.
    pub(crate) top: fn(&Slot<'_>) -> f64,
}

impl Bars {
    pub(crate) fn scene(self, source: Source<'_>) -> Scene {
        let variants = source.variants_with(&[self.figure]);
        let grid = source.grid(variants.len(), 1);
        let mut legend = source.legend(&variants, bar);
        legend.extend(self.more_legend.iter().cloned());
        let mut notes = source.missing(&variants, &[self.figure]);
        notes.extend(self.more_notes.iter().cloned());
        notes.extend(grid.notes.iter().cloned());
        if grid.panels.len() > grid.columns {
            notes.extend(self.own_scales.then(|| "Each row of panels has its own scale.".to_owned()));
        }
        let (mut scene, areas) = Sheet {
            title: self.title.clone(),
            subtitle: source.subtitle(OVER_BLOCKS),
            legend,
            notes,
            panels: grid.panels.len(),
            columns: grid.columns,
            panel_height: grid.panel_height,
        }
        .lay_out();
        // Bars side by side are compared by their height, whatever the panel they stand in.
        let row = |panels: &[Panel<'_>]| panels.iter().map(|panel| self.greatest(source, panel)).fold(0.0, f64::max);
        let scales = grid.panels.chunks(grid.columns).flat_map(|panels| vec![(self.scale)(row(panels)); panels.len()]);
        for ((panel, scale), area) in grid.panels.iter().zip(scales).zip(areas) {
            let axis = (panel.heading.as_str(), self.axis);
            let plot = Plot::begin(&mut scene, area, FOOT, axis, scale, &|v| units::figure_short(self.figure, v));
            let slots = source.slots(&mut scene, &plot, panel, &variants);
            if slots.iter().all(|slot| slot.figures.and_then(|figures| figures.median(self.figure)).is_none()) {
                plot.say(&mut scene, &format!("No trial of this stack has a {}.", self.figure.title));
                continue;
            }
            self.draw(source, &mut scene, &plot, &slots);
        }
        scene
    }

    /// The greatest figure of a panel; 0 where it has none.
    fn greatest(&self, source: Source<'_>, panel: &Panel<'_>) -> f64 {
        let of_stack = panel.stack.cells.iter().map(|cell| &source.analysis.cells[*cell]);
        let of_panel = of_stack.filter(|figures| panel.points.contains(&figures.point()));
        let summaries = of_panel.filter_map(|figures| figures.summary(self.figure));
        summaries.map(|summary| summary.max).fold(0.0, f64::max)
    }

    fn draw(&self, source: Source<'_>, scene: &mut Scene, plot: &Plot, slots: &[Slot<'_>]) {
        let told = |slot: &Slot<'_>| match slot.figures?.times(self.figure) {
            Some(times) => Some(times.median.in_words()),
            None => Some(units::figure_short(self.figure, slot.figures?.median(self.figure)?)),
        };
        // All figures or none: a few among many would look like a choice.
        let all_fit = slots.iter().all(|slot| told(slot).is_none_or(|text| slot.fits(&text)));
        for slot in slots {
            let Some(summary) = slot.figures.and_then(|figures| figures.summary(self.figure)) else {
                slot.say_missing(scene, plot.area.bottom);
                continue;
            };
            let variant = &source.analysis.variants[slot.variant];
            let (left, right) = slot.bar();
            let (from, to) = ((left, plot.at(summary.median)), (right, plot.area.bottom));
            if variant.control {
                hatched(scene, from, to, variant.colour)
            } else {
                scene.fill(from, to, variant.colour)
            }
            if summary.count > 1 {
                scene.whisker((slot.middle(), plot.at(summary.max)), (slot.middle(), plot.at(summary.min)), DARK);
            }
            (self.over)(scene, plot, slot);
            if let (true, Some(text)) = (all_fit, told(slot)) {
                let top = plot.at(summary.max.max((self.top)(slot)));
                scene.text((slot.middle(), top - 10.0), text, FIGURE, DARK, Align::Middle);
            }
        }
        plot.axis(scene);
    }
}
