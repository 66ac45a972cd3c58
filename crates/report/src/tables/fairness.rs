//! What was the same for all cells, and what was not.

use crate::analysis::Analysis;
use crate::table::{Emphasis, Table};
use crate::units::value_text;
use cachemark_results::{Cell, Manifest, SettingMap};
use std::collections::{BTreeMap, BTreeSet};

/// For each part (`cache redis`; strategies are one, for it is they that are compared) and setting, each value and the
/// strategies that had it.
pub(super) type Settings<'a> = BTreeMap<(String, &'a str), BTreeMap<String, BTreeSet<&'a str>>>;

/// The run's parameters, and the settings that every cell of a part had alike.
pub(crate) fn shared(manifest: &Manifest, analysis: &Analysis<'_>) -> Table {
    let mut table = Table::new("The same for every cell", &["of", "what", "value"]);
    let mut add = |of: &str, what: &str, value: String| {
        let begins = table.rows.last().is_none_or(|row| row.cells[0] != of);
        table.push(vec![of.into(), what.into(), value], Emphasis::Plain, begins);
    };
    add("workload", "workload", manifest.workload.clone());
    add("workload", "seed", manifest.seed.to_string());
    manifest.parameters.iter().for_each(|(name, value)| add("workload", name, value_text(value)));
    for ((part, name), values) in settings(analysis) {
        if let (1, Some(value)) = (values.len(), values.keys().next()) {
            add(&part, name, value.clone());
        }
    }
    table
}

/// The settings that were not the same for every cell of a part.
pub(crate) fn different(analysis: &Analysis<'_>) -> Table {
    let mut table = Table::new("Not the same for every cell", &["of", "what", "value", "with"]);
    for ((part, name), values) in settings(analysis).into_iter().filter(|(_, values)| values.len() > 1) {
        let mut values: Vec<_> = values.into_iter().collect();
        // Numbers in their own order: as texts 16 comes before 8.
        let number = |text: &String| text.replace(',', "").parse::<f64>().ok();
        values.sort_by(|(a, _), (b, _)| number(a).partial_cmp(&number(b)).unwrap_or(std::cmp::Ordering::Equal));
        for (place, (value, strategies)) in values.into_iter().enumerate() {
            let first = place == 0;
            let strategies = strategies.into_iter().collect::<Vec<_>>().join(", ");
            let of = if first { part.clone() } else { String::new() };
            let what = if first { name.to_owned() } else { String::new() };
            table.push(vec![of, what, value, strategies], Emphasis::Plain, first);
        }
    }
    table
}

pub(super) fn settings<'a>(analysis: &Analysis<'a>) -> Settings<'a> {
    let mut all = Settings::new();
    for cell in analysis.cells.iter().map(|figures| figures.cell) {
        for (part, map) in parts(cell) {
            for (name, value) in map {
                let values = all.entry((part.clone(), name)).or_default();
                values.entry(value_text(value)).or_default().insert(&cell.arm);
            }
        }
    }
    all
}

/// The settings of a cell, each with whose they are.
pub(super) fn parts(cell: &Cell) -> [(String, &SettingMap); 4] {
    [
        ("strategy".to_owned(), &cell.strategy_settings),
        (format!("cache {}", cell.cache), &cell.cache_settings),
        (format!("store {}", cell.store), &cell.store_settings),
        ("servers".to_owned(), &cell.server_settings),
    ]
}
