//! Service time and response time by strategy and read ratio (or offered load): median and 99th percentile.

use super::grouped::{FIGURE, FOOT, Slot};
use super::{Chart, Source};
use crate::scene::{Align, Colour, DARK, GREY, LegendEntry, PAPER, Plot, Point, Scale, Scene, Sheet, Swatch, paler};
use crate::units;
use cachemark_results::Figure;
use cachemark_results::figure::{read, response, service};

/// How far from its mark the middle of a figure in words is.
const APART: f64 = 14.0;
/// What a mark needs for it up to the axis: that far, half its height and a little air.
const LINE: f64 = APART + FIGURE / 2.0 + 3.0;

/// What tells one chart of times from another.
struct Times {
    name: &'static str,
    /// Of what, as a title begins.
    what: &'static str,
    axis: &'static str,
    /// One of those that the percentiles are of.
    one: &'static str,
    /// Median and 99th percentile.
    both: [&'static Figure; 2],
}

/// The service time of an open loop: of what the response time beside it is of.
const OF_OPERATIONS: Times = Times {
    name: "service-time",
    what: "Service time",
    axis: "service time (completion - actual start)",
    one: "operation",
    both: [service::P50, service::P99],
};

/// The service time of a closed loop.
const OF_READS: Times = Times {
    name: "service-time",
    what: "Service time of reads",
    axis: "service time of a read",
    one: "read",
    both: [read::P50, read::P99],
};

/// The response time of every answered operation, of an open loop.
const RESPONSE: Times = Times {
    name: "response-time",
    what: "Response time",
    axis: "response time (completion - intended start)",
    one: "operation",
    both: [response::P50, response::P99],
};

/// The charts of times of a closed or an open loop.
fn of_loop(open_loop: bool) -> &'static [Times] {
    if open_loop { &[RESPONSE, OF_OPERATIONS] } else { &[OF_READS] }
}

/// The figures that they show.
pub(super) fn shown(open_loop: bool) -> Vec<&'static Figure> {
    of_loop(open_loop).iter().flat_map(|times| times.both).collect()
}

pub(crate) fn charts(source: Source<'_>) -> Vec<Chart> {
    of_loop(source.analysis.open_loop).iter().map(|times| times.chart(source)).collect()
}

impl Times {
    fn chart(&self, source: Source<'_>) -> Chart {
        let title = source.by(self.what);
        Chart {
            lacks: source.lacks(&self.both, "no trial has enough operations for a percentile."),
            name: self.name.into(),
            table: None,
            reading: format!(
                "Lower is better, and each line of the grid is a factor, not a difference: the disc is the median {}, the \
                 diamond the slowest in a hundred.",
                self.one
            ),
            alt: source.in_words(&title, &self.both),
            scene: self.scene(source, &title),
            title,
        }
    }

    fn scene(&self, source: Source<'_>, title: &str) -> Scene {
        let variants = source.variants_with(&self.both);
        let grid = source.grid(variants.len(), 1);
        let mut legend = source
            .legend(&variants, |colour, control| if control { Swatch::Ring(colour) } else { Swatch::Disc(colour) });
        legend.push(LegendEntry { swatch: Swatch::Disc(GREY), text: "disc: p50".into() });
        legend.push(LegendEntry { swatch: Swatch::Diamond(GREY), text: "diamond: p99".into() });
        legend.push(LegendEntry { swatch: Swatch::Whisker, text: "least to greatest over blocks".into() });
        let mut notes = source.missing(&variants, &self.both);
        notes.push(format!(
            "Marks: the median over blocks of each trial's percentile. None is given from too few {}s: p50 takes 20 in a \
             trial, p99 takes 1,000.",
            self.one
        ));
        notes.extend(grid.notes.iter().cloned());
        let (mut scene, areas) = Sheet {
            title: format!("{title}: p50 and p99 (log axis)"),
            subtitle: source.subtitle(""),
            legend,
            notes,
            panels: grid.panels.len(),
            columns: grid.columns,
            panel_height: grid.panel_height,
        }
        .lay_out();
        let summaries =
            source.analysis.cells.iter().flat_map(|figures| self.both.map(|figure| figures.summary(figure)));
        let all: Vec<f64> = summaries.flatten().flat_map(|summary| [summary.min, summary.max]).collect();
        // One axis for all panels; without a figure any axis will do, since the panels say so.
        let heights = grid.panels.iter().zip(&areas).map(|(panel, area)| {
            let inside = Plot::inside(*area, FOOT, &panel.heading);
            inside.bottom - inside.top
        });
        let room = room(&all, heights.fold(f64::INFINITY, f64::min));
        let scale = Scale::log_around(all, room).unwrap_or(Scale::Log { from: 1e3, to: 1e6 });
        for (panel, area) in grid.panels.iter().zip(areas) {
            let axis = (panel.heading.as_str(), self.axis);
            let plot = Plot::begin(&mut scene, area, FOOT, axis, scale, &|ns| units::time_tick(ns));
            let slots = source.slots(&mut scene, &plot, panel, &variants);
            self.draw(source, &mut scene, &plot, &slots);
        }
        scene
    }

    fn draw(&self, source: Source<'_>, scene: &mut Scene, plot: &Plot, slots: &[Slot<'_>]) {
        let told = |slot: &Slot<'_>, figure: &Figure| Some(units::figure_short(figure, slot.figures?.median(figure)?));
        if slots.iter().all(|slot| self.both.iter().all(|figure| told(slot, figure).is_none())) {
            return plot.say(scene, &format!("No trial of this stack has enough {}s for a percentile.", self.one));
        }
        let fits = |slot: &Slot<'_>, figure| told(slot, figure).is_none_or(|text| slot.fits(&text));
        let all_fit = slots.iter().all(|slot| self.both.iter().all(|figure| fits(slot, figure)));
        for slot in slots {
            let [p50, p99] = self.both.map(|figure| slot.figures.and_then(|figures| figures.summary(figure)));
            let variant = &source.analysis.variants[slot.variant];
            let colour = Colour::from(variant.colour);
            let x = slot.middle();
            if let (Some(p50), Some(p99)) = (p50, p99) {
                scene.line(&[(x, plot.at(p50.median)), (x, plot.at(p99.median))], paler(colour, 0.55), 3.0);
            }
            if p50.is_none() && p99.is_none() {
                slot.say_missing(scene, plot.area.bottom);
            }
            for (summary, is_median) in [(p50, true), (p99, false)] {
                let Some(summary) = summary else { continue };
                if summary.count > 1 {
                    scene.whisker((x, plot.at(summary.max)), (x, plot.at(summary.min)), DARK);
                }
                mark(scene, (x, plot.at(summary.median)), is_median, colour, variant.control);
                if all_fit {
                    let at = if is_median { plot.at(summary.min) + APART } else { plot.at(summary.max) - APART };
                    scene.text((x, at), units::time(summary.median), FIGURE, DARK, Align::Middle);
                }
            }
        }
    }
}

/// The factor around the figures that leaves room for a figure in words above and below, in panels of that height: on an axis
/// of many decades, a line of text is a large factor.
fn room(figures: &[f64], height: f64) -> f64 {
    let above = || figures.iter().copied().filter(|figure| *figure > 0.0);
    let factor = above().fold(0.0, f64::max) / above().fold(f64::INFINITY, f64::min);
    // Of the height, a line at either end is not for marks; what is left of it holds `factor`.
    factor.max(1.0).powf(LINE / (height - 2.0 * LINE)).max(1.6)
}

fn mark(scene: &mut Scene, at: Point, is_median: bool, colour: Colour, control: bool) {
    match (is_median, control) {
        (true, false) => scene.disc(at, 5.5, colour),
        (true, true) => scene.ring(at, 5.5, colour),
        (_, false) => scene.diamond(at, 7.0, colour),
        (_, true) => {
            scene.diamond(at, 7.0, colour);
            scene.diamond(at, 4.0, PAPER);
        }
    }
}
