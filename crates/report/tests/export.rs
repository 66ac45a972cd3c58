//! A record's figures as other tools take them.

mod sample;

use cachemark_report::{ExportError, Format, export};
use cachemark_results::Figure;
use cachemark_results::figure::{HIT_RATIO, STORE_LOAD, THROUGHPUT};
use sample::Sample;
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
