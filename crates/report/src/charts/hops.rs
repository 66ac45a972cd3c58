//! Where the operations' time goes: stacked bars by strategy and read ratio (or offered load), for hits, misses and writes.

use super::grouped::{FIGURE, FOOT, Panel, Slot};
use super::subject::bar;
use super::{Chart, Source};
use crate::analysis::{CellFigures, HopGroup, HopParts};
use crate::scene::{Align, Colour, DARK, GREY, LegendEntry, Plot, Scale, Scene, Sheet, Swatch, darker, hatched, paler};
use crate::units;

/// Panels of the chart: for each of these one for each stack.
const KINDS: [(&str, &[HopGroup]); 3] = [
    ("reads that hit", &[HopGroup::Hits]),
    ("reads that load from the store", &[HopGroup::Misses, HopGroup::Bypass]),
    ("writes and deletes", &[HopGroup::Writes]),
];

pub(crate) fn chart(source: Source<'_>) -> Chart {
    let title = source.by("Where the time goes");
    Chart {
        lacks: None,
        name: "hops".into(),
        table: None,
        reading: "A bar is the mean service time of an operation: what the cache took, then the store, then the rest, which is \
                  the strategy's and the client's own. The narrow strip at the left of a bar says how much of cache and store \
                  was waiting for a connection."
            .into(),
        alt: in_words(source, &title),
        scene: scene(source, &title),
        title,
    }
}

/// A cell's operations of a kind: no cell has two groups of one kind, since a strategy asks its cache or does not.
fn parts_of(figures: &CellFigures<'_>, groups: &[HopGroup]) -> Option<HopParts> {
    groups.iter().find_map(|group| figures.hops(*group))
}

fn scene(source: Source<'_>, title: &str) -> Scene {
    let timed = |variant: &usize| {
        let of_variant = source.analysis.cells.iter().filter(|figures| figures.variant == *variant);
        of_variant.flat_map(|figures| KINDS.map(|(_, groups)| parts_of(figures, groups))).flatten().next().is_some()
    };
    let variants: Vec<usize> = (0..source.analysis.variants.len()).filter(timed).collect();
    let grid = source.grid(variants.len(), KINDS.len());
    let panels: Vec<(&Panel<'_>, &str, &[HopGroup])> =
        KINDS.iter().flat_map(|(kind, groups)| grid.panels.iter().map(move |panel| (panel, *kind, *groups))).collect();
    let mut notes = vec![
        "Each row of panels has its own scale. Service times of answered operations; misses that joined another's load are in the \
         table."
            .to_owned(),
    ];
    notes.extend(grid.notes.iter().cloned());
    let (mut scene, areas) = Sheet {
        title: format!("{title}: mean service time by hop"),
        subtitle: source.subtitle("bars: the median over blocks of each part's mean"),
        legend: legend(source, &variants),
        notes,
        panels: panels.len(),
        columns: grid.columns,
        panel_height: if panels.len() > KINDS.len() { 250.0 } else { 310.0 },
    }
    .lay_out();
    let tops = panels.iter().map(|(panel, _, groups)| greatest(source, panel, groups)).collect::<Vec<_>>();
    let scales = tops.chunks(grid.columns).flat_map(|row| vec![Scale::from_zero(row.iter().copied(), 1.14); row.len()]);
    for (((panel, kind, groups), scale), area) in panels.into_iter().zip(scales).zip(areas) {
        let axis = format!("mean service time of {kind}");
        let plot = Plot::begin(&mut scene, area, FOOT, (&panel.heading, &axis), scale, &units::time_tick);
        let slots = source.slots(&mut scene, &plot, panel, &variants);
        draw(source, &mut scene, &plot, &slots, groups);
    }
    scene
}

/// How high the bars of a panel are at most; 0 where it has none.
fn greatest(source: Source<'_>, panel: &Panel<'_>, groups: &[HopGroup]) -> f64 {
    let of_stack = panel.stack.cells.iter().map(|cell| &source.analysis.cells[*cell]);
    let of_panel = of_stack.filter(|figures| panel.points.contains(&figures.point()));
    of_panel.filter_map(|figures| Some(top(&parts_of(figures, groups)?))).fold(0.0, f64::max)
}

fn legend(source: Source<'_>, variants: &[usize]) -> Vec<LegendEntry> {
    let part = |swatch, text: &str| LegendEntry { swatch, text: text.into() };
    let mut legend = source.legend(variants, bar);
    legend.push(part(Swatch::Fill(paler(GREY, 0.5)), "faint part: cache"));
    legend.push(part(Swatch::Fill(darker(GREY, 0.25)), "full part: store"));
    legend.push(part(Swatch::Fill(REST), "grey top: rest"));
    legend.push(part(Swatch::Fill(DARK), "strip: waiting for a lane, of cache and store"));
    legend
}

const REST: Colour = Colour::new([215, 219, 224], [72, 79, 88]);
/// How wide the strip of the queue is at most.
const STRIP: f64 = 5.0;

/// Where the parts come to: their medians may miss the whole's by a little.
fn top(parts: &HopParts) -> f64 {
    parts.cache.median + parts.store.median + parts.rest.median.max(0.0)
}

fn draw(source: Source<'_>, scene: &mut Scene, plot: &Plot, slots: &[Slot<'_>], groups: &[HopGroup]) {
    let parts = |slot: &Slot<'_>| parts_of(slot.figures?, groups);
    let told = |slot: &Slot<'_>| Some(units::time(parts(slot)?.service.median));
    if slots.iter().all(|slot| parts(slot).is_none()) {
        return plot.say(scene, "No such operation was measured.");
    }
    let all_fit = slots.iter().all(|slot| told(slot).is_none_or(|text| slot.fits(&text)));
    for slot in slots {
        let Some(parts) = parts(slot) else {
            slot.say_missing(scene, plot.area.bottom);
            continue;
        };
        let variant = &source.analysis.variants[slot.variant];
        stack_parts(scene, plot, slot, &parts, variant.colour.into(), variant.control);
        if let (true, Some(text)) = (all_fit, told(slot)) {
            scene.text((slot.middle(), plot.at(top(&parts)) - 10.0), text, FIGURE, DARK, Align::Middle);
        }
    }
    plot.axis(scene);
}

fn stack_parts(scene: &mut Scene, plot: &Plot, slot: &Slot<'_>, parts: &HopParts, colour: Colour, control: bool) {
    let (left, right) = slot.bar();
    let mut below = 0.0;
    for (part, colour, hatch) in [
        (parts.cache.median, paler(colour, 0.5), false),
        (parts.store.median, colour, control),
        (parts.rest.median, REST, false),
    ] {
        let (from, to) = ((left, plot.at(below + part)), (right, plot.at(below)));
        if part > 0.0 && hatch {
            hatched(scene, from, to, colour);
        } else if part > 0.0 {
            scene.fill(from, to, colour);
        }
        below += part.max(0.0);
    }
    if parts.queue.median > 0.0 {
        let strip = STRIP.min((right - left) / 3.0);
        scene.fill((left, plot.at(parts.queue.median)), (left + strip, plot.area.bottom), DARK);
    }
}

/// The figures that the chart shows, for those who cannot see it.
fn in_words(source: Source<'_>, title: &str) -> String {
    let analysis = source.analysis;
    let mut text = format!("{title}.");
    for stack in &analysis.stacks {
        for point in &analysis.points {
            for figures in (0..analysis.variants.len()).filter_map(|variant| analysis.at(stack, variant, *point)) {
                for (kind, groups) in KINDS {
                    let Some(parts) = parts_of(figures, groups) else { continue };
                    let [service, cache, store] =
                        [parts.service, parts.cache, parts.store].map(|part| units::time(part.median));
                    text += &format!(
                        " {}, {}, {}, {kind}: {service}, of it cache {cache}, store {store}.",
                        stack.label,
                        point.label(),
                        analysis.label(figures)
                    );
                }
            }
        }
    }
    text
}
