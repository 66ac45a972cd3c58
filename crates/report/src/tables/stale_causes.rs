//! Why the stale reads of every cell were stale.

use super::emphasis_of;
use crate::analysis::{Analysis, CellFigures};
use crate::table::Table;
use crate::units;
use cachemark_results::{StaleCause, StaleCauses};

const UNKNOWN: &str = "A cause is told from the order of events alone: of the keys that were written most the oracle remembers the last \
     loads and the last changes with what each did to the cache. Where that does not tell it, or tells of more than one, it is unknown, and never \
     guessed. Sums over all valid trials, with the share of the stale reads; a cause that no read had has no column.";

/// The causes of a cell's stale reads, over all its valid trials; none where no trial tells them.
pub(crate) fn stale_causes_of(figures: &CellFigures<'_>) -> Option<StaleCauses> {
    let mut told = figures.trials.iter().filter_map(|trial| trial.freshness.as_ref()?.causes.as_ref());
    let mut sum = *told.next()?;
    told.for_each(|causes| sum.merge(causes));
    Some(sum)
}

/// One row a cell that served stale reads; without rows where none did.
pub(crate) fn stale_causes(analysis: &Analysis<'_>) -> Table {
    let told = || analysis.cells.iter().filter_map(|figures| Some((figures, stale_causes_of(figures)?)));
    let occurs = |cause: &&StaleCause| told().any(|(_, causes)| causes.of(**cause) > 0);
    let shown: Vec<StaleCause> = StaleCause::ALL.iter().filter(occurs).copied().collect();
    let names: Vec<String> = shown.iter().map(|cause| format!("#{}", cause.title())).collect();
    let headers: Vec<&str> = ["cell", "#stale reads"].into_iter().chain(names.iter().map(String::as_str)).collect();
    let mut table = Table::new("Why reads were stale", &headers);
    for (figures, causes) in told().filter(|(_, causes)| causes.sum() > 0) {
        let all = causes.sum();
        let count = |cause: &StaleCause| match causes.of(*cause) {
            0 => "0".to_owned(),
            some => format!("{} ({})", units::count(some as f64), units::small_percent(some as f64 / all as f64)),
        };
        let cells = [figures.cell.id.clone(), units::count(all as f64)].into_iter().chain(shown.iter().map(count));
        table.push(cells.collect(), emphasis_of(analysis, figures), true);
    }
    let meanings = shown.iter().filter(|cause| **cause != StaleCause::Unknown).map(|cause| in_words(*cause));
    table.footnotes.extend(meanings);
    table.footnotes.push(UNKNOWN.into());
    table
}

fn in_words(cause: StaleCause) -> String {
    let anomalies = cause.anomalies().join(", ");
    let anomalies = if anomalies.is_empty() { String::new() } else { format!(" (docs/anomalies.md: {anomalies})") };
    format!("{}: {}{anomalies}.", units::capital(cause.title()), cause.meaning())
}
