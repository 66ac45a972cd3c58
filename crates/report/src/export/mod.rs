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

#[cfg(test)]
#[path = "../../tests/sample/mod.rs"]
mod sample;

#[cfg(test)]
mod tests {
    use super::sample::Sample;
    use super::*;
    use cachemark_results::figure::{HIT_RATIO, STORE_LOAD};
    use serde_json::Value;

    /// What is exported of a small record in that format.
    fn of(format: Format, figures: &[&'static Figure]) -> Result<String, ExportError> {
        let folder = tempfile::tempdir().unwrap();
        let sample = Sample { read_ratios: &[0.9], blocks: 3, reads: 100, ..Sample::default() };
        export(&sample.write(folder.path()), format, figures)
    }

    #[test]
    fn bmf_has_a_benchmark_for_each_cell_and_a_measure_for_each_figure() {
        let told: Value = serde_json::from_str(&of(Format::Bmf, &[THROUGHPUT, STORE_LOAD]).unwrap()).unwrap();
        let cells = told.as_object().unwrap();
        assert_eq!(cells.len(), 4, "the A/A control is none");
        for (name, measures) in cells {
            for measure in ["throughput", "store_load"] {
                let of = |bound: &str| measures[measure][bound].as_f64().unwrap();
                assert!(of("lower_value") <= of("value") && of("value") <= of("upper_value"), "{name}: {measures}");
            }
        }
    }

    #[test]
    fn github_action_benchmark_has_an_entry_for_each_cell_and_figure_of_one_way() {
        let told: Value =
            serde_json::from_str(&of(Format::GithubActionBenchmark, &[THROUGHPUT, HIT_RATIO]).unwrap()).unwrap();
        let entries = told.as_array().unwrap();
        // No cache has no hit ratio.
        assert_eq!(entries.len(), 7);
        for entry in entries {
            assert!(entry["name"].is_string() && entry["unit"].is_string() && entry["value"].is_number(), "{entry}");
            assert!(entry["extra"].as_str().unwrap().contains("higher is better"), "{entry}");
        }
        let both = of(Format::GithubActionBenchmark, &[THROUGHPUT, STORE_LOAD]);
        assert_eq!(both, Err(ExportError::BothWays { more: "throughput", less: "store_load" }));
    }

    #[test]
    fn otava_has_one_line_with_a_column_for_each_cell_and_figure() {
        let text = of(Format::Otava, &[THROUGHPUT]).unwrap();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let headers = reader.headers().unwrap().clone();
        assert_eq!((headers.len(), &headers[0], &headers[1]), (6, "time", "revision"));
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 1);
        assert!(rows[0].iter().skip(2).all(|value| value.parse::<f64>().is_ok_and(|value| value > 0.0)), "{text}");
    }

    #[test]
    fn without_a_figure_that_is_there_nothing_is_exported() {
        let figure = Figure::named("response.p99").unwrap();
        assert_eq!(of(Format::Bmf, &[figure]), Err(ExportError::Nothing("response.p99".into())));
        assert!(of(Format::Bmf, &[]).unwrap().contains("throughput"));
    }
}
