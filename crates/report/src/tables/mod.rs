//! The tables of a record.

mod assertions;
mod environment;
mod fairness;
mod figures;
mod terminal;
mod trouble;
mod verdicts;

pub use assertions::{assertion_sentence, assertions};
pub(crate) use environment::environment;
pub(crate) use fairness::{different, shared};
pub(crate) use figures::figures;
pub use terminal::terminal_table;
pub(crate) use trouble::{failures, invalid, unsupported, warnings};
pub(crate) use verdicts::{exploratory, verdicts};

use crate::analysis::{CellFigures, Metric};
use crate::units;

/// A setting or parameter as text: strings without quotes.
pub(crate) fn value_text(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// `1 trial`, `2 trials`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    format!("{} {noun}{}", units::count(count as f64), if count == 1 { "" } else { "s" })
}

/// The median over blocks, with the least and the greatest where there is more than one.
fn spread(figures: &CellFigures<'_>, metric: Metric) -> String {
    match figures.summary(metric) {
        None => units::NOT_AVAILABLE.to_owned(),
        Some(summary) if summary.count == 1 => metric.format(summary.median),
        Some(summary) => format!(
            "{} ({} to {})",
            metric.format(summary.median),
            metric.format(summary.min),
            metric.format(summary.max)
        ),
    }
}

fn median(figures: &CellFigures<'_>, metric: Metric) -> String {
    figures.median(metric).map_or_else(|| units::NOT_AVAILABLE.to_owned(), |value| metric.format(value))
}
