//! The figures of every cell.

use super::verdicts::described;
use super::{emphasis_of, offered, spread};
use crate::analysis::{Analysis, CellFigures, Metric, Point};
use crate::table::Table;
use crate::units;

/// What an open loop's second table has: the first is full with two clocks.
const SECOND: [Metric; 2] = [Metric::HitRatio, Metric::StoreLoad];

/// One row a cell, in the manifest's order within each stack. Of an open loop, how fast: [`more_figures`] has the rest.
pub(crate) fn figures(analysis: &Analysis<'_>) -> Table {
    let here = |metric: &Metric| !(analysis.open_loop && SECOND.contains(metric));
    let metrics: Vec<Metric> = analysis.metrics.iter().copied().filter(here).collect();
    let mut table = of_metrics(analysis, "Figures of every cell", &metrics, !analysis.open_loop);
    table.footnotes.push(footnote(analysis.open_loop).into());
    table
}

/// Hit ratio and store load of an open loop, one row a cell; without rows in a closed loop, whose one table has them.
pub(crate) fn more_figures(analysis: &Analysis<'_>) -> Table {
    if !analysis.open_loop {
        return Table::new("Hit ratio and store load of every cell", &[]);
    }
    let mut table = of_metrics(analysis, "Hit ratio and store load of every cell", &SECOND, true);
    table.footnotes.push("Median over blocks (least to greatest).".into());
    table
}

fn of_metrics(analysis: &Analysis<'_>, title: &str, metrics: &[Metric], trials: bool) -> Table {
    let described: Vec<String> = metrics.iter().map(|metric| format!("#{}", described(analysis, *metric))).collect();
    let mut headers = vec!["stack", "#read ratio"];
    headers.extend(analysis.open_loop.then_some("#offered load, arrivals/s"));
    headers.push(analysis.subject.name());
    headers.extend(trials.then_some("#trials"));
    for (metric, name) in metrics.iter().zip(&described) {
        headers.push(name);
        headers.extend((*metric == Metric::HitRatio).then_some("#predicted"));
    }
    let mut table = Table::new(title, &headers);
    for stack in &analysis.stacks {
        let mut shown: Option<Point> = None;
        for point in &analysis.points {
            for variant in 0..analysis.variants.len() {
                let Some(figures) = analysis.at(stack, variant, *point) else { continue };
                let mut cells = vec![if shown.is_none() { stack.label.clone() } else { String::new() }];
                cells.extend(place(analysis, shown, figures));
                cells.push(analysis.label(figures).to_owned());
                cells.extend(trials.then(|| trials_of(figures)));
                cells.extend(metrics.iter().flat_map(|metric| told(figures, *metric)));
                table.push(cells, emphasis_of(analysis, figures), shown != Some(*point));
                shown = Some(*point);
            }
        }
    }
    table
}

/// Read ratio and, in an open loop, offered load: what is not the same as in the row before, of the point `before`.
pub(super) fn place(analysis: &Analysis<'_>, before: Option<Point>, figures: &CellFigures<'_>) -> Vec<String> {
    let point = figures.point();
    let same_ratio = before.is_some_and(|before| before.read_ratio == point.read_ratio);
    let mut cells = vec![if same_ratio { String::new() } else { point.read_ratio.to_string() }];
    cells.extend(analysis.open_loop.then(|| if before == Some(point) { String::new() } else { offered(figures) }));
    cells
}

/// A metric's figure; behind the hit ratio what is predicted.
fn told(figures: &CellFigures<'_>, metric: Metric) -> Vec<String> {
    let mut cells = vec![spread(figures, metric)];
    cells.extend((metric == Metric::HitRatio).then(|| units::or_none(figures.predicted_hit_ratio(), units::share)));
    cells
}

fn footnote(open_loop: bool) -> &'static str {
    if open_loop {
        "Median over blocks (least to greatest). Response and service p50 and p99: the median over trials of each trial's \
         percentile, of all answered operations; n/a where too few operations stand behind it (p50 takes 20, p99 takes \
         1,000), or where nothing was measured."
    } else {
        "Median over blocks (least to greatest). Read p50 and p99: the median over trials of each trial's percentile of the \
         service time; n/a where too few reads stand behind it (p50 takes 20, p99 takes 1,000), or where nothing was \
         measured."
    }
}

/// How many trials stand behind the figures, of those planned.
fn trials_of(cell: &CellFigures<'_>) -> String {
    let of = format!("{} of {}", cell.trials.len(), cell.planned);
    if cell.invalid.is_empty() { of } else { format!("{of} ({} invalid)", cell.invalid.len()) }
}
