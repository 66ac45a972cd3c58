//! The figures of every cell.

use super::verdicts::described;
use super::{emphasis_of, offered, spread};
use crate::analysis::{Analysis, CellFigures, Metric};
use crate::table::Table;
use crate::units;

/// One row a cell, in the manifest's order within each stack.
pub(crate) fn figures(analysis: &Analysis<'_>) -> Table {
    let described: Vec<String> = analysis.metrics.iter().map(|m| format!("#{}", described(analysis, *m))).collect();
    let mut headers = vec!["stack", "#read ratio"];
    headers.extend(analysis.open_loop.then_some("#offered load, arrivals/s"));
    headers.extend(["strategy", "#trials"]);
    for (metric, name) in analysis.metrics.iter().zip(&described) {
        headers.push(name);
        headers.extend((*metric == Metric::HitRatio).then_some("#predicted"));
    }
    let mut table = Table::new("Figures of every cell", &headers);
    for stack in &analysis.stacks {
        let mut shown = (None, None);
        for point in &analysis.points {
            let now = (Some(&stack.label), Some(*point));
            for variant in 0..analysis.variants.len() {
                let Some(figures) = analysis.at(stack, variant, *point) else { continue };
                let begins = shown != now;
                let same_ratio =
                    shown.1.is_some_and(|before: crate::analysis::Point| before.read_ratio == point.read_ratio);
                let mut cells = vec![if shown.0.is_none() { stack.label.clone() } else { String::new() }];
                cells.push(if same_ratio { String::new() } else { point.read_ratio.to_string() });
                cells.extend(analysis.open_loop.then(|| if begins { offered(figures) } else { String::new() }));
                cells.extend(row(analysis, figures));
                table.push(cells, emphasis_of(analysis, figures), begins);
                shown = now;
            }
        }
    }
    table.footnotes.push(footnote(analysis.open_loop).into());
    table
}

/// The strategy, how many trials there are, and the metrics.
fn row(analysis: &Analysis<'_>, figures: &CellFigures<'_>) -> Vec<String> {
    let mut cells =
        vec![analysis.label(figures).to_owned(), format!("{} of {}", figures.trials.len(), figures.planned)];
    for metric in &analysis.metrics {
        cells.push(spread(figures, *metric));
        if *metric == Metric::HitRatio {
            cells.push(units::or_none(figures.cell.predicted_hit_ratio, units::share));
        }
    }
    cells
}

fn footnote(open_loop: bool) -> &'static str {
    if open_loop {
        "Median over blocks (least to greatest). Response and service p50 and p99: the median over trials of each trial's \
         percentile, of all answered operations; n/a where fewer than 10/(1-q) operations stand behind it, or where nothing \
         was measured."
    } else {
        "Median over blocks (least to greatest). Read p50 and p99: the median over trials of each trial's percentile of the \
         service time; n/a where fewer than 10/(1-q) reads stand behind it, or where nothing was measured."
    }
}
