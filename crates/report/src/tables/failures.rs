//! What went wrong, and what a reader should know before using the figures.

use super::{NAMED, counted};
use crate::analysis::{Analysis, CellFigures};
use crate::table::{Emphasis, Table};
use crate::units;
use cachemark_results::{FailedCalls, Trial};
use std::collections::BTreeMap;

/// Failed operations by kind, of cells that have any.
pub(crate) fn failures(analysis: &Analysis<'_>) -> Table {
    let mut table =
        Table::new("Failed operations", &["cell", "kind", "#operations", "#share of issued", "what the first said"]);
    for figures in &analysis.cells {
        let issued: u64 = figures.finished().map(|trial| trial.totals.issued).sum();
        let mut begins = true;
        for (kind, count) in kinds(figures) {
            let name = if begins { figures.cell.id.clone() } else { String::new() };
            let share = share(count, issued);
            let said = figures.finished().find_map(|trial| trial.error_reasons.get(&kind)).cloned().unwrap_or_default();
            table.push(vec![name, kind, units::count(count as f64), share, said], Emphasis::Plain, begins);
            begins = false;
        }
    }
    table
}

/// Failed calls to caches and stores by call and kind, whatever became of the operations that made them, of cells that have
/// any; before them the reads that their cache failed.
pub(crate) fn failed_calls(analysis: &Analysis<'_>) -> Table {
    let headers = ["cell", "call", "kind", "#in the windows", "#share of calls", "#in all", "what the first said"];
    let mut table = Table::new("Failed calls to cache and store", &headers);
    for figures in &analysis.cells {
        let mut begins = true;
        let bypassed: u64 = figures.finished().map(|trial| trial.lookups().failed).sum();
        let mut add = |mut cells: Vec<String>| {
            cells.insert(0, if begins { figures.cell.id.clone() } else { String::new() });
            table.push(cells, Emphasis::Plain, begins);
            begins = false;
        };
        if bypassed > 0 {
            let asked = figures.finished().map(|trial| trial.lookups().asked()).sum();
            let texts = ["reads past the cache", "", &units::count(bypassed as f64), &share(bypassed, asked), "", ""];
            add(texts.map(str::to_owned).to_vec());
        }
        let calls = figures.finished().map(|trial| trial.cache.calls()).sum();
        rows("cache", calls, figures.finished().flat_map(|trial| &trial.cache_failures)).into_iter().for_each(&mut add);
        let calls = figures.finished().map(|trial| trial.store.operations()).sum();
        rows("store", calls, figures.finished().flat_map(|trial| &trial.store_failures)).into_iter().for_each(&mut add);
    }
    table.footnotes.push(FAILED_CALLS.into());
    table
}

const FAILED_CALLS: &str = "A get that failed sends its read past the cache, or fails it; it counts in the hit ratio as not \
     answered by the cache. A set that failed is a refill or an update that is not there; a delete that failed is an \
     invalidation that did not happen: an old entry may stay until its TTL. In all: from the first operation to the last.";

/// One row for each call and kind of one part.
fn rows<'a>(part: &str, calls: u64, failures: impl Iterator<Item = &'a FailedCalls>) -> Vec<Vec<String>> {
    let mut sums: BTreeMap<(&str, &str), (u64, u64, &str)> = BTreeMap::new();
    for failed in failures {
        let sum = sums.entry((&failed.call, &failed.kind)).or_insert((0, 0, &failed.first));
        sum.0 += failed.window;
        sum.1 += failed.whole;
    }
    let row = |((call, kind), (window, whole, first)): ((&str, &str), (u64, u64, &str))| {
        let counts = [units::count(window as f64), share(window, calls), units::count(whole as f64)];
        [[format!("{part} {call}"), kind.to_owned()].to_vec(), counts.to_vec(), vec![first.to_owned()]].concat()
    };
    sums.into_iter().map(row).collect()
}

fn share(some: u64, all: u64) -> String {
    if all == 0 { units::NOT_AVAILABLE.into() } else { units::percent(some as f64 / all as f64) }
}

fn kinds(figures: &CellFigures<'_>) -> BTreeMap<String, u64> {
    let mut kinds: BTreeMap<String, u64> = BTreeMap::new();
    let mut add = |kind: &str, count: u64| {
        if count > 0 {
            *kinds.entry(kind.to_owned()).or_default() += count;
        }
    };
    for trial in figures.finished() {
        trial.errors.iter().for_each(|(kind, count)| add(kind, *count));
        // Errors are there by kind. Where the kinds don't account for all that failed, the rest is told as what it is.
        let told: u64 = trial.errors.values().sum();
        let failed = [("shed", trial.totals.shed), ("unknown", trial.totals.unknown), ("error", trial.totals.error)];
        if told < failed.iter().map(|(_, count)| count).sum() {
            failed.iter().filter(|(kind, _)| !trial.errors.contains_key(*kind)).for_each(|(kind, count)| {
                let by_kind = if *kind == "error" { told } else { 0 };
                add(&format!("{kind} (all)"), count.saturating_sub(by_kind));
            });
        }
        add("value with a wrong stamp", trial.bad_stamps);
    }
    kinds
}

/// Warnings of the trials, one row a sort: a sweep in which every trial is flagged has a table as short as any.
pub(crate) fn warnings<'a>(trials: impl IntoIterator<Item = &'a Trial>) -> Table {
    /// The cells with their trials, in the order in which they came, and the first text.
    type Sort<'a> = (Vec<(&'a str, usize)>, &'a str);
    let mut sorts: BTreeMap<&str, Sort<'_>> = BTreeMap::new();
    for trial in trials {
        for warning in &trial.warnings {
            let (cells, _) = sorts.entry(&warning.code).or_insert((Vec::new(), &warning.text));
            match cells.iter_mut().find(|(cell, _)| *cell == trial.cell) {
                Some((_, count)) => *count += 1,
                None => cells.push((&trial.cell, 1)),
            }
        }
    }
    let mut table = Table::new("Warnings", &["warning", "#trials", "what was seen (the first)", "cells"]);
    for (code, (mut cells, text)) in sorts {
        let count: usize = cells.iter().map(|(_, count)| count).sum();
        cells.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let named: Vec<String> =
            cells.iter().take(NAMED).map(|(cell, count)| format!("{cell}: {}", counted(*count, "trial"))).collect();
        let more = cells.len().saturating_sub(NAMED);
        let more = if more > 0 { format!("; and {}", counted(more, "more cell")) } else { String::new() };
        let cells = named.join("; ") + &more;
        table.push(vec![code.into(), units::count(count as f64), text.into(), cells], Emphasis::Plain, true);
    }
    table
}

/// Invalid trials, one by one, and why.
pub(crate) fn invalid<'a>(trials: impl IntoIterator<Item = &'a Trial>) -> Table {
    let mut table = Table::new("Invalid trials", &["cell", "#block", "#trial", "why"]);
    for trial in trials {
        let reasons: Vec<&str> =
            trial.warnings.iter().filter(|warning| warning.invalidates).map(|warning| &*warning.text).collect();
        if !reasons.is_empty() {
            let (block, number) = ((trial.block + 1).to_string(), trial.number.to_string());
            let cells = vec![trial.cell.clone(), block, number, reasons.join("; ")];
            table.push(cells, Emphasis::Missing, true);
        }
    }
    table.footnotes.push(
        "No figure of these trials is shown or compared: medians and verdicts leave out their blocks. Their files are in \
         the record."
            .into(),
    );
    table
}

/// Cells that cannot be run, and why.
pub(crate) fn unsupported(analysis: &Analysis<'_>) -> Table {
    let mut table = Table::new("Unsupported cells", &["cell", "arm", "cache", "store", "why"]);
    for figures in &analysis.cells {
        let cell = figures.cell;
        if let Some(why) = &cell.unsupported {
            let texts = [&cell.id, &cell.arm, &cell.cache, &cell.store, why];
            table.push(texts.map(Clone::clone).to_vec(), Emphasis::Missing, true);
        }
    }
    table
}
