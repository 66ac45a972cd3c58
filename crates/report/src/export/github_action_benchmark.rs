//! What github-action-benchmark takes as `customBiggerIsBetter` or `customSmallerIsBetter`: an array of entries with a name, a unit and a
//! value; a file is of one of the two (<https://github.com/benchmark-action/github-action-benchmark>).

use super::{ExportError, Exported};
use cachemark_results::Figure;
use cachemark_results::figure::Measure;
use cachemark_stats::Direction;
use serde_json::{Value, json};

pub(super) fn text(exported: &[Exported<'_>]) -> Result<String, ExportError> {
    let of_way = |way: Direction| exported.iter().map(|of| of.figure).find(|figure| figure.better == way);
    if let (Some(more), Some(less)) = (of_way(Direction::HigherIsBetter), of_way(Direction::LowerIsBetter)) {
        return Err(ExportError::BothWays { more: more.name, less: less.name });
    }
    let entry = |Exported { cell, figure, summary }: &Exported<'_>| {
        json!({
            "name": format!("{}: {}", cell.cell.id, figure.name),
            "unit": unit(figure),
            "value": summary.median,
            "range": format!("{} to {}", summary.min, summary.max),
            "extra": format!("median of {} trials, least and greatest; {}", summary.count, figure.better_in_words()),
        })
    };
    Ok(format!("{:#}", Value::Array(exported.iter().map(entry).collect())))
}

fn unit(figure: &Figure) -> &'static str {
    match figure.unit {
        Measure::Time => "ns",
        Measure::Rate => "ops/s",
        Measure::Share | Measure::SmallShare => "share",
        Measure::Ratio => "ratio",
        Measure::Count => "count",
    }
}
