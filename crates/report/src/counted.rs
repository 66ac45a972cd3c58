//! Everything that trials counted, by name: so that what no table has a column for is told all the same.

use crate::ReportError;
use crate::analysis::{Analysis, CellFigures};
use cachemark_results::Trial;
use cachemark_stats::Summary;
use serde_json::Value;
use std::collections::BTreeMap;

/// What is no count: what the trial is, its format, and examples of what was found.
const NO_COUNTS: [&str; 5] = ["schema_version", "number", "block", "position", "audit.examples"];

/// Every number of a cell's valid trials over its blocks, by its path in `summary.json`: `window.drain_ns`, `cache.superseded`,
/// `buckets.read.hit.ok.count`. Times are in ns where the name says so.
pub(crate) fn counted(figures: &CellFigures<'_>) -> BTreeMap<String, Summary> {
    let mut values: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for trial in &figures.trials {
        for (name, value) in numbers(trial) {
            values.entry(name).or_default().push(value);
        }
    }
    for (_, values) in values.iter_mut().filter(|(name, _)| is_left_out_at_0(name)) {
        values.resize(figures.trials.len(), 0.0);
    }
    values.into_iter().filter_map(|(name, values)| Some((name, Summary::of(&values).ok()?))).collect()
}

/// Whether a record leaves out what is 0 under that name. Anything else that a trial lacks is not known of it.
fn is_left_out_at_0(name: &str) -> bool {
    match name.split_once('.') {
        Some(("errors" | "cache_failures" | "store_failures", _)) => true,
        Some(("buckets", of_bucket)) => of_bucket.ends_with(".count") && of_bucket.matches('.').count() == 3,
        _ => false,
    }
}

/// The same as CSV: one row a cell and name.
pub(crate) fn csv(analysis: &Analysis<'_>) -> Result<String, ReportError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["cell", "counted", "trials", "median", "least", "greatest"])?;
    for figures in &analysis.cells {
        for (name, found) in counted(figures) {
            let numbers = [found.median, found.min, found.max].map(|number| number.to_string());
            let [median, least, greatest] = numbers;
            let cell = crate::csv_files::guarded(&figures.cell.id);
            writer.write_record([cell, name, found.count.to_string(), median, least, greatest])?;
        }
    }
    crate::csv_files::finish(writer)
}

fn numbers(trial: &Trial) -> Vec<(String, f64)> {
    let mut found = Vec::new();
    if let Ok(trial) = serde_json::to_value(trial) {
        collect("", &trial, &mut found);
    }
    found
}

fn collect(path: &str, value: &Value, found: &mut Vec<(String, f64)>) {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        _ if NO_COUNTS.contains(&path) => {}
        Value::Number(number) => found.extend(number.as_f64().map(|number| (path.to_owned(), number))),
        Value::Bool(flag) => found.push((path.to_owned(), f64::from(u8::from(*flag)))),
        Value::Object(fields) => fields.iter().for_each(|(name, value)| collect(&below(name), value, found)),
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                collect(&below(&name_of(item).unwrap_or_else(|| place.to_string())), item, found);
            }
        }
        Value::Null | Value::String(_) => {}
    }
}

/// What tells an item of a list from the others: its words, as `read.hit.ok` of a bucket, `get.timeout` of failed calls. What the
/// first of them said is none of it.
fn name_of(item: &Value) -> Option<String> {
    const NAMING: [&str; 6] = ["operation", "source", "result", "call", "kind", "code"];
    let words: Vec<&str> = NAMING.iter().filter_map(|name| item.get(name)?.as_str()).collect();
    (!words.is_empty()).then(|| words.join("."))
}
