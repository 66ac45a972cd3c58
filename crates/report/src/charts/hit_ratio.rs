//! Hit ratio by strategy and read ratio or offered load, and what theory predicts.

use super::bars::Bars;
use super::grouped::Slot;
use super::{Chart, Source};
use crate::scene::{DARK, LegendEntry, Plot, Scale, Scene, Swatch};
use cachemark_results::figure::HIT_RATIO;

pub(crate) fn chart(source: Source<'_>) -> Chart {
    let title = source.by("Hit ratio");
    let cells = &source.analysis.cells;
    let predicted =
        cells.iter().any(|figures| figures.predicted(HIT_RATIO).is_some() && figures.median(HIT_RATIO).is_some());
    let entry = LegendEntry { swatch: Swatch::Diamond(DARK), text: "predicted by theory".into() };
    let bars = Bars {
        title: format!("{title} (0 to 1)"),
        axis: "hits / reads that asked the cache",
        figure: HIT_RATIO,
        scale: |_| Scale::Linear { from: 0.0, to: 1.1 },
        more_legend: if predicted { vec![entry] } else { Vec::new() },
        more_notes: Vec::new(),
        own_scales: false,
        over: mark_prediction,
        top: |slot| theory(slot).unwrap_or(0.0),
    };
    Chart {
        lacks: source.lacks(&[HIT_RATIO], "no trial asked a cache whose answers were seen."),
        name: "hit-ratio".into(),
        alt: source.in_words(&title, &[HIT_RATIO]),
        title,
        table: None,
        reading: if predicted {
            "The share of reads that the cache could answer; where a bar and its diamond part, the strategy did not do what \
             its formula says, or the formula's assumptions did not hold. Operations of several clients on one key are in the formula as \
             they overlapped. The formula itself is up to 0.006 off an exact LRU where \
             there is room for 10 entries or fewer."
        } else {
            "The share of reads that the cache could answer, of those that asked it."
        }
        .into(),
        scene: bars.scene(source),
    }
}

fn mark_prediction(scene: &mut Scene, plot: &Plot, slot: &Slot<'_>) {
    if let Some(predicted) = theory(slot) {
        slot.mark(scene, plot.at(predicted));
    }
}

fn theory(slot: &Slot<'_>) -> Option<f64> {
    slot.figures?.predicted(HIT_RATIO)
}
