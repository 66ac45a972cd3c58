//! Why records are not compared.

use super::AspectDifference;
use cachemark_results::Run;
use cachemark_stats::StatsError;
use std::path::PathBuf;

/// So many differences are told one by one.
const TOLD: usize = 8;

/// Why records are not compared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CompareError {
    /// A side is empty.
    #[error("a side has no run: give a record for the baseline and one to compare with it")]
    NoRun,
    /// A record is no sweep and no load.
    #[error("{} is a capacity search, whose trials are at loads of its own choice: compare sweeps or loads", folder.display())]
    Search {
        /// Which.
        folder: PathBuf,
    },
    /// A record is given twice on one side.
    #[error("{} is given twice on one side: a run counts once", folder.display())]
    Twice {
        /// Which.
        folder: PathBuf,
    },
    /// The records differ in more than may be.
    #[error("{}", differ(.0))]
    Differ(Vec<AspectDifference>),
    /// No cell is on both sides.
    #[error(
        "the records have no cell in common: {baseline} has {}, {compared} has {}",
        named(baseline_cells),
        named(compared_cells)
    )]
    NoCommonCell {
        /// The folder of the baseline.
        baseline: String,
        /// Its cells.
        baseline_cells: Vec<String>,
        /// The folder of the other side.
        compared: String,
        /// Its cells.
        compared_cells: Vec<String>,
    },
    /// The margin is none.
    #[error(transparent)]
    Stats(#[from] StatsError),
}

impl CompareError {
    pub(super) fn no_common_cell(baseline: &Run, compared: &Run) -> Self {
        let folder = |run: &Run| run.folder.display().to_string();
        let cells = |run: &Run| run.manifest.cells.iter().map(|cell| cell.id.clone()).collect();
        Self::NoCommonCell {
            baseline: folder(baseline),
            baseline_cells: cells(baseline),
            compared: folder(compared),
            compared_cells: cells(compared),
        }
    }
}

fn differ(differences: &[AspectDifference]) -> String {
    let mut aspects: Vec<&str> = differences.iter().map(|difference| difference.aspect.name()).collect();
    aspects.sort_unstable();
    aspects.dedup();
    let lines: String = differences.iter().take(TOLD).map(|difference| format!("\n  {}", difference.line())).collect();
    let more = differences.len().saturating_sub(TOLD);
    let more = if more > 0 { format!("\n  and {more} more") } else { String::new() };
    format!(
        "the records differ in more than their revision, so nobody could tell what made a difference:{lines}{more}\n\
         if that is what you want to compare, say --across {}",
        aspects.join(",")
    )
}

/// Some of the names.
fn named(names: &[String]) -> String {
    let more = names.len().saturating_sub(TOLD);
    let shown: Vec<&str> = names.iter().take(TOLD).map(String::as_str).collect();
    format!("{}{}", shown.join("; "), if more > 0 { format!(" and {more} more") } else { String::new() })
}
