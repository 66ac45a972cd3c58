//! How much the caches held, beside what theory says of a cache with that room.

use super::figures::place;
use super::{emphasis_of, spread_of};
use crate::analysis::{Analysis, CellFigures};
use crate::table::Table;
use crate::units;
use cachemark_results::Trial;
use cachemark_results::figure::HIT_RATIO;

/// What the prediction is of, and how near it is.
const PREDICTION: &str = "Predicted: with room for only some of the entries, of a least-recently-used cache by Che's approximation, \
    which is up to 0.006 off an exact LRU where there is room for 10 entries or fewer, and 0.001 or less from 100 on. With room \
    for all, or no bound, nothing is evicted, and that approximation has no part in it. Operations of several clients on one key \
    are in it as they overlapped.";

/// One row a cell whose cache counted what it held at most. Without rows where none did.
pub(crate) fn room(analysis: &Analysis<'_>) -> Table {
    let mut headers = vec!["stack", "#read ratio"];
    headers.extend(analysis.open_loop.then_some("#offered load, arrivals/s"));
    headers.extend([analysis.subject.name(), "#entries held at most", "#room asked for", "#hit ratio", "#predicted"]);
    let mut table = Table::new("How much did the cache hold?", &headers);
    for stack in &analysis.stacks {
        let mut shown = None;
        for point in &analysis.points {
            for variant in 0..analysis.variants.len() {
                let Some(figures) = analysis.at(stack, variant, *point) else { continue };
                let Some(held) = figures.summary_of(held) else { continue };
                let mut cells = vec![if shown.is_none() { stack.label.clone() } else { String::new() }];
                cells.extend(place(analysis, shown, figures));
                cells.push(analysis.label(figures).to_owned());
                cells.push(spread_of(Some(held), units::count));
                cells.push(asked_for(figures));
                cells.push(super::median(figures, HIT_RATIO));
                cells.push(units::or_none(figures.predicted(HIT_RATIO), units::share));
                table.push(cells, emphasis_of(analysis, figures), shown != Some(*point));
                shown = Some(*point);
            }
        }
    }
    table.footnotes.push(
        "Entries: the most that each instance held at once, from the emptying of the cache to the end of the trial, summed over \
         the instances, which need not have come to it at one moment; median over blocks (least to greatest)."
            .into(),
    );
    table.footnotes.push(PREDICTION.into());
    table
}

fn held(trial: &Trial) -> Option<f64> {
    trial.cache_counters.get("entries-peak").map(|&held| held as f64)
}

/// The room of all instances together; "no bound" where there is none.
fn asked_for(figures: &CellFigures<'_>) -> String {
    match figures.cell.cache_settings.get("capacity").and_then(serde_json::Value::as_u64) {
        None => units::NOT_AVAILABLE.to_owned(),
        Some(0) => "no bound".to_owned(),
        Some(room) => units::count(room as f64 * f64::from(figures.cell.instances)),
    }
}
