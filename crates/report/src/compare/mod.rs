//! Runs against runs: records that were made at different times, joined by their cells.
//!
//! A figure of a run is the median over its trials; what is compared are runs, not trials, for what a machine does today is in all
//! trials of a run. `cachemark_stats::between_runs` has the rule, this the rows: which cells are on both sides, which figures,
//! what must not differ, and what is said of it. All rows of a comparison are one family. A/A controls are left out: they are for
//! the noise within a run.

pub(crate) mod aspect;
mod beside;
mod definition;
mod error;
mod forest;
pub(crate) mod join;
mod json;
mod junit;
mod markdown;
mod page;
mod row;
mod sentences;
mod sheet;
mod table;

pub use aspect::{Aspect, AspectDifference, is_same_machine};
pub use error::CompareError;
pub use json::comparisons_as_json;
pub use junit::comparisons_as_junit;
pub use page::comparisons_as_html;
pub use row::{ComparedRow, RowVerdict};

use crate::analysis::{Analysis, CellFigures, Trust, analyse, cell_figures};
use crate::sheet::Sheet;
use beside::Beside;
use cachemark_results::figure::{FIGURES, THROUGHPUT, read, response};
use cachemark_results::{Cell, Figure, Run};
use cachemark_stats::{ALPHA, RUNS_NEEDED, RunRow, RunRule, StatsError, compare_runs};
use join::Joined;
use std::path::PathBuf;

/// What is compared of a record that gives no verdict on a figure that this build knows.
const WITHOUT_VERDICTS: &[&Figure] = &[THROUGHPUT];

/// What is to be compared.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The runs of the baseline.
    pub baseline: &'a [Run],
    /// The runs that are compared with it.
    pub compared: &'a [Run],
    /// Stored runs, which tell the drift where a side has too few; see [`is_judged_by_stored`].
    pub stored: &'a [Run],
    /// On which figures; without any those that the baseline's verdicts are on, and the 99th percentile of reads, or of an open
    /// loop's response times.
    pub figures: &'a [&'static Figure],
    /// Ratios within 1 / (1 + margin) to 1 + margin don't matter.
    pub margin: f64,
    /// What may differ between the records.
    pub across: &'a [Aspect],
}

/// A comparison, worked out.
#[derive(Debug, Clone)]
pub struct RunComparison {
    /// The name of the baseline's definition.
    pub name: String,
    /// When the first of the compared runs began, UTC, RFC 3339.
    pub started_utc: String,
    /// What an arm is called.
    pub subject: &'static str,
    /// The runs of the baseline.
    pub baseline: Vec<Identity>,
    /// The runs that are compared with it.
    pub compared: Vec<Identity>,
    /// How many stored runs tell the drift; none where each side has runs enough by itself.
    pub stored: Option<usize>,
    /// Ratios within 1 / (1 + margin) to 1 + margin don't matter.
    pub margin: f64,
    /// One figure of one cell each: by figure, then in the baseline's order.
    pub rows: Vec<ComparedRow>,
    /// What differs between the records, and was allowed to.
    pub differences: Vec<AspectDifference>,
    /// Cells that only the baseline has, and those that only the other side has: they are not compared.
    pub left_out: [Vec<String>; 2],
    /// Figures that were to be compared by default, and that no run has.
    pub absent: Vec<&'static Figure>,
    /// What speaks against trusting a record or the comparison, a line each.
    pub untrusted: Vec<String>,
    beside: Beside,
}

/// Which run it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Its folder.
    pub folder: PathBuf,
    /// The build that made it: version and revision; none if it is not known.
    pub build: Option<String>,
}

/// Whether so many runs a side are judged by the drift of stored runs, for they are too few to tell their own.
#[must_use]
pub fn is_judged_by_stored(baseline: usize, compared: usize) -> bool {
    baseline.min(compared) < RUNS_NEEDED
}

/// Compares.
///
/// # Errors
/// [`CompareError`]: a capacity search, a record that is given twice on one side, records that differ in what was not said to be
/// allowed, or that have no cell in common.
pub fn compare(request: &Request<'_>) -> Result<RunComparison, CompareError> {
    let Request { baseline, compared, margin, .. } = *request;
    let (Some(first), Some(first_compared)) = (baseline.first(), compared.first()) else {
        return Err(CompareError::NoRun);
    };
    check(baseline)?;
    check(compared)?;
    let differences = aspect::differences(baseline, compared);
    let refused: Vec<AspectDifference> =
        differences.iter().filter(|difference| !difference.is_allowed(request.across)).cloned().collect();
    if !refused.is_empty() {
        return Err(CompareError::Differ(refused));
    }
    let analyses = [baseline, compared].map(|runs| runs.iter().map(analyse).collect::<Vec<_>>());
    let by_stored = is_judged_by_stored(baseline.len(), compared.len());
    let stored: Vec<Vec<CellFigures<'_>>> = request.stored.iter().filter(|_| by_stored).map(cell_figures).collect();
    let joined = Joined::of(&analyses, &stored);
    if joined.cells.is_empty() {
        return Err(CompareError::no_common_cell(first, first_compared));
    }
    let (figures, absent) = figures(request.figures, &analyses[0][0], &joined);
    let mut rows: Vec<ComparedRow> = figures
        .into_iter()
        .flat_map(|figure| joined.cells.iter().map(move |cell| (figure, cell)))
        .map(|(figure, cell)| ComparedRow::of(figure, analyses[0][0].title(figure), cell))
        .collect();
    judge(&mut rows, margin)?;
    let mut untrusted = untrusted([baseline, compared], &analyses);
    untrusted.extend(sentences::lost(&rows));
    Ok(RunComparison {
        name: first.manifest.name.clone(),
        started_utc: first_compared.manifest.started_utc.clone(),
        subject: analyses[0][0].subject.name(),
        baseline: baseline.iter().map(Identity::of).collect(),
        compared: compared.iter().map(Identity::of).collect(),
        stored: by_stored.then_some(stored.len()),
        margin,
        rows,
        differences,
        left_out: joined.left_out,
        absent,
        untrusted,
        beside: Beside::of(first, first_compared),
    })
}

/// Refuses what a side cannot be made of.
fn check(side: &[Run]) -> Result<(), CompareError> {
    for (place, run) in side.iter().enumerate() {
        if run.manifest.is_search() {
            return Err(CompareError::Search { folder: run.folder.clone() });
        }
        let real = |run: &Run| run.folder.canonicalize().unwrap_or_else(|_| run.folder.clone());
        if side[..place].iter().any(|other| real(other) == real(run)) {
            return Err(CompareError::Twice { folder: run.folder.clone() });
        }
    }
    Ok(())
}

/// The figures to compare, and those of the usual ones that no run has.
fn figures(
    asked: &[&'static Figure],
    baseline: &Analysis<'_>,
    joined: &Joined<'_>,
) -> (Vec<&'static Figure>, Vec<&'static Figure>) {
    if !asked.is_empty() {
        return (FIGURES.iter().copied().filter(|figure| asked.contains(figure)).collect(), Vec::new());
    }
    let tail = if baseline.open_loop { response::P99 } else { read::P99 };
    let verdict_on = if baseline.verdict_on.is_empty() { WITHOUT_VERDICTS } else { &baseline.verdict_on[..] };
    let usual = FIGURES.iter().copied().filter(|figure| *figure == tail || verdict_on.contains(figure));
    usual.partition(|figure| joined.cells.iter().any(|cell| cell.has(figure)))
}

/// Gives the rows their verdicts: all that every run has, as one family.
fn judge(rows: &mut [ComparedRow], margin: f64) -> Result<(), StatsError> {
    let (places, family): (Vec<usize>, Vec<RunRow>) =
        rows.iter().enumerate().filter_map(|(place, row)| Some((place, row.as_run_row()?))).unzip();
    let found = compare_runs(&family, &RunRule { alpha: ALPHA, margin })?;
    for (place, found) in places.into_iter().zip(found) {
        rows[place].take(found);
    }
    Ok(())
}

/// What speaks against trusting the records.
fn untrusted(sides: [&[Run]; 2], analyses: &[Vec<Analysis<'_>>; 2]) -> Vec<String> {
    let runs = sides.into_iter().flatten().zip(analyses.iter().flatten());
    let mut lines: Vec<String> = Vec::new();
    for (run, analysis) in runs {
        for reason in Trust::of(run, analysis).reasons {
            let line = format!("{}: {}", run.folder.display(), reason.line());
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    lines
}

impl Identity {
    fn of(run: &Run) -> Self {
        let build = run.environment.as_ref().map(|environment| {
            let tool = &environment.tool;
            let revision = tool.revision.as_deref().map(|revision| format!(" ({revision})")).unwrap_or_default();
            format!("{}{revision}", tool.version)
        });
        Self { folder: run.folder.clone(), build }
    }
}

impl RunComparison {
    /// The rows that are worse by a whole interval beyond the margin.
    pub fn regressions(&self) -> impl Iterator<Item = &ComparedRow> {
        self.rows.iter().filter(|row| row.verdict() == RowVerdict::Regression)
    }

    /// What came out, in a sentence.
    #[must_use]
    pub fn conclusion(&self) -> String {
        sentences::conclusion(self)
    }

    /// The comparison for a terminal.
    #[must_use]
    pub fn sheet(&self) -> Sheet {
        sheet::sheet(self)
    }

    /// The comparison in GitHub's Markdown, for a pull request.
    #[must_use]
    pub fn markdown(&self) -> String {
        markdown::markdown(self)
    }
}

/// Whether a cell takes part: A/A controls and what could not be run don't.
fn takes_part(cell: &Cell) -> bool {
    !cell.control && cell.unsupported.is_none()
}
