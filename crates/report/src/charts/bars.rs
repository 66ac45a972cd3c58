//! Bars of one metric by strategy and read ratio, one panel a stack.

use super::Source;
use super::grouped::{FIGURE, FOOT, Slot};
use super::subject::{OVER_BLOCKS, bar};
use crate::analysis::Metric;
use crate::scene::{Align, DARK, LegendEntry, Plot, Scale, Scene, Sheet, hatched};

/// What tells one chart of bars from another.
pub(crate) struct Bars {
    pub(crate) title: String,
    pub(crate) axis: &'static str,
    pub(crate) metric: Metric,
    /// The axis of a panel, from the greatest figure of its stack; the figure is 0 where there is none.
    pub(crate) scale: fn(f64) -> Scale,
    pub(crate) more_legend: Vec<LegendEntry>,
    pub(crate) more_notes: Vec<String>,
    /// Draws more over a bar.
    pub(crate) over: fn(&mut Scene, &Plot, &Slot<'_>),
    /// The height above which the figure may stand, if `over` draws any higher than the whisker.
    pub(crate) top: fn(&Slot<'_>) -> f64,
}

impl Bars {
    pub(crate) fn scene(self, source: Source<'_>) -> Scene {
        let variants = source.variants_with(&[self.metric]);
        let (columns, panel_height) = source.grid(variants.len());
        let mut legend = source.legend(&variants, bar);
        legend.extend(self.more_legend.iter().cloned());
        let mut notes = source.missing(&variants, &[self.metric]);
        notes.extend(self.more_notes.iter().cloned());
        let (mut scene, areas) = Sheet {
            title: self.title.clone(),
            subtitle: source.subtitle(OVER_BLOCKS),
            legend,
            notes,
            panels: source.analysis.stacks.len(),
            columns,
            panel_height,
        }
        .lay_out();
        for (stack, area) in source.analysis.stacks.iter().zip(areas) {
            let of_stack = stack.cells.iter().filter_map(|cell| source.analysis.cells[*cell].summary(self.metric));
            let scale = (self.scale)(of_stack.map(|summary| summary.max).fold(0.0, f64::max));
            let heading = source.heading(stack);
            let plot =
                Plot::begin(&mut scene, area, FOOT, (&heading, self.axis), scale, &|v| self.metric.format_short(v));
            let slots = source.slots(&mut scene, &plot, stack, &variants);
            if slots.iter().all(|slot| slot.figures.and_then(|figures| figures.median(self.metric)).is_none()) {
                plot.say(&mut scene, &format!("No trial of this stack has a {}.", self.metric.title()));
                continue;
            }
            self.draw(source, &mut scene, &plot, &slots);
        }
        scene
    }

    fn draw(&self, source: Source<'_>, scene: &mut Scene, plot: &Plot, slots: &[Slot<'_>]) {
        let told = |slot: &Slot<'_>| Some(self.metric.format_short(slot.figures?.median(self.metric)?));
        // All figures or none: a few among many would look like a choice.
        let all_fit = slots.iter().all(|slot| told(slot).is_none_or(|text| slot.fits(&text)));
        for slot in slots {
            let Some(summary) = slot.figures.and_then(|figures| figures.summary(self.metric)) else {
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
