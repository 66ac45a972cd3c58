//! Bars of a figure that verdicts are on and no chart of its own shows.

use super::bars::Bars;
use super::{Chart, Source};
use crate::scene::Scale;
use crate::units::capital;
use cachemark_results::Figure;
use cachemark_results::figure::{HIT_RATIO, Measure, STORE_LOAD, THROUGHPUT, read, response, service};

/// Those that other charts show.
const CHARTED: [&Figure; 9] =
    [THROUGHPUT, HIT_RATIO, STORE_LOAD, read::P50, read::P99, response::P50, response::P99, service::P50, service::P99];

pub(crate) fn charts(source: Source<'_>) -> Vec<Chart> {
    let figures = source.analysis.verdict_on.iter().copied().filter(|figure| !CHARTED.contains(figure));
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
        name: figure.name.replace(['_', '.'], "-"),
        alt: source.in_words(&title, &[figure]),
        title,
        reading: format!("{}; {}.", figure.meaning, figure.better_in_words()),
        scene: bars.scene(source),
    }
}
