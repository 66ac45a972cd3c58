//! Parts of trials, foreign versions and foreign files.

mod sample;

use cachemark_results::{Cell, RecordError, Run, RunWriter, Thoroughness, latest_in, pack};
use std::fs;
use std::io::Write;
use std::path::Path;

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
fn an_interval_log_is_there_if_it_was_written() {
    let (_out, writer) = record();
    let mut lines = writer.log_lines(2).unwrap();
    lines.write_all(b"a line\n").unwrap();
    writer.trial_with_log(&sample::trial(2), &sample::series(), &sample::histograms(), b"#a log\n", lines).unwrap();
    let run = Run::open(writer.folder()).unwrap();
    let logs: Vec<_> = run.trials.iter().map(|trial| run.interval_log(trial).unwrap()).collect();
    assert_eq!(logs, [None, Some(b"#a log\na line\n".to_vec())]);
}

#[test]
fn the_log_of_a_trial_that_is_given_up_leaves_nothing() {
    let (_out, writer) = record();
    let trials = writer.folder().join("trials");
    let mut lines = writer.log_lines(2).unwrap();
    lines.write_all(&vec![b'x'; 100_000]).unwrap();
    // Not even a kill would leave it: it has no name from the first.
    assert_eq!(fs::read_dir(&trials).unwrap().count(), 1);
    drop(lines);
    assert_eq!(fs::read_dir(&trials).unwrap().count(), 1);
}

#[test]
fn a_record_that_was_killed_while_it_was_made_is_not_seen() {
    let (out, writer) = record();
    let part = tempfile::tempdir().unwrap();
    for (folder, found) in [(out.path(), Some(writer.folder().to_owned())), (part.path(), None)] {
        fs::create_dir(folder.join(".part-x")).unwrap();
        fs::copy(writer.folder().join("manifest.json"), folder.join(".part-x/manifest.json")).unwrap();
        assert_eq!(latest_in(folder), found);
    }
}

#[test]
fn another_version_is_refused_by_number() {
    let (_out, writer) = record();
    let path = writer.folder().join("manifest.json");
    let text = fs::read_to_string(&path).unwrap().replace("\"schema_version\": 3", "\"schema_version\": 99");
    fs::write(&path, text).unwrap();
    assert!(matches!(Run::open(writer.folder()), Err(RecordError::Version { found: 99, .. })));
}

#[test]
fn a_record_of_the_version_before_is_read() {
    let published = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/version-1");
    let run = Run::open(&published).unwrap();
    assert_eq!(run.manifest.schema_version, 1);
    assert_eq!((run.trials[0].open_loop.clone(), run.manifest.cells[0].offered_per_s), (None, None));
    assert!(!run.series(&run.trials[0]).unwrap().intervals.is_empty());
    let histograms = run.histograms(&run.trials[0]).unwrap();
    let counted: u64 = histograms.buckets.iter().map(|bucket| bucket.service_time.count()).sum();
    assert_eq!(counted, run.trials[0].totals.issued);
}

/// The files of `from` in `to`, folders too.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            fs::copy(from, to).unwrap();
        }
    }
}

/// The record in `folder` can be used, all of it.
fn is_read(folder: &Path, version: u32) {
    let run = Run::open(folder).unwrap();
    assert_eq!(run.manifest.schema_version, version);
    let named = |cell: &Cell| cell.arm == cell.strategy && cell.group == cell.strategy;
    assert!(run.manifest.cells.iter().all(named));
    for trial in &run.trials {
        assert!(trial.totals.issued > 0 && !run.series(trial).unwrap().intervals.is_empty());
        assert!(!run.histograms(trial).unwrap().buckets.is_empty());
    }
}

#[test]
fn records_of_the_versions_before_are_read_packed_and_unpacked_and_their_strategies_are_arms() {
    for version in [1, 2] {
        let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/version-{version}"));
        let copied = tempfile::tempdir().unwrap();
        copy(&kept, copied.path());
        is_read(copied.path(), version);
        pack(copied.path(), Thoroughness::Whole).unwrap();
        is_read(copied.path(), version);
    }
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

#[test]
fn a_record_has_one_writer_at_a_time() {
    let (_out, writer) = record();
    let folder = writer.folder().to_owned();
    let refused = RunWriter::reopen(&folder).unwrap_err();
    assert!(matches!(refused, RecordError::Busy { holder: Some(pid), .. } if pid == std::process::id()), "{refused}");
    assert_eq!(Run::open(&folder).unwrap().trials.len(), 1, "reading needs no leave");
    drop(writer);
    let again = RunWriter::reopen(&folder).unwrap();
    again.trial(&sample::trial(2), &sample::series(), &sample::histograms()).unwrap();
    assert_eq!(Run::open(&folder).unwrap().trials.len(), 2);
}

#[test]
fn what_is_no_record_is_left_as_it_was() {
    let empty = tempfile::tempdir().unwrap();
    assert!(RunWriter::reopen(empty.path()).is_err());
    assert_eq!(fs::read_dir(empty.path()).unwrap().count(), 0);
}

#[test]
fn what_was_half_written_goes_when_the_record_is_taken_over() {
    let (_out, writer) = record();
    let folder = writer.folder().to_owned();
    drop(writer);
    fs::create_dir(folder.join("trials/.part-x")).unwrap();
    fs::write(folder.join("trials/.part-x/summary.json"), "{\"torn").unwrap();
    fs::write(folder.join(".part-y"), "{").unwrap();
    drop(RunWriter::reopen(&folder).unwrap());
    assert!(!folder.join("trials/.part-x").exists() && !folder.join(".part-y").exists());
    assert_eq!(Run::open(&folder).unwrap().trials.len(), 1);
}

#[test]
fn what_may_not_be_written_is_answered_with_what_helps_there() {
    let refused = |action: &'static str, kind: std::io::ErrorKind| {
        RecordError::Io { action, path: "x".into(), source: kind.into() }.to_string()
    };
    use std::io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem};
    for kind in [PermissionDenied, ReadOnlyFilesystem] {
        assert!(refused("make", kind).contains("--out"));
        assert!(refused("write", kind).contains("copy the record") && !refused("write", kind).contains("--out"));
    }
    assert!(!refused("read", PermissionDenied).contains("--out"));
}
