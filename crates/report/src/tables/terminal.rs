//! What a terminal shows when a run has ended.

use super::verdicts::{described, effect, emphasis, no_effect, notes as verdict_notes, of};
use super::{NAMED, counted, median};
use crate::analysis::{Analysis, CellFigures, Family, FamilyRow, Role, Schedule, Trust, analyse};
use crate::answer::{Answer, fault_doubts};
use crate::sheet::{Column, Sheet};
use crate::table::{Emphasis, Row};
use crate::units;
use cachemark_results::Figure;
use cachemark_results::figure::{STALE_READS, Shown as InTables};
use cachemark_results::{Run, Status};
use std::collections::BTreeMap;

/// What a column shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// The strategy or service.
    Subject,
    /// The figure that verdicts are on.
    First,
    Ratio,
    Interval,
    Verdict,
    /// The share of its reads that were stale: it stands for its figure, which has no other column.
    Stale,
    Of(&'static Figure),
    /// How long a cold start took to fill the cache.
    ColdStart,
    Arrivals(Arrivals),
    Lag,
}

/// A sort of arrivals that is worth a column where there are any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Arrivals {
    Late,
    Shed,
    Unsent,
}

/// What stands before the other figures, from left to right. [`Shown::First`] stands for its figure, which has no other column.
const BEFORE: [Shown; 7] =
    [Shown::Subject, Shown::First, Shown::Ratio, Shown::Interval, Shown::Verdict, Shown::Stale, Shown::ColdStart];

/// What stands behind them.
const BEHIND: [Shown; 4] =
    [Shown::Lag, Shown::Arrivals(Arrivals::Late), Shown::Arrivals(Arrivals::Shed), Shown::Arrivals(Arrivals::Unsent)];

impl Shown {
    /// The column to do without last has the least: a narrow terminal has room for the first few. First stands what decides: throughput with
    /// the stale share that it is never read without, its ratio and verdict, the 99th percentile, hit ratio, store load. Figures
    /// bring their own, and no two columns have the same.
    fn rank(self) -> u8 {
        match self {
            Self::Subject => 0,
            Self::First => 10,
            Self::Stale => Self::Of(STALE_READS).rank(),
            Self::Ratio => 20,
            Self::Verdict => 30,
            Self::ColdStart => 36,
            Self::Arrivals(Arrivals::Unsent) => 32,
            Self::Arrivals(Arrivals::Shed) => 34,
            Self::Interval => 90,
            Self::Lag => 130,
            Self::Arrivals(Arrivals::Late) => 140,
            Self::Of(figure) => match figure.shown {
                InTables::InTables { rank, .. } => rank,
                InTables::OnRequest => u8::MAX,
            },
        }
    }
}

/// Figures, ratios and verdicts of a record, one row a cell under a heading for each stack and read ratio.
#[must_use]
pub fn terminal_sheet(run: &Run) -> Sheet {
    let analysis = analyse(run);
    let trust = Trust::of(run, &analysis);
    let mut sheet = if !run.manifest.capacities.is_empty() {
        super::capacity::capacity_sheet(run, &analysis)
    } else if analysis.has_faults() {
        super::recovery::recovery_sheet(&analysis)
    } else {
        of_cells(run, &analysis)
    };
    let answer = Answer::of(run, &analysis, &trust);
    sheet.answer = of_answer(&answer);
    sheet.remarks.splice(0..0, remarks(run, &trust));
    // What speaks against how it was broken is of no trial's warnings.
    sheet.remarks.extend(fault_doubts(run, &analysis).into_iter().map(|doubt| format!("Doubt: {doubt}.")));
    sheet.title = answer.title;
    sheet
}

/// What to use and why. What speaks against it follows at greater length.
fn of_answer(answer: &Answer) -> Vec<String> {
    let sentences = answer.sentences().into_iter().map(|(question, sentence)| format!("{question}: {sentence}"));
    let afterwards = answer.afterwards().into_iter().map(|(question, told)| format!("{question}: {told}"));
    sentences.chain(afterwards).collect()
}

/// What stands before any figure: whether the run is whole, and what speaks against it.
pub(super) fn remarks(run: &Run, trust: &Trust) -> Vec<String> {
    let mut remarks = Vec::new();
    if run.manifest.status != Status::Complete {
        let planned = counted(run.manifest.planned_trials(), "trial");
        remarks.push(format!("The run is not complete: {} of {planned}.", run.trials.len()));
    }
    for (head, concerns) in
        [("NOT TO BE TRUSTED", &trust.reasons), ("Doubt", &trust.doubts), ("Good to know", &trust.labels)]
    {
        remarks.extend(concerns.iter().map(|concern| format!("{head}: {}.", concern.brief().trim_end_matches('.'))));
    }
    remarks
}

fn of_cells(run: &Run, analysis: &Analysis<'_>) -> Sheet {
    let figures = analysis.shown.iter().map(|figure| Shown::Of(figure));
    let all = BEFORE.into_iter().chain(figures).chain(BEHIND);
    let shown: Vec<Shown> = all.filter(|shown| has(analysis, *shown)).collect();
    let columns = shown.iter().map(|shown| column(analysis, *shown)).collect();
    let mut sheet = Sheet { columns, ..Sheet::default() };
    for family in &analysis.families {
        for row in &family.rows {
            let figures = &analysis.cells[row.cell];
            let cells = shown.iter().map(|shown| in_family(analysis, figures, (family, row), *shown)).collect();
            sheet.push(&analysis.name_of(family), Row { cells, emphasis: emphasis(row), begins_group: false });
        }
    }
    let compared: Vec<usize> = analysis.families.iter().flat_map(|f| f.rows.iter().map(|row| row.cell)).collect();
    for (_, figures) in analysis.cells.iter().enumerate().filter(|(index, _)| !compared.contains(index)) {
        let cells = shown.iter().map(|shown| told(analysis, figures, None, *shown)).collect();
        let emphasis = if figures.trials.is_empty() { Emphasis::Missing } else { Emphasis::Plain };
        sheet.push(&figures.cell.family, Row { cells, emphasis, begins_group: false });
    }
    sheet.footnotes = footnotes(run, analysis);
    sheet
}

fn has(analysis: &Analysis<'_>, shown: Shown) -> bool {
    match shown {
        Shown::Subject | Shown::First => true,
        Shown::Ratio | Shown::Interval | Shown::Verdict => !analysis.families.is_empty(),
        Shown::Stale => analysis.shown.contains(&STALE_READS),
        Shown::Of(figure) => {
            figure != STALE_READS && figure != analysis.shown_first() && !analysis.verdict_on.contains(&figure)
        }
        Shown::ColdStart => analysis.has_cold_starts(),
        Shown::Lag => analysis.open_loop,
        Shown::Arrivals(arrivals) => {
            analysis.cells.iter().filter_map(CellFigures::schedule).any(|schedule| arrivals.of(&schedule) > 0)
        }
    }
}

fn column(analysis: &Analysis<'_>, shown: Shown) -> Column {
    let rank = shown.rank().into();
    match shown {
        Shown::Subject => Column::long_names(analysis.subject.name(), rank),
        Shown::Verdict => Column::names("verdict", rank),
        // Whose median it is stands in the headings.
        Shown::First if analysis.verdict_on.len() > 1 => Column::figures("median", rank),
        Shown::First => Column::figures(described(analysis, analysis.shown_first()), rank),
        Shown::Stale => Column::figures("stale", rank),
        Shown::Ratio => Column::figures(effect(analysis), rank),
        Shown::Interval => Column::figures("95 % interval", rank),
        Shown::Of(figure) => Column::figures(described(analysis, figure), rank),
        Shown::ColdStart => Column::figures("95 % full after", rank),
        Shown::Lag => Column::figures("lag p99", rank),
        Shown::Arrivals(arrivals) => Column::figures(arrivals.name(), rank),
    }
}

/// What a row of a family shows: what is not of the comparison stands once, in the cell's row of the first figure.
fn in_family(
    analysis: &Analysis<'_>,
    figures: &CellFigures<'_>,
    (family, row): (&Family, &FamilyRow),
    shown: Shown,
) -> String {
    let figure = of(analysis, family);
    let again = row.is_pair(family) || figure != analysis.shown_first();
    match shown {
        Shown::Ratio if row.role == Role::Reference => no_effect(family).to_owned(),
        Shown::Subject | Shown::Ratio | Shown::Interval | Shown::Verdict | Shown::Stale => {
            told(analysis, figures, Some(row), shown)
        }
        Shown::First if !row.is_pair(family) => median(figures, figure),
        _ if again => String::new(),
        _ => told(analysis, figures, Some(row), shown),
    }
}

fn told(analysis: &Analysis<'_>, figures: &CellFigures<'_>, row: Option<&FamilyRow>, shown: Shown) -> String {
    let reference = row.is_some_and(|row| row.role == Role::Reference);
    let schedule = || figures.schedule();
    match shown {
        Shown::Subject => row.map_or_else(|| analysis.label(figures).to_owned(), |row| row.label.clone()),
        Shown::First => median(figures, analysis.shown_first()),
        Shown::Ratio if reference => "1".to_owned(),
        Shown::Ratio => row.map(FamilyRow::ratio).unwrap_or_default(),
        Shown::Interval if reference => String::new(),
        Shown::Interval => row.map(|row| row.interval().replace(" to ", "–")).unwrap_or_default(),
        Shown::Verdict => row.map_or_else(|| "not compared".to_owned(), |row| in_a_word(&row.verdict())),
        Shown::Stale => figures.staleness_in_words(),
        Shown::Of(figure) => median(figures, figure),
        Shown::ColdStart => {
            let after = figures.summary_of(|trial| Some(trial.cold_start?.to_95_percent_ns as f64));
            units::or_none(after.map(|after| after.median), units::time)
        }
        Shown::Lag => units::or_none(schedule().and_then(|schedule| Some(schedule.lag_p99?.median)), units::time),
        Shown::Arrivals(arrivals) => {
            units::or_none(schedule().map(|schedule| arrivals.of(&schedule) as f64), units::count)
        }
    }
}

/// A verdict without its reason, which stands below once for all that share it.
fn in_a_word(verdict: &str) -> String {
    match verdict.split_once(": ") {
        Some((_, "misses 1")) => "A/A misses 1".to_owned(),
        Some((word, _)) => word.to_owned(),
        None => verdict.to_owned(),
    }
}

impl Arrivals {
    fn name(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Shed => "turned away",
            Self::Unsent => "unsent",
        }
    }

    fn of(self, schedule: &Schedule) -> u64 {
        match self {
            Self::Late => schedule.late,
            Self::Shed => schedule.shed,
            Self::Unsent => schedule.unsent,
        }
    }
}

fn footnotes(run: &Run, analysis: &Analysis<'_>) -> Vec<String> {
    let mut notes = reasons(analysis);
    notes.extend(verdict_notes(&run.manifest, analysis));
    let invalid: usize = analysis.cells.iter().map(|figures| figures.invalid.len()).sum();
    if invalid > 0 {
        let text = "did not measure the stack, and no figure of them is in this table; the page says why.";
        notes.push(format!("{} {text}", counted(invalid, "invalid trial")));
    }
    if analysis.has_cold_starts() {
        notes.push(
            "95 % full after: when the hit ratio had come to 95 % of where it ended, from an empty cache.".into(),
        );
    }
    notes.push(if analysis.open_loop {
        "Figures are medians over blocks; late, turned away (too many were in flight) and unsent count the arrivals of all trials. Response time = completion - \
         intended start, service time = completion - actual start (both of all answered operations), lag = actual - \
         intended start."
            .into()
    } else {
        "Figures are medians over blocks; read p50 and p99 are of the service time.".into()
    });
    for figures in &analysis.cells {
        if let Some(why) = &figures.cell.unsupported {
            notes.push(format!("{} is unsupported: {why}.", figures.cell.id));
        }
    }
    notes
}

/// Why cells were not judged, once for all that share the reason; that there are too few blocks is among the notes anyway.
fn reasons(analysis: &Analysis<'_>) -> Vec<String> {
    let mut reasons: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for family in analysis.families.iter().filter(|family| family.blocks >= family.blocks_needed) {
        for row in family.rows.iter().filter(|row| row.role == Role::Compared) {
            if let Some((verdict @ ("not judged" | "inconclusive"), reason)) = row.verdict().split_once(": ") {
                let cells = reasons.entry(format!("{verdict}, {reason}")).or_default();
                cells.push(&analysis.cells[row.cell].cell.id);
            }
        }
    }
    let line = |(reason, cells): (String, Vec<&str>)| {
        let more = cells.len().saturating_sub(NAMED);
        let more = if more > 0 { format!("; and {}", counted(more, "more cell")) } else { String::new() };
        let mut reason = reason;
        // The first letter is of one of two words of ours.
        reason.get_mut(..1).into_iter().for_each(str::make_ascii_uppercase);
        format!("{reason}: {}{more}.", cells.into_iter().take(NAMED).collect::<Vec<_>>().join("; "))
    };
    reasons.into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use cachemark_results::figure::FIGURES;

    #[test]
    fn no_two_columns_have_the_same_rank() {
        for open_loop in [false, true] {
            // [`Shown::Stale`] stands for its figure, and has its rank.
            let others = FIGURES.iter().filter(|figure| figure.is_shown(open_loop) && **figure != STALE_READS);
            let figures = others.map(|figure| Shown::Of(figure));
            let mut by_rank: BTreeMap<u8, Vec<Shown>> = BTreeMap::new();
            for shown in BEFORE.into_iter().chain(figures).chain(BEHIND) {
                by_rank.entry(shown.rank()).or_default().push(shown);
            }
            by_rank.retain(|_, shown| shown.len() > 1);
            assert!(by_rank.is_empty(), "open loop {open_loop}: {by_rank:?}");
        }
    }
}
