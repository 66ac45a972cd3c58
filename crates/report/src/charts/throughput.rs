//! Throughput by strategy and read ratio. Where the offered load is an axis, the chart of response times over it has the
//! achieved throughput.

use super::bars::Bars;
use super::{Chart, Source};
use crate::scene::Scale;
use cachemark_results::figure::THROUGHPUT;

pub(crate) fn chart(source: Source<'_>) -> Chart {
    let open_loop = source.analysis.open_loop;
    let title = source.by(if open_loop { "Achieved throughput" } else { "Throughput" });
    let bars = Bars {
        title: format!("{title}, in operations per second"),
        axis: "operations per second (k: thousand)",
        figure: THROUGHPUT,
        scale: |greatest| Scale::from_zero([greatest], 1.12),
        more_legend: Vec::new(),
        more_notes: Vec::new(),
        own_scales: true,
        over: |_, _, _| (),
        top: |_| 0.0,
    };
    let reading = if open_loop {
        "In an open loop a stack that keeps up achieves what it is offered, and no more: only a bar below the offered load \
         says something of the stack."
    } else {
        "Higher is better; the two bars of the A/A pair are the same thing measured twice, so a difference no larger than \
         theirs is noise."
    };
    Chart {
        lacks: None,
        name: "throughput".into(),
        alt: source.in_words(&title, &[THROUGHPUT]),
        title,
        table: None,
        reading: reading.into(),
        scene: bars.scene(source),
    }
}
