//! What became of each arm when it was broken.

mod against;
mod compared;
mod notes;
mod terminal;

pub(crate) use compared::power;
pub(super) use terminal::recovery_sheet;

use super::figures::place;
use super::spread_of;
use crate::analysis::{Analysis, CellFigures, RECOVERY_WORDS, Recovered};
use crate::table::{Emphasis, Table};
use crate::units;
use cachemark_stats::Summary;

/// The unit of what a verdict is counted over.
const BLOCK: &str = "block";

/// What has to be known to read times to recover.
const TIMES: &str = "Time to detect: from the fault's beginning to the end of the first window that was worse by more than noise. Time to recover: from the \
     fault's end to the beginning of the first three windows in a row that were as before; 0 s of what was not harmed";
const FIGURES: &str = "Figures: the median over blocks (least to greatest).";
const SHARES: &str = "Goodput: operations answered per second. Its shares, and the store's peak, are of those before the first fault in the same trial; \
     where the store was idle before, its peak is told in operations per second. p99: of what was answered; it takes 1,000 answers.";
const COSTS: &str = "From the first fault's beginning to the window's end, over all blocks together. Shed: operations that a policy of the arm \
     refused before any work was done. Lost writes: acknowledged, and missed by the audits.";

/// The recovery tables: what became of each arm, what it cost, how arms compare. Empty where nothing was broken.
pub(crate) fn recoveries(analysis: &Analysis<'_>) -> Vec<Table> {
    if !analysis.has_faults() {
        return Vec::new();
    }
    let tables = [outcomes(analysis), costs(analysis), compared::compared(analysis)];
    tables.into_iter().filter(|table| !table.rows.is_empty()).collect()
}

/// The cells in the order of tables, each with what stands before it: stack, point and arm.
fn rows<'a>(analysis: &'a Analysis<'_>) -> Vec<(Vec<String>, bool, &'a CellFigures<'a>)> {
    let mut rows = Vec::new();
    for stack in &analysis.stacks {
        let mut shown = None;
        for point in &analysis.points {
            for variant in 0..analysis.variants.len() {
                let Some(figures) = analysis.at(stack, variant, *point) else { continue };
                let mut cells = Vec::new();
                if !is_one_place(analysis) {
                    cells.push(if shown.is_none() { stack.label.clone() } else { String::new() });
                    cells.extend(place(analysis, shown, figures));
                }
                cells.push(analysis.label(figures).to_owned());
                rows.push((cells, shown != Some(*point), figures));
                shown = Some(*point);
            }
        }
    }
    rows
}

/// Whether all cells stand at one place, which a column would only repeat.
fn is_one_place(analysis: &Analysis<'_>) -> bool {
    analysis.stacks.len() == 1 && analysis.points.len() == 1
}

fn headers(analysis: &Analysis<'_>, own: &[&'static str]) -> Vec<&'static str> {
    let mut headers = Vec::new();
    if !is_one_place(analysis) {
        headers.extend(["stack", "#read ratio"]);
        headers.extend(analysis.open_loop.then_some("#offered load, arrivals/s"));
    }
    headers.push(analysis.subject.name());
    headers.extend(own);
    headers
}

fn outcomes(analysis: &Analysis<'_>) -> Table {
    let own = [
        "verdict",
        "#time to detect",
        "#time to recover",
        "#goodput before, ops/s",
        "#during, of before",
        "#after, of before",
        "#worst window, of before",
        "#p99 before",
        "#p99 during",
        "#store's peak, times before",
    ];
    let mut table = Table::new("What became of each", &headers(analysis, &own));
    for (mut cells, begins, figures) in rows(analysis) {
        let found = figures.recovered();
        cells.extend(match &found {
            None => [vec![missing(figures)], vec![units::NOT_AVAILABLE.to_owned(); own.len() - 1]].concat(),
            Some(found) => outcome(found).to_vec(),
        });
        let emphasis = if found.is_none() { Emphasis::Missing } else { super::emphasis_of(analysis, figures) };
        table.push(cells, emphasis, begins);
    }
    table.footnotes = vec![RECOVERY_WORDS.to_owned(), times(analysis), SHARES.to_owned()];
    table.footnotes.extend(notes::notes(analysis));
    table.footnotes.extend(spared(analysis));
    table
}

/// What the times mean, with the bounds that stand in this record for those that were not seen.
fn times(analysis: &Analysis<'_>) -> String {
    let mut bounds: Vec<String> = Vec::new();
    let recovered = analysis.cells.iter().filter_map(CellFigures::recovered);
    for time in recovered.map(|found| found.to_recover.greatest).filter(|time| !time.seen) {
        let told = format!("\"{}\"", time.in_words());
        if !bounds.contains(&told) {
            bounds.push(told);
        }
    }
    let bounds = match bounds.is_empty() {
        true => String::new(),
        false => format!(
            "; {} where there were none until the window ended, so long after the fault's declared end",
            units::listed(&bounds)
        ),
    };
    format!("{TIMES}{bounds}. {FIGURES}")
}

/// The arms that nothing could be done to.
fn spared(analysis: &Analysis<'_>) -> Option<String> {
    let mut names: Vec<&str> = Vec::new();
    for figures in analysis.cells.iter().filter(|figures| figures.has_nothing_to_break()) {
        if !names.contains(&analysis.label(figures)) {
            names.push(analysis.label(figures));
        }
    }
    (!names.is_empty()).then(|| {
        format!(
            "Nothing was done to what has no such server: {}. Its figures are of the same times.",
            units::listed(&names)
        )
    })
}

/// Why there is no verdict.
fn missing(figures: &CellFigures<'_>) -> String {
    match (&figures.cell.unsupported, figures.invalid.len()) {
        (Some(_), _) => "unsupported".to_owned(),
        (None, 0) => "not measured".to_owned(),
        (None, _) => "no valid trial".to_owned(),
    }
}

fn outcome(found: &Recovered) -> [String; 10] {
    let detected = match found.detected {
        Some(seen) if seen.count < found.trials => {
            with_count(&spread(found.detected, units::time), &format!("in {} of {}", seen.count, found.trials))
        }
        Some(_) => spread(found.detected, units::time),
        None => "never harmed".to_owned(),
    };
    [
        found.verdict(BLOCK),
        detected,
        found.to_recover.in_words(),
        spread(found.before, units::count),
        share(found.during),
        share(found.after),
        share(found.worst),
        spread(found.p99_before, units::time),
        spread(found.p99_during, units::time),
        match found.store_peak {
            Some(_) => spread(found.store_peak, units::ratio),
            None => spread(found.store_peak_ops_per_s, units::rate),
        },
    ]
}

/// A figure and of how many it is, which stands with its spread where it has one.
fn with_count(told: &str, count: &str) -> String {
    told.strip_suffix(')').map_or_else(|| format!("{told} ({count})"), |spread| format!("{spread}; {count})"))
}

fn share(summary: Option<Summary>) -> String {
    spread(summary, units::whole_percent)
}

/// The median with the least and the greatest; one of them where they read the same.
fn spread(summary: Option<Summary>, told: fn(f64) -> String) -> String {
    match summary {
        Some(Summary { min, max, median, .. }) if told(min) == told(max) => told(median),
        summary => spread_of(summary, told),
    }
}

fn costs(analysis: &Analysis<'_>) -> Table {
    let own = ["errors", "#shed", "#stale reads during", "#stale reads after", "#lost writes"];
    let mut table = Table::new("What it cost", &headers(analysis, &own));
    for (mut cells, begins, figures) in rows(analysis) {
        let Some(found) = figures.recovered() else { continue };
        let errors = found.errors_in_words();
        cells.push(if errors.is_empty() { "none".to_owned() } else { errors });
        cells.push(units::count(found.shed as f64));
        cells.extend([found.stale_during, found.stale_after, found.lost_writes].map(count));
        table.push(cells, super::emphasis_of(analysis, figures), begins);
    }
    table.footnotes.push(COSTS.to_owned());
    table
}

/// A count, where anybody looked.
fn count(count: Option<u64>) -> String {
    count.map_or_else(|| "not watched".to_owned(), |count| units::count(count as f64))
}
