//! The spectrum as a table: each cell's percentiles, as far as enough reads stand behind them.

use super::super::Source;
use super::panels::{Line, Panel};
use crate::table::{Emphasis, Table};
use crate::units;
use cachemark_stats::SpectrumPoint;

/// The percentiles of the columns.
const SHOWN: [f64; 6] = [0.5, 0.75, 0.9, 0.99, 0.999, 0.9999];

pub(super) fn table(source: Source<'_>, panels: &[Panel]) -> Table {
    let analysis = source.analysis;
    let names = SHOWN.map(|q| format!("#{}", units::quantile(q)));
    let mut headers = vec!["stack", "point", analysis.subject.name()];
    headers.extend(analysis.open_loop.then_some("clock"));
    headers.extend(names.iter().map(String::as_str));
    let mut table = Table::new("The figures of the percentile spectrum", &headers);
    for panel in panels {
        let mut begins = true;
        for line in &panel.lines {
            for (clock, points) in clocks(line, analysis.open_loop) {
                let where_begun = |text: String| if begins { text } else { String::new() };
                let label = analysis.variants[line.variant].label.clone();
                let mut cells = vec![where_begun(stack(source, panel)), where_begun(panel.place.clone()), label];
                cells.extend(clock.map(str::to_owned));
                cells.extend(SHOWN.map(|q| units::or_none(at(points, q), units::time)));
                table.push(cells, Emphasis::Plain, begins);
                begins = false;
            }
        }
    }
    table.footnotes.push("All answered reads of a cell's trials together; n/a where too few stand behind it.".into());
    table
}

/// The panel's stack, which is not said over the panels where there is only one.
fn stack(source: Source<'_>, panel: &Panel) -> String {
    let only = || source.analysis.stacks.first().map(|stack| stack.label.clone()).unwrap_or_default();
    if panel.stack.is_empty() { only() } else { panel.stack.clone() }
}

/// What a line is of: in an open loop response and service time, as far as they were drawn.
fn clocks(line: &Line, open_loop: bool) -> Vec<(Option<&'static str>, &[SpectrumPoint])> {
    if !open_loop {
        return vec![(None, &line.main)];
    }
    let both = [("response time", &line.main), ("service time", &line.beside)];
    both.into_iter().filter(|(_, points)| !points.is_empty()).map(|(name, points)| (Some(name), &points[..])).collect()
}

/// The time at a percentile, where the line reaches as far.
fn at(points: &[SpectrumPoint], quantile: f64) -> Option<f64> {
    points.iter().find(|point| point.quantile >= quantile).map(|point| point.value_ns as f64)
}
