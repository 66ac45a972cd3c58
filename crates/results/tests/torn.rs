//! Parts of trials, foreign versions and foreign files.

mod sample;

use cachemark_results::{RecordError, Run, RunWriter};
use std::fs;

fn record() -> (tempfile::TempDir, RunWriter) {
    let out = tempfile::tempdir().unwrap();
    let writer = RunWriter::create(out.path(), &sample::manifest(), "").unwrap();
    writer.environment(&sample::environment()).unwrap();
    writer.trial(&sample::trial(1), &sample::series(), &sample::histograms()).unwrap();
    (out, writer)
}

#[test]
fn an_unfinished_trial_is_not_seen() {
    let (_out, writer) = record();
    let part = writer.folder().join("trials/.part-x");
    fs::create_dir(&part).unwrap();
    fs::write(part.join("summary.json"), "{\"torn").unwrap();
    assert_eq!(Run::open(writer.folder()).unwrap().trials.len(), 1);
}

#[test]
fn another_version_is_refused_by_number() {
    let (_out, writer) = record();
    let path = writer.folder().join("manifest.json");
    let text = fs::read_to_string(&path).unwrap().replace("\"schema_version\": 1", "\"schema_version\": 99");
    fs::write(&path, text).unwrap();
    assert!(matches!(Run::open(writer.folder()), Err(RecordError::Version { found: 99, .. })));
}

#[test]
fn a_folder_without_a_record_is_named() {
    let empty = tempfile::tempdir().unwrap();
    let error = Run::open(empty.path()).unwrap_err().to_string();
    assert!(error.contains("manifest.json"), "{error}");
}

#[test]
fn two_runs_in_one_second_have_two_folders() {
    let (out, first) = record();
    let second = RunWriter::create(out.path(), &sample::manifest(), "").unwrap();
    assert_ne!(first.folder(), second.folder());
}
