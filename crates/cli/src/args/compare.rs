//! The arguments of `cachemark compare`.

use super::ratio::share;
use cachemark_report::compare::Aspect;
use cachemark_results::Figure;
use cachemark_results::figure::UnknownFigure;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct CompareArgs {
    /// The baseline's record, then those to compare with it, each by itself. Beside --with, all of them are runs of the baseline.
    #[arg(required = true, value_name = "RECORD")]
    pub(crate) records: Vec<PathBuf>,
    /// The runs of the other side, as one. Four or more a side tell by themselves how runs drift.
    #[arg(long = "with", value_name = "RECORD", num_args = 1..)]
    pub(crate) with: Vec<PathBuf>,
    /// Figures to compare (docs/figures.md), separated by commas; those that the baseline's verdicts are on and the 99th percentile, if not
    /// given.
    #[arg(long, value_name = "FIGURES", value_delimiter = ',', value_parser = figure)]
    pub(crate) figure: Vec<&'static Figure>,
    /// In what the records may differ, separated by commas. Another revision on the other side needs no word.
    #[arg(long, value_name = "machine|build|definition", value_delimiter = ',', value_parser = aspect())]
    pub(crate) across: Vec<Aspect>,
    /// What doesn't matter: a regression is worse by a whole interval beyond it.
    #[arg(long, value_name = "SHARE", default_value = "5%", value_parser = share)]
    pub(crate) margin: f64,
    /// Where stored runs of the same definition and machine are, which tell the drift where a side has fewer than four.
    #[arg(long, value_name = "DIR", default_value = "results", env = "CACHEMARK_OUT")]
    pub(crate) history: PathBuf,
    /// Write the comparison as Markdown, for a pull request.
    #[arg(long, value_name = "FILE")]
    pub(crate) markdown: Option<PathBuf>,
    /// Write it as a page: the answer, every row, a chart, and machines, builds and definitions side by side.
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Write it as JUnit XML: a test case for each row, which fails if it is a regression.
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
    /// Print it as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

fn aspect() -> impl TypedValueParser<Value = Aspect> {
    PossibleValuesParser::new(Aspect::ALL.map(Aspect::name))
        .map(|name| Aspect::ALL.into_iter().find(|aspect| aspect.name() == name).unwrap_or(Aspect::Build))
}

fn figure(name: &str) -> Result<&'static Figure, String> {
    Figure::named(name).ok_or_else(|| {
        let unknown = UnknownFigure { given: name.to_owned() };
        format!("{unknown}; {}", unknown.help())
    })
}
