//! How long operations waited for connections of ours.

use super::figures::place;
use super::{emphasis_of, spread_of};
use crate::analysis::Analysis;
use crate::table::Table;
use crate::units;

/// The share of operations' time below which a wait is not worth a row.
const TOLD: f64 = 0.01;

/// One row a cell whose operations waited for connections for a hundredth of their time or more. Without rows where none did.
pub(crate) fn lanes(analysis: &Analysis<'_>) -> Table {
    let mut headers = vec!["stack", "#read ratio"];
    headers.extend(analysis.open_loop.then_some("#offered load, arrivals/s"));
    headers.extend([analysis.subject.name(), "#share of time, for the cache's", "#share of time, for the store's"]);
    let mut table = Table::new("Who waited for a connection?", &headers);
    for stack in &analysis.stacks {
        let mut shown = None;
        for point in &analysis.points {
            for variant in 0..analysis.variants.len() {
                let Some(figures) = analysis.at(stack, variant, *point) else { continue };
                let cache = figures.summary_of(|trial| Some(trial.lane_wait_shares()?.cache));
                let store = figures.summary_of(|trial| Some(trial.lane_wait_shares()?.store));
                let waited = [cache, store].iter().flatten().any(|share| share.median >= TOLD);
                if !waited {
                    continue;
                }
                let mut cells = vec![if shown.is_none() { stack.label.clone() } else { String::new() }];
                cells.extend(place(analysis, shown, figures));
                cells.push(analysis.label(figures).to_owned());
                cells.extend([cache, store].map(|share| spread_of(share, units::share)));
                table.push(cells, emphasis_of(analysis, figures), shown != Some(*point));
                shown = Some(*point);
            }
        }
    }
    table.footnotes.push(
        "The time that calls queued for one of the connections that each driver thread holds, of the service time of all \
         operations; median over blocks (least to greatest). A cell that waited for more than half of its time was measured \
         at our own pool: give it more lanes. Waiting for SQLite's one writer is not among it: that there is one is its nature."
            .into(),
    );
    table
}
