//! The Bencher Metric Format: an object of benchmarks, each of measures with a value and its bounds
//! (<https://bencher.dev/docs/reference/bencher-metric-format>).

use super::Exported;
use serde_json::{Map, Value, json};

pub(super) fn text(exported: &[Exported<'_>]) -> String {
    let mut benchmarks = Map::new();
    for Exported { cell, figure, summary } in exported {
        let measures = benchmarks.entry(cell.cell.id.clone()).or_insert_with(|| Value::Object(Map::new()));
        measures[figure.name] =
            json!({ "value": summary.median, "lower_value": summary.min, "upper_value": summary.max });
    }
    format!("{:#}", Value::Object(benchmarks))
}
