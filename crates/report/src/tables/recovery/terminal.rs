//! The same for a terminal.

use super::{against, missing};
use crate::analysis::{Analysis, CellFigures, RECOVERY_WORDS, Recovered};
use crate::sheet::{Column, Sheet};
use crate::table::{Emphasis, Row};
use crate::tables::emphasis_of;
use crate::units;
use cachemark_stats::Summary;

/// The columns behind the arm: name, rank, and how it is told.
type Figure = (&'static str, usize, fn(&Recovered) -> String);

/// Times stand first: they are what is asked.
const FIGURES: [Figure; 9] = [
    ("recover", 0, |found| found.to_recover.median.in_words()),
    ("detect", 50, |found| units::or_none(median(found.detected), units::time)),
    ("before, ops/s", 40, |found| units::or_none(median(found.before), units::count)),
    ("during", 10, |found| percent(found.during)),
    ("after", 20, |found| percent(found.after)),
    ("worst", 30, |found| percent(found.worst)),
    ("p99 during", 25, |found| units::or_none(median(found.p99_during), units::time)),
    ("store peak", 35, store_peak),
    ("errors", 45, |found| units::count(found.errors.values().sum::<u64>() as f64)),
];

/// One row a cell under a heading for each stack and point; what it cost besides below.
pub(in crate::tables) fn recovery_sheet(analysis: &Analysis<'_>) -> Sheet {
    let judged = against::judged(analysis);
    let mut columns = vec![Column::long_names(analysis.subject.name(), 0), Column::prose("verdict (blocks)", 0)];
    columns.push(figure_column(FIGURES[0]));
    columns.extend(judged.then(|| Column::prose("to reference", 5)));
    columns.extend(FIGURES[1..].iter().copied().map(figure_column));
    let mut sheet = Sheet { columns, ..Sheet::default() };
    for stack in &analysis.stacks {
        for point in &analysis.points {
            for variant in 0..analysis.variants.len() {
                let Some(figures) = analysis.at(stack, variant, *point) else { continue };
                sheet.push(&format!("{}, {}", stack.label, point.label()), row(analysis, figures, judged));
            }
        }
    }
    sheet.footnotes.extend(against::notes(analysis));
    sheet.footnotes.extend(analysis.cells.iter().filter_map(|figures| cost(analysis, figures)));
    sheet.footnotes.push(
        "recover: from the fault's end until it was as before; detect: from its beginning until it was worse; during, after, worst \
         window: goodput, of that before; store peak: times the rate before, or a rate where the store was idle. \
         Medians over blocks."
            .into(),
    );
    sheet.footnotes.push(RECOVERY_WORDS.into());
    sheet.footnotes.extend(super::notes::notes(analysis));
    sheet.footnotes.extend(super::spared(analysis));
    let mut powers: Vec<String> = Vec::new();
    for family in analysis.recoveries.iter().filter(|family| family.size > 0) {
        let told = format!("Sign test: {}.", super::compared::power(family));
        if !powers.contains(&told) {
            powers.push(told);
        }
    }
    sheet.footnotes.extend(powers);
    sheet
}

fn figure_column((name, rank, _): Figure) -> Column {
    Column::figures(name, rank)
}

fn row(analysis: &Analysis<'_>, figures: &CellFigures<'_>, judged: bool) -> Row {
    let mut cells = vec![analysis.label(figures).to_owned()];
    let Some(found) = figures.recovered() else {
        cells.push(missing(figures));
        cells.extend(FIGURES.iter().map(|_| none()).chain(judged.then(none)));
        return Row { cells, emphasis: Emphasis::Missing, begins_group: false };
    };
    cells.push(found.verdict_briefly());
    cells.push(FIGURES[0].2(&found));
    cells.extend(judged.then(|| against::verdict(analysis, figures)));
    cells.extend(FIGURES[1..].iter().map(|(_, _, told)| told(&found)));
    Row { cells, emphasis: emphasis_of(analysis, figures), begins_group: false }
}

/// What an arm's faults cost besides time, where they did.
fn cost(analysis: &Analysis<'_>, figures: &CellFigures<'_>) -> Option<String> {
    let found = figures.recovered()?;
    let some = |count: Option<u64>, words: &str| {
        count.filter(|count| *count > 0).map(|count| format!("{} {words}", units::count(count as f64)))
    };
    let errors = (!found.errors.is_empty()).then(|| format!("errors: {}", found.errors_in_words()));
    let told: Vec<String> = errors
        .into_iter()
        .chain(some(Some(found.shed_besides()), "shed"))
        .chain(some(found.stale_after, "stale reads after the fault"))
        .chain(some(found.lost_writes, "acknowledged writes lost"))
        .collect();
    (!told.is_empty()).then(|| format!("{}: {}.", super::notes::name(analysis, figures), told.join("; ")))
}

/// The store's peak: against its rate before where it had one.
fn store_peak(found: &Recovered) -> String {
    match (median(found.store_peak), median(found.store_peak_ops_per_s)) {
        (Some(times), _) => format!("x {}", units::short(times)),
        (None, rate) => rate.map_or_else(none, |rate| format!("{}/s", units::short(rate))),
    }
}

fn median(summary: Option<Summary>) -> Option<f64> {
    summary.map(|summary| summary.median)
}

fn percent(summary: Option<Summary>) -> String {
    units::or_none(median(summary), units::whole_percent)
}

fn none() -> String {
    units::NOT_AVAILABLE.to_owned()
}
