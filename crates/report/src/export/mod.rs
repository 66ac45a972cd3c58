//! A record's figures in the formats of tools that keep them over time, one file a format.
//!
//! Each has the median over the valid trials of every cell but A/A controls, with the least and the greatest where the format has a place for
//! them. Times are in nanoseconds, shares from 0 to 1.

mod bmf;
mod github_action_benchmark;
mod otava;

use crate::analysis::{Analysis, CellFigures, analyse};
use cachemark_results::figure::THROUGHPUT;
use cachemark_results::{Figure, Run};
use cachemark_stats::Summary;

/// A format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The Bencher Metric Format.
    Bmf,
    /// The custom format of github-action-benchmark.
    GithubActionBenchmark,
    /// A line of a CSV file as Apache Otava reads it.
    Otava,
}

/// Why a record cannot be exported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    /// Figures of which more is better, and figures of which less is.
    #[error(
        "github-action-benchmark takes figures of which more is better, or such of which less is, in one file: {more} is of the first sort \
         and {less} of the second; export them one by one with --figure"
    )]
    BothWays {
        /// One of the first sort.
        more: &'static str,
        /// One of the second.
        less: &'static str,
    },
    /// Nothing to export.
    #[error("no cell of the record has any of these figures: {0}")]
    Nothing(String),
}

/// A figure of a cell.
struct Exported<'a> {
    cell: &'a CellFigures<'a>,
    figure: &'static Figure,
    summary: Summary,
}

/// The record in that format: of the given figures, or of those that verdicts are on.
///
/// # Errors
/// [`ExportError`].
pub fn export(run: &Run, format: Format, figures: &[&'static Figure]) -> Result<String, ExportError> {
    let analysis = analyse(run);
    let figures = if figures.is_empty() { by_default(&analysis) } else { figures.to_vec() };
    let exported = exported(&analysis, &figures);
    if exported.is_empty() {
        let names: Vec<&str> = figures.iter().map(|figure| figure.name).collect();
        return Err(ExportError::Nothing(names.join(", ")));
    }
    match format {
        Format::Bmf => Ok(bmf::text(&exported)),
        Format::GithubActionBenchmark => github_action_benchmark::text(&exported),
        Format::Otava => Ok(otava::text(run, &exported)),
    }
}

fn by_default(analysis: &Analysis<'_>) -> Vec<&'static Figure> {
    if analysis.verdict_on.is_empty() { vec![THROUGHPUT] } else { analysis.verdict_on.clone() }
}

fn exported<'a>(analysis: &'a Analysis<'a>, figures: &[&'static Figure]) -> Vec<Exported<'a>> {
    let cells = analysis.cells.iter().filter(|cell| !cell.cell.control);
    let of = |cell: &'a CellFigures<'a>| {
        let of = move |figure: &&'static Figure| Some(Exported { cell, figure, summary: cell.summary(figure)? });
        figures.iter().filter_map(of).collect::<Vec<_>>()
    };
    cells.flat_map(of).collect()
}
