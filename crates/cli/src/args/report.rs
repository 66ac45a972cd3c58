//! The arguments of `cachemark report`.

use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    /// The record's folder; the latest in the results folder if none is given.
    pub(crate) folder: Option<PathBuf>,
    /// Another heading of the pages, which the record keeps; '' for the definition's description.
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    /// Other notes, which stand on the pages as text after the answer and are kept in the record: 16 KiB at most; an empty file takes them away.
    #[arg(long, value_name = "FILE")]
    pub(crate) notes: Option<PathBuf>,
    /// Write how the record's assertions came out as JUnit XML.
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
    /// Open the page in a browser: $BROWSER, or the desktop's. Where there is none, or CI is set, its path is said instead.
    #[arg(long)]
    pub(crate) open: bool,
    /// Of the charts, write only these as files, as PNG alone, and show them in SUMMARY.md; the page has all in any case.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) png: Option<Vec<String>>,
    /// Print the figures as another tool keeps them over time, in the place of the table, and make no pages.
    #[arg(long, value_enum, value_name = "FORMAT", conflicts_with_all = ["json", "junit", "png", "strict", "open"])]
    pub(crate) export: Option<ExportFormat>,
    /// Of which figures (docs/figures.md), separated by commas; those that verdicts are on, if not given.
    #[arg(long, value_name = "FIGURES", value_delimiter = ',', requires = "export")]
    pub(crate) figure: Vec<String>,
    /// Where to look for the latest.
    #[arg(long, value_name = "DIR", default_value = "results", env = "CACHEMARK_OUT")]
    pub(crate) out: PathBuf,
    /// Exit with 3 and say why if a trial is invalid, overloaded or not steady, or an A/A control is noisy or misses 1.
    #[arg(long)]
    pub(crate) strict: bool,
    /// Print the result as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// A format that another tool reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// Bencher's metric format.
    Bmf,
    /// github-action-benchmark's custom format, of figures of which more is better, or of such of which less is.
    GithubActionBenchmark,
    /// A header and a line of a CSV file for Apache Otava.
    Otava,
}
