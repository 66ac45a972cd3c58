//! Service time of reads by strategy and read ratio: median and 99th percentile.

use super::grouped::{FIGURE, FOOT, Slot};
use super::{Chart, Source};
use crate::analysis::Metric;
use crate::scene::{Align, DARK, GREY, LegendEntry, Plot, Point, Scale, Scene, Sheet, Swatch, paler};
use crate::units;

const BOTH: [Metric; 2] = [Metric::ReadP50, Metric::ReadP99];

pub(crate) fn chart(source: Source<'_>) -> Chart {
    let title = format!("Service time of reads by {} and read ratio", source.analysis.subject.name());
    Chart {
        name: "service-time".into(),
        alt: source.in_words(&title, &BOTH),
        title,
        reading: "Lower is better, and each line of the grid is a factor, not a difference: the disc is the median read, the \
                  diamond the slowest in a hundred."
            .into(),
        scene: scene(source),
    }
}

fn scene(source: Source<'_>) -> Scene {
    let variants = source.variants_with(&BOTH);
    let (columns, panel_height) = source.grid(variants.len());
    let mut legend =
        source.legend(&variants, |colour, control| if control { Swatch::Ring(colour) } else { Swatch::Disc(colour) });
    legend.push(LegendEntry { swatch: Swatch::Disc(GREY), text: "disc: p50".into() });
    legend.push(LegendEntry { swatch: Swatch::Diamond(GREY), text: "diamond: p99".into() });
    legend.push(LegendEntry { swatch: Swatch::Whisker, text: "least to greatest over blocks".into() });
    let mut notes = source.missing(&variants, &BOTH);
    notes.push(
        "Marks: the median over blocks of each trial's percentile. None is given from too few reads: p50 takes 20 in a \
         trial, p99 takes 1,000."
            .into(),
    );
    let (mut scene, areas) = Sheet {
        title: format!(
            "Service time of reads by {} and read ratio: p50 and p99 (log axis)",
            source.analysis.subject.name()
        ),
        subtitle: source.subtitle(""),
        legend,
        notes,
        panels: source.analysis.stacks.len(),
        columns,
        panel_height,
    }
    .lay_out();
    let summaries = source.analysis.cells.iter().flat_map(|figures| BOTH.map(|metric| figures.summary(metric)));
    let all: Vec<f64> = summaries.flatten().flat_map(|summary| [summary.min, summary.max]).collect();
    // One axis for all panels; without a figure any axis will do, since the panels say so.
    let scale = Scale::log_around(all, 1.6).unwrap_or(Scale::Log { from: 1e3, to: 1e6 });
    for (stack, area) in source.analysis.stacks.iter().zip(areas) {
        let heading = source.heading(stack);
        let plot = Plot::begin(&mut scene, area, FOOT, (&heading, "service time of a read"), scale, &|ns| {
            units::time_tick(ns)
        });
        let slots = source.slots(&mut scene, &plot, stack, &variants);
        draw(source, &mut scene, &plot, &slots);
    }
    scene
}

fn draw(source: Source<'_>, scene: &mut Scene, plot: &Plot, slots: &[Slot<'_>]) {
    let told = |slot: &Slot<'_>, metric: Metric| Some(metric.format_short(slot.figures?.median(metric)?));
    if slots.iter().all(|slot| BOTH.iter().all(|metric| told(slot, *metric).is_none())) {
        return plot.say(scene, "No trial of this stack has enough reads for a percentile.");
    }
    let all_fit = slots.iter().all(|slot| BOTH.iter().all(|m| told(slot, *m).is_none_or(|text| slot.fits(&text))));
    for slot in slots {
        let p50 = slot.figures.and_then(|figures| figures.summary(Metric::ReadP50));
        let p99 = slot.figures.and_then(|figures| figures.summary(Metric::ReadP99));
        let variant = &source.analysis.variants[slot.variant];
        let x = slot.middle();
        if let (Some(p50), Some(p99)) = (p50, p99) {
            scene.line(&[(x, plot.at(p50.median)), (x, plot.at(p99.median))], paler(variant.colour, 0.55), 3.0);
        }
        if p50.is_none() && p99.is_none() {
            slot.say_missing(scene, plot.area.bottom);
        }
        for (summary, metric, below) in [(p50, Metric::ReadP50, true), (p99, Metric::ReadP99, false)] {
            let Some(summary) = summary else { continue };
            if summary.count > 1 {
                scene.whisker((x, plot.at(summary.max)), (x, plot.at(summary.min)), DARK);
            }
            mark(scene, (x, plot.at(summary.median)), metric, variant.colour, variant.control);
            if all_fit {
                let at = if below { plot.at(summary.min) + 14.0 } else { plot.at(summary.max) - 14.0 };
                scene.text((x, at), metric.format_short(summary.median), FIGURE, DARK, Align::Middle);
            }
        }
    }
}

fn mark(scene: &mut Scene, at: Point, metric: Metric, colour: [u8; 3], control: bool) {
    match (metric, control) {
        (Metric::ReadP50, false) => scene.disc(at, 5.5, colour),
        (Metric::ReadP50, true) => scene.ring(at, 5.5, colour),
        (_, false) => scene.diamond(at, 7.0, colour),
        (_, true) => {
            scene.diamond(at, 7.0, colour);
            scene.diamond(at, 4.0, [255; 3]);
        }
    }
}
