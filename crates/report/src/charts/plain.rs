//! Bars of a figure that verdicts are on and no chart of its own shows.

use super::bars::Bars;
use super::{Chart, Source, times};
use crate::scene::Scale;
use crate::units::capital;
use cachemark_results::Figure;
use cachemark_results::figure::{HIT_RATIO, Measure, STORE_LOAD, THROUGHPUT};

/// Those that other charts show, besides the times that [`times`] does.
const CHARTED: [&Figure; 3] = [THROUGHPUT, HIT_RATIO, STORE_LOAD];

pub(crate) fn charts(source: Source<'_>) -> Vec<Chart> {
    let of_times = times::shown(source.analysis.open_loop);
    let charted = |figure: &&'static Figure| CHARTED.contains(figure) || of_times.contains(figure);
    let figures = source.analysis.verdict_on.iter().copied().filter(|figure| !charted(figure));
    figures.map(|figure| chart(source, figure)).collect()
}

fn chart(source: Source<'_>, figure: &'static Figure) -> Chart {
    let title = source.by(&capital(figure.title));
    let bars = Bars {
        title: format!("{title} ({})", figure.better_in_words()),
        axis: match figure.unit {
            Measure::Time => "time",
            Measure::Rate => "operations per second",
            Measure::Count => "number in the window",
            Measure::Share | Measure::SmallShare => "share",
            Measure::Ratio => "ratio",
        },
        figure,
        scale: |greatest| Scale::from_zero([greatest], 1.12),
        more_legend: Vec::new(),
        more_notes: Vec::new(),
        own_scales: true,
        over: |_, _, _| (),
        top: |_| 0.0,
    };
    Chart {
        lacks: None,
        name: figure.name.replace(['_', '.'], "-"),
        alt: source.in_words(&title, &[figure]),
        title,
        table: None,
        reading: format!("{}; {}.", figure.meaning, figure.better_in_words()),
        scene: bars.scene(source),
    }
}
