//! The figures of every cell.

use super::spread;
use crate::analysis::{Analysis, Metric};
use crate::table::{Emphasis, Table};
use crate::units;

/// One row a cell, in the manifest's order within each stack.
pub(crate) fn figures(analysis: &Analysis<'_>) -> Table {
    let headers = [
        "stack",
        "#read ratio",
        analysis.subject.name(),
        "#trials",
        "#throughput, ops/s",
        "#read p50",
        "#read p99",
        "#hit ratio",
        "#predicted",
        "#store load",
    ];
    let mut table = Table::new("Figures of every cell", &headers);
    for stack in &analysis.stacks {
        let mut begins = true;
        for ratio in &analysis.read_ratios {
            let mut begins_ratio = true;
            for variant in 0..analysis.variants.len() {
                let Some(cell) = analysis.at(stack, variant, *ratio) else { continue };
                let mut cells = vec![
                    if begins { stack.label.clone() } else { String::new() },
                    if begins_ratio { format!("{ratio}") } else { String::new() },
                    analysis.label(cell).to_owned(),
                    format!("{} of {}", cell.trials.len(), cell.planned),
                ];
                cells.extend(
                    [Metric::Throughput, Metric::ReadP50, Metric::ReadP99, Metric::HitRatio].map(|m| spread(cell, m)),
                );
                cells.push(units::or_none(cell.cell.predicted_hit_ratio, units::share));
                cells.push(spread(cell, Metric::StoreLoad));
                let emphasis = match (analysis.variants[variant].control, cell.cell.reference.is_none()) {
                    _ if cell.trials.is_empty() => Emphasis::Missing,
                    (true, _) => Emphasis::Control,
                    (false, true) => Emphasis::Reference,
                    _ => Emphasis::Plain,
                };
                table.push(cells, emphasis, begins_ratio);
                (begins, begins_ratio) = (false, false);
            }
        }
    }
    table.footnotes.push(
        "Median over blocks (least to greatest). Read p50 and p99: the median over trials of each trial's percentile of the \
         service time; n/a where fewer than 10/(1-q) reads stand behind it, or where nothing was measured."
            .into(),
    );
    table
}
