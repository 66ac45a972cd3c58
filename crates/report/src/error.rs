//! What can go wrong with a report.

use cachemark_results::RecordError;
use std::path::{Path, PathBuf};

/// An error of making a report.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// The record could not be read, or a page could not be written.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// A folder could not be made.
    #[error("cannot make {}: {source}", path.display())]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A chart could not be drawn.
    #[error("cannot draw {chart}: {detail}")]
    Draw {
        /// Which chart.
        chart: String,
        /// Why.
        detail: String,
    },
    /// The record has no such chart.
    #[error("there is no chart `{name}`; the record has {}", there.join(", "))]
    NoChart {
        /// What was asked for.
        name: String,
        /// Its charts.
        there: Vec<String>,
    },
    /// A page could not be filled in.
    #[error("cannot fill in the page: {0}")]
    Page(#[from] askama::Error),
    /// What was judged could not be written as JUnit XML.
    #[error("cannot write JUnit XML: {0}")]
    Junit(#[source] std::io::Error),
    /// A table could not be written as CSV.
    #[error("cannot write a table as CSV: {0}")]
    Csv(#[from] csv::Error),
}

impl ReportError {
    pub(crate) fn folder(path: &Path, source: std::io::Error) -> Self {
        Self::Folder { path: path.to_owned(), source }
    }

    pub(crate) fn draw(chart: &str, detail: impl ToString) -> Self {
        Self::Draw { chart: chart.to_owned(), detail: detail.to_string() }
    }
}
