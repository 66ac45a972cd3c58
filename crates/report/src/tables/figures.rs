//! The figures of every cell.

use super::verdicts::described;
use super::{emphasis_of, offered, spread};
use crate::analysis::{Analysis, CellFigures, Point};
use crate::table::Table;
use crate::units;
use cachemark_results::Figure;
use cachemark_results::figure::OpenTable;

/// One row a cell, in the manifest's order within each stack. Of an open loop, how fast: [`more_figures`] has the rest.
pub(crate) fn figures(analysis: &Analysis<'_>) -> Table {
    let shown = if analysis.open_loop { of_open_loop(analysis, OpenTable::Times) } else { analysis.shown.clone() };
    let mut table = table_of(analysis, "Figures of every cell", &shown, !analysis.open_loop);
    table.footnotes.push(footnote(analysis.open_loop).into());
    table
}

/// The other figures of an open loop, one row a cell; without rows in a closed loop, whose one table has them.
pub(crate) fn more_figures(analysis: &Analysis<'_>) -> Table {
    let shown = of_open_loop(analysis, OpenTable::Other);
    let titles: Vec<&str> = shown.iter().map(|figure| figure.title).collect();
    let title = format!("{} of every cell", units::capital(&units::listed(&titles)));
    if !analysis.open_loop || shown.is_empty() {
        return Table::new(&title, &[]);
    }
    let mut table = table_of(analysis, &title, &shown, true);
    table.footnotes.push("Median over blocks (least to greatest).".into());
    table
}

/// What the page of an open loop shows in that table.
fn of_open_loop(analysis: &Analysis<'_>, table: OpenTable) -> Vec<&'static Figure> {
    analysis.shown.iter().copied().filter(|figure| figure.open_table() == Some(table)).collect()
}

fn table_of(analysis: &Analysis<'_>, title: &str, columns: &[&Figure], trials: bool) -> Table {
    let described: Vec<String> = columns.iter().map(|figure| format!("#{}", described(analysis, figure))).collect();
    let mut headers = vec!["stack", "#read ratio"];
    headers.extend(analysis.open_loop.then_some("#offered load, arrivals/s"));
    headers.push(analysis.subject.name());
    headers.extend(trials.then_some("#trials"));
    for (figure, name) in columns.iter().zip(&described) {
        headers.push(name);
        headers.extend(analysis.predicts(figure).then_some("#predicted"));
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
                cells.extend(columns.iter().flat_map(|figure| told(analysis, figures, figure)));
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

/// A figure's figure; behind one that theory speaks of what is predicted.
fn told(analysis: &Analysis<'_>, figures: &CellFigures<'_>, figure: &Figure) -> Vec<String> {
    let mut cells = vec![spread(figures, figure)];
    cells.extend(analysis.predicts(figure).then(|| {
        let predicted = figures.predicted(figure).map(|value| units::figure(figure, value));
        predicted.unwrap_or_else(|| units::NOT_AVAILABLE.to_owned())
    }));
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
