//! Throughput by strategy and read ratio.

use super::bars::Bars;
use super::{Chart, Source};
use crate::analysis::Metric;
use crate::scene::Scale;

pub(crate) fn chart(source: Source<'_>) -> Chart {
    let title = format!("Throughput by {} and read ratio", source.analysis.subject.name());
    let own_scales = "Each panel has its own scale.".to_owned();
    let bars = Bars {
        title: format!("{title}, in operations per second"),
        axis: "operations per second (k: thousand)",
        metric: Metric::Throughput,
        scale: |greatest| Scale::from_zero([greatest], 1.12),
        more_legend: Vec::new(),
        more_notes: if source.analysis.stacks.len() > 1 { vec![own_scales] } else { Vec::new() },
        over: |_, _, _| (),
        top: |_| 0.0,
    };
    Chart {
        name: "throughput".into(),
        alt: source.in_words(&title, &[Metric::Throughput]),
        title,
        reading:
            "Higher is better; the two bars of the A/A pair are the same thing measured twice, so a difference no \
                  larger than theirs is noise."
                .into(),
        scene: bars.scene(source),
    }
}
