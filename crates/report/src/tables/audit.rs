//! What store and caches held once the trials were over.

use super::{counted, emphasis_of, spread_of};
use crate::analysis::{Analysis, CellFigures};
use crate::table::{Emphasis, Table};
use crate::units;
use cachemark_results::{Audit, AuditExample, CacheAudit, Trial};

const STORE: &str = "Of all finished trials together; each was looked at after its drain, outside of its window. A key has lost a write if its row is \
     older than the highest version that was acknowledged, or is not what was acknowledged as that version. A phantom is what nobody can have written. \
     A cell that lost a write, or left a phantom, is called neither better nor equivalent.";

const CACHE: &str = "Entries are held against the rows: behind or ahead by their version, corrupt if damaged or of the row's version with other \
     content. Divergence is those behind and ahead among all entries, the median over trials. Left: for how long entries that are behind would have gone on to \
     live; those without end stay until the next write or an eviction.";

/// So many examples stand in the table.
const SHOWN: usize = 12;

/// What became of the rows: one row a cell that was audited.
pub(crate) fn rows_in_the_end(analysis: &Analysis<'_>) -> Table {
    let headers =
        ["cell", "#keys looked at", "#written", "#lost writes", "#of deletes", "#phantom rows", "#corrupt rows"];
    let mut table = Table::new("What the store held in the end", &headers);
    for figures in audited(analysis) {
        let sum = |of: fn(&Audit) -> u64| units::count(told(figures).map(of).sum::<u64>() as f64);
        // Without the oracle nobody knows what was acknowledged.
        let known = told(figures).any(|audit| audit.store.written.is_some());
        let of_writes = |of: fn(&Audit) -> u64| if known { sum(of) } else { units::NOT_AVAILABLE.into() };
        let cells = vec![
            figures.cell.id.clone(),
            sum(|audit| audit.store.seen),
            of_writes(|audit| audit.store.written.unwrap_or(0)),
            of_writes(|audit| audit.store.lost),
            of_writes(|audit| audit.store.lost_deletes),
            sum(|audit| audit.store.phantoms),
            sum(|audit| audit.store.corrupt),
        ];
        table.push(cells, emphasis_of(analysis, figures), true);
    }
    table.footnotes.push(STORE.into());
    table.footnotes.extend(scope(analysis));
    table
}

/// What became of the entries: one row a cell that asks a cache.
pub(crate) fn entries_in_the_end(analysis: &Analysis<'_>) -> Table {
    let headers = [
        "cell",
        "#entries",
        "#behind",
        "#resurrected",
        "#stale negatives",
        "#ahead",
        "#without row",
        "#divergence",
        "#left, p50",
        "#left, max",
        "#without end",
        "#phantoms",
        "#corrupt",
    ];
    let mut table = Table::new("What the cache held in the end", &headers);
    for figures in audited(analysis).filter(|figures| cached(figures).next().is_some()) {
        let sum = |of: fn(&CacheAudit) -> u64| units::count(cached(figures).map(of).sum::<u64>() as f64);
        let left = || cached(figures).filter_map(|cache| cache.behind_remaining);
        let longest = left().map(|left| left.max_ns).max().map(|ns| ns as f64);
        let median = figures
            .summary_of(|trial| trial.audit.as_ref()?.cache.as_ref()?.behind_remaining?.p50_ns.map(|ns| ns as f64));
        let cells = vec![
            figures.cell.id.clone(),
            sum(|cache| cache.held),
            sum(|cache| cache.behind),
            sum(|cache| cache.resurrected),
            sum(|cache| cache.stale_negatives),
            sum(|cache| cache.ahead),
            sum(|cache| cache.orphans),
            spread_of(figures.summary_of(|trial| trial.audit.as_ref()?.divergence()), units::tiny_share),
            spread_of(median, units::time),
            units::or_none(longest, units::time),
            sum(|cache| cache.behind_without_end),
            sum(|cache| cache.phantoms),
            sum(|cache| cache.corrupt),
        ];
        table.push(cells, emphasis_of(analysis, figures), true);
    }
    table.footnotes.push(CACHE.into());
    let touched: Vec<_> = analysis
        .cells
        .iter()
        .filter(|figures| cached(figures).any(|cache| !cache.recency_kept))
        .map(|figures| figures.cell.cache.as_str())
        .collect();
    if let Some(cache) = touched.first() {
        table.footnotes.push(format!(
            "Looking counted as using the entries of {cache}, whose version offers no other way (Redis has one from 7.2 on): after all was measured, \
             it changed what would be evicted next."
        ));
    }
    table
}

/// Keys on which something was found, the worst first.
pub(crate) fn findings(analysis: &Analysis<'_>) -> Table {
    let headers = ["found", "key", "#acknowledged", "#row", "#entry", "#left", "#trial", "cell"];
    let mut table = Table::new("Found in the end", &headers);
    let mut found: Vec<(&AuditExample, &Trial)> = analysis
        .cells
        .iter()
        .flat_map(CellFigures::finished)
        .flat_map(|trial| trial.audit.iter().flat_map(|audit| &audit.examples).map(move |example| (example, trial)))
        .collect();
    found.sort_by_key(|(example, trial)| (example.finding, trial.number));
    let version = |version: Option<u64>| version.map_or_else(|| "-".to_owned(), |version| format!("v{version}"));
    for (example, trial) in found.iter().take(SHOWN) {
        let cells = vec![
            example.finding.name().to_owned(),
            example.key.clone(),
            version(example.acknowledged),
            version(Some(example.row)) + if example.other_value { ", another write's value" } else { "" },
            version(example.entry),
            units::or_none(example.remaining_ns.map(|ns| ns as f64), units::time),
            trial.number.to_string(),
            trial.cell.clone(),
        ];
        table.push(cells, Emphasis::Plain, false);
    }
    if found.len() > SHOWN {
        let left = counted(found.len() - SHOWN, "example");
        table.footnotes.push(format!("And {left} in the trials' summary.json, which keeps three of each kind."));
    }
    table
}

/// How much was looked at, how long it took, and what was not seen.
fn scope(analysis: &Analysis<'_>) -> Option<String> {
    let all = || analysis.cells.iter().flat_map(told);
    let longest = all().map(|audit| audit.time_ns).max()?;
    let first = all().find(|audit| audit.is_sample()).or_else(|| all().next())?;
    let (chosen, keys) = (units::count(first.chosen as f64), units::count(first.keys as f64));
    let which = if first.is_sample() {
        format!(
            "{chosen} of {keys} keys were chosen in each trial, those that were written first, within which the seed chooses"
        )
    } else {
        format!("Each of the {keys} keys was looked at")
    };
    let broken = all().filter(|audit| audit.incomplete.is_some()).count();
    let broken = if broken == 0 { String::new() } else { format!(" {} broke off.", counted(broken, "audit")) };
    Some(format!("{which}; an audit took {} at most.{broken}", units::time(longest as f64)))
}

fn audited<'a, 'b>(analysis: &'a Analysis<'b>) -> impl Iterator<Item = &'a CellFigures<'b>> {
    analysis.cells.iter().filter(|figures| told(figures).next().is_some())
}

fn told<'a>(figures: &'a CellFigures<'_>) -> impl Iterator<Item = &'a Audit> {
    figures.finished().filter_map(|trial| trial.audit.as_ref())
}

fn cached<'a>(figures: &'a CellFigures<'_>) -> impl Iterator<Item = &'a CacheAudit> {
    told(figures).filter_map(|audit| audit.cache.as_ref())
}
