//! What the store had to bear: how fast it was asked, and how many loads of one key came at a time.

use super::figures::place;
use super::verdicts::described;
use super::{emphasis_of, spread};
use crate::analysis::Analysis;
use crate::table::Table;
use crate::units;
use cachemark_results::Figure;
use cachemark_results::figure::{LOADS_PER_EXPIRY, STORE_RATE, concurrent_loads, store_rate};

/// The columns.
const SHOWN: [&Figure; 4] = [STORE_RATE, store_rate::MAX, LOADS_PER_EXPIRY, concurrent_loads::MAX];

/// One row a cell whose calls to the store were seen. Without rows where none were.
pub(crate) fn loads(analysis: &Analysis<'_>) -> Table {
    let titles = SHOWN.map(|figure| format!("#{}", described(analysis, figure)));
    let mut headers = vec!["stack", "#read ratio"];
    headers.extend(analysis.open_loop.then_some("#offered load, arrivals/s"));
    headers.push(analysis.subject.name());
    headers.extend(titles.iter().map(String::as_str));
    let mut table = Table::new("What did the store have to bear?", &headers);
    for stack in &analysis.stacks {
        let mut shown = None;
        for point in &analysis.points {
            for variant in 0..analysis.variants.len() {
                let Some(figures) = analysis.at(stack, variant, *point) else { continue };
                if SHOWN.iter().all(|figure| figures.summary(figure).is_none()) {
                    continue;
                }
                let mut cells = vec![if shown.is_none() { stack.label.clone() } else { String::new() }];
                cells.extend(place(analysis, shown, figures));
                cells.push(analysis.label(figures).to_owned());
                cells.extend(SHOWN.iter().map(|figure| spread(figures, figure)));
                table.push(cells, emphasis_of(analysis, figures), shown != Some(*point));
                shown = Some(*point);
            }
        }
    }
    let told = SHOWN.map(|figure| format!("{}: {}.", units::capital(figure.title), figure.meaning));
    table.footnotes.push(format!("Median over blocks (least to greatest). {}", told.join(" ")));
    table
}
