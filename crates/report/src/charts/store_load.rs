//! Store load by strategy and read ratio, stacked by what was asked of the store.

use super::grouped::{FIGURE, FOOT, Slot};
use super::subject::bar;
use super::{Chart, Source};
use crate::scene::{
    Align, Colour, DARK, GREY, LegendEntry, Plot, RED, Scale, Scene, Sheet, Swatch, darker, hatched, paler,
};
use crate::units;
use cachemark_results::figure::STORE_LOAD;

pub(crate) fn chart(source: Source<'_>) -> Chart {
    let title = source.by("Store load");
    Chart {
        lacks: source.lacks(&[STORE_LOAD], "what was asked of the store was not seen."),
        name: "store-load".into(),
        alt: source.in_words(&title, &[STORE_LOAD]),
        scene: scene(source, &title),
        title,
        table: None,
        reading: reading(source),
    }
}

fn reading(source: Source<'_>) -> String {
    let dark = if has_parts(source) {
        "; the dark part is writes and deletes, which the store must see in any case"
    } else {
        ", which was reckoned from the answers"
    };
    let diamonds = if source.analysis.predicts(STORE_LOAD) {
        " A diamond is what theory gives: it follows from the predicted hit ratio, of the misses as many load, and do not join \
         another's load, as did."
    } else {
        ""
    };
    format!(
        "How many store operations one operation of the workload cost: 1 means that the cache spared the store nothing{dark}.{diamonds}"
    )
}

fn has_parts(source: Source<'_>) -> bool {
    source.analysis.cells.iter().any(|figures| figures.store_parts().is_some())
}

fn scene(source: Source<'_>, title: &str) -> Scene {
    let variants = source.variants_with(&[STORE_LOAD]);
    let grid = source.grid(variants.len(), 1);
    let mut legend = source.legend(&variants, bar);
    let part = |swatch, text: &str| LegendEntry { swatch, text: text.into() };
    if has_parts(source) {
        legend.push(part(Swatch::Fill(paler(GREY, 0.35)), "lower part: reads"));
        legend.push(part(Swatch::Fill(darker(GREY, 0.4)), "dark upper part: writes and deletes"));
    }
    if source.analysis.predicts(STORE_LOAD) {
        legend.push(part(Swatch::Diamond(DARK), "predicted by theory"));
    }
    if source.analysis.cells.iter().filter_map(|figures| figures.store_parts()).any(|parts| parts[2] > 0.0) {
        legend.push(part(Swatch::Fill(RED), "failed calls"));
    }
    let mut notes = source.missing(&variants, &[STORE_LOAD]);
    notes.extend(grid.notes.iter().cloned());
    let (mut scene, areas) = Sheet {
        title: format!("{title}, in store operations per operation"),
        subtitle: source.subtitle("bars: medians over blocks; whiskers: least to greatest of the whole"),
        legend,
        notes,
        panels: grid.panels.len(),
        columns: grid.columns,
        panel_height: grid.panel_height,
    }
    .lay_out();
    // One scale for all panels: the figures mean the same everywhere.
    let cells = source.analysis.cells.iter();
    let measured = cells.clone().filter_map(|figures| Some(figures.summary(STORE_LOAD)?.max));
    let predicted = cells.filter_map(|figures| figures.predicted(STORE_LOAD));
    let scale = Scale::from_zero(measured.chain(predicted), 1.14);
    for (panel, area) in grid.panels.iter().zip(areas) {
        let format = |value| units::figure_short(STORE_LOAD, value);
        let axis = (panel.heading.as_str(), "store operations per operation");
        let plot = Plot::begin(&mut scene, area, FOOT, axis, scale, &format);
        let slots = source.slots(&mut scene, &plot, panel, &variants);
        draw(source, &mut scene, &plot, &slots);
    }
    scene
}

fn draw(source: Source<'_>, scene: &mut Scene, plot: &Plot, slots: &[Slot<'_>]) {
    let told = |slot: &Slot<'_>| Some(units::figure_short(STORE_LOAD, slot.figures?.median(STORE_LOAD)?));
    if slots.iter().all(|slot| told(slot).is_none()) {
        return plot.say(scene, "No trial of this stack was finished.");
    }
    let all_fit = slots.iter().all(|slot| told(slot).is_none_or(|text| slot.fits(&text)));
    for slot in slots {
        let (Some(figures), Some(text)) = (slot.figures, told(slot)) else {
            slot.say_missing(scene, plot.area.bottom);
            continue;
        };
        stack_parts(source, scene, plot, slot);
        if let Some(predicted) = figures.predicted(STORE_LOAD) {
            slot.mark(scene, plot.at(predicted));
        }
        let Some(summary) = figures.summary(STORE_LOAD) else { continue };
        if summary.count > 1 {
            scene.whisker((slot.middle(), plot.at(summary.max)), (slot.middle(), plot.at(summary.min)), DARK);
        }
        if all_fit {
            scene.text((slot.middle(), plot.at(summary.max) - 10.0), text, FIGURE, DARK, Align::Middle);
        }
    }
    plot.axis(scene);
}

fn stack_parts(source: Source<'_>, scene: &mut Scene, plot: &Plot, slot: &Slot<'_>) {
    let variant = &source.analysis.variants[slot.variant];
    let Some(figures) = slot.figures else { return };
    let whole = || figures.median(STORE_LOAD).map(|whole| [whole, 0.0, 0.0]);
    let Some([reads, writes, failed]) = figures.store_parts().or_else(whole) else { return };
    let (left, right) = slot.bar();
    let colour = Colour::from(variant.colour);
    let mut below = 0.0;
    for (part, colour, hatch) in
        [(reads, colour, variant.control), (writes, darker(colour, 0.4), false), (failed, RED, false)]
    {
        let (from, to) = ((left, plot.at(below + part)), (right, plot.at(below)));
        if part > 0.0 && hatch {
            hatched(scene, from, to, colour);
        } else if part > 0.0 {
            scene.fill(from, to, colour);
        }
        below += part;
    }
}
