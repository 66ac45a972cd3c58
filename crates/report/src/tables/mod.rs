//! The tables of a record.

mod arms;
mod assertions;
mod audit;
mod capacity;
mod cold_start;
mod environment;
mod failures;
mod fairness;
mod figures;
mod freshness;
mod hops;
mod lanes;
mod loads;
mod policies;
mod recommend;
mod recovery;
mod room;
mod schedule;
mod stability;
mod stale_causes;
mod terminal;
mod verdicts;
mod worth;

pub(crate) use arms::arms;
pub use assertions::assertions;
pub use assertions::{assertion_sentence, assertion_sheet};
pub(crate) use audit::{entries_in_the_end, findings, rows_in_the_end};
pub(crate) use capacity::capacity;
pub(crate) use cold_start::cold_start;
pub(crate) use environment::{environment, environment_line};
pub(crate) use failures::{failed_calls, failures, invalid, unsupported, warnings};
pub(crate) use fairness::{different, shared};
pub(crate) use figures::{figures, more_figures};
pub(crate) use freshness::{fresh_within, freshness, out_of_order};
pub(crate) use hops::hops;
pub(crate) use lanes::lanes;
pub(crate) use loads::loads;
pub(crate) use policies::policies;
pub use recommend::recommendation_sheets;
pub(crate) use recovery::{power, recoveries};
pub(crate) use room::room;
pub(crate) use schedule::{LAG, schedule};
pub(crate) use stability::boundary_table;
pub use stability::{stability_sentences, stability_sheet};
pub(crate) use stale_causes::{stale_causes, stale_causes_of};
pub use terminal::terminal_sheet;
pub(crate) use verdicts::{exploratory, verdicts};
pub(crate) use worth::worth_tables;
pub use worth::{foreseen_sheet, worth_sheets};

use crate::analysis::{Analysis, CellFigures};
use crate::table::Emphasis;
use crate::units;
use cachemark_results::Figure;
use cachemark_stats::Summary;

/// How many cells are named where there may be many.
const NAMED: usize = 4;

/// `1 trial`, `2 trials`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    format!("{} {noun}{}", units::count(count as f64), if count == 1 { "" } else { "s" })
}

/// The median over blocks, with the least and the greatest where there is more than one.
fn spread(figures: &CellFigures<'_>, figure: &Figure) -> String {
    match figures.times(figure) {
        Some(times) => times.in_words(),
        None => spread_of(figures.summary(figure), |value| units::figure(figure, value)),
    }
}

/// The same of any figure over blocks.
fn spread_of(summary: Option<Summary>, format: impl Fn(f64) -> String) -> String {
    match summary {
        None => units::NOT_AVAILABLE.to_owned(),
        Some(summary) if summary.count == 1 => format(summary.median),
        Some(summary) => {
            format!("{} ({} to {})", format(summary.median), format(summary.min), format(summary.max))
        }
    }
}

/// The offered load of a cell.
fn offered(figures: &CellFigures<'_>) -> String {
    units::or_none(figures.point().offered_per_s, units::count)
}

/// Which sort of row a cell's is.
fn emphasis_of(analysis: &Analysis<'_>, figures: &CellFigures<'_>) -> Emphasis {
    match (analysis.variants[figures.variant].control, figures.cell.reference.is_none()) {
        _ if figures.trials.is_empty() => Emphasis::Missing,
        (true, _) => Emphasis::Control,
        (false, true) => Emphasis::Reference,
        _ => Emphasis::Plain,
    }
}

fn median(figures: &CellFigures<'_>, figure: &Figure) -> String {
    figures.median_in_words(figure).unwrap_or_else(|| units::NOT_AVAILABLE.to_owned())
}
