//! Sweeps that stopped, resumed: only what is missing is run, and a record that does not fit is refused.

use crate::scripted_stack::{CAPABILITIES, Stack, definition, sweep, tool, with_sweep};
use cachemark_bench::definition::Definition;
use cachemark_bench::{CellPlan, Observer, Plan, ResumeError, Silent, StopFlag, SweepEnd, SweepError, Unfinished};
use cachemark_results::{Host, Resumption, Run, RunWriter, Status, Trial};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const TINY: &str = r#"
name = "tiny"
[workload]
keys = 20
read-ratio = 0.5
value-bytes = 64
[sweep]
blocks = 3
[run]
clients = 2
driver-threads = 1
warm-up-ms = 0
duration-ms = 20
interval-ms = 10
"#;

/// Stops a run after so many trials.
pub(crate) struct StopAfter(pub(crate) usize, pub(crate) StopFlag);

impl Observer for StopAfter {
    fn trial_finished(&mut self, _trial: &Trial, _cell: &CellPlan) {
        self.0 -= 1;
        if self.0 == 0 {
            self.1.stop();
        }
    }
}

/// Goes on with `record` as it is told to.
fn resume(
    definition: &Definition,
    stack: &Stack,
    record: Unfinished,
    forced: bool,
    differences: Vec<String>,
) -> Result<SweepEnd, SweepError> {
    let plan = record.recorded_order(Plan::lay_out(definition, |_| CAPABILITIES)).unwrap();
    let (nowhere, stop) = (Path::new("/nowhere"), StopFlag::default());
    with_sweep(definition, &plan, stack, nowhere, &stop, |sweep| sweep.resume(record, forced, differences, &mut Silent))
}

/// A record of 15 trials of which `finished` are there.
fn stopped(out: &Path, definition: &Definition, finished: usize) -> PathBuf {
    let stop = StopFlag::default();
    let mut observer = StopAfter(finished, stop.clone());
    sweep(definition, &Stack::default(), out, &stop, &mut observer).unwrap().folder
}

fn places(run: &Run) -> BTreeMap<u32, (String, u32, u32)> {
    let place = |trial: &Trial| (trial.number, (trial.cell.clone(), trial.block, trial.position));
    run.trials.iter().map(place).collect()
}

#[test]
fn only_missing_trials_are_run_under_the_numbers_they_would_have_had() {
    let (out, definition) = (tempfile::tempdir().unwrap(), definition(TINY));
    let whole = sweep(&definition, &Stack::default(), out.path(), &StopFlag::default(), &mut Silent);
    let whole = Run::open(&whole.unwrap().folder).unwrap();
    let folder = stopped(out.path(), &definition, 4);
    // A hole, as nothing but a hand makes it: what is missing is looked for, not what comes after the last.
    fs::remove_dir_all(folder.join("trials/0002")).unwrap();
    let kept = Run::open(&folder).unwrap().trials;
    let record = Unfinished::open(&folder).unwrap();
    assert_eq!((record.manifest().planned_trials() - record.trials(), record.is_whole()), (12, false));
    let end = resume(&definition, &Stack::default(), record, false, Vec::new()).unwrap();
    assert_eq!((end.status, &end.folder), (Status::Complete, &folder));
    let run = Run::open(&folder).unwrap();
    assert_eq!(places(&run), places(&whole));
    assert!(kept.iter().all(|trial| run.trials.contains(trial)), "finished trials stay as they are");
    assert!(run.manifest.status == Status::Complete && run.manifest.ended_utc.is_some());
    let [Resumption { trials_before: 3, forced: false, differences, .. }] = &run.manifest.resumed[..] else {
        panic!("{:?}", run.manifest.resumed);
    };
    assert!(differences.is_empty());
}

#[test]
fn a_record_whose_last_trial_is_there_is_closed_without_running_any() {
    let (out, definition) = (tempfile::tempdir().unwrap(), definition(TINY));
    let folder = stopped(out.path(), &definition, 15);
    let record = Unfinished::open(&folder).unwrap();
    assert!(record.is_whole());
    record.close().unwrap();
    let run = Run::open(&folder).unwrap();
    assert_eq!((run.manifest.status, run.manifest.resumed.len(), run.trials.len()), (Status::Complete, 0, 15));
}

#[test]
fn what_has_changed_is_named_and_kept_in_the_record_of_a_forced_resumption() {
    let (out, before) = (tempfile::tempdir().unwrap(), definition(TINY));
    let folder = stopped(out.path(), &before, 2);
    let record = Unfinished::open(&folder).unwrap();
    assert_eq!(record.differences(&before, &tool(), &Host::capture()), Vec::<String>::new());
    let after = definition(&TINY.replace("keys = 20", "keys = 21"));
    let other = cachemark_results::Tool { version: "1".into(), ..tool() };
    let host = Host { cpus: Some(1000), ..Host::capture() };
    let differences = record.differences(&after, &other, &host);
    assert_eq!(differences.len(), 3, "{differences:?}");
    assert!(differences[0].contains(&before.hash()) && differences[0].contains(&after.hash()));
    resume(&after, &Stack::default(), record, true, differences.clone()).unwrap();
    let run = Run::open(&folder).unwrap();
    assert_eq!(run.manifest.resumed[0].differences, differences);
    assert!(run.manifest.resumed[0].forced);
}

#[test]
fn trials_without_an_environment_are_of_unknown_make() {
    let (out, definition) = (tempfile::tempdir().unwrap(), definition(TINY));
    let folder = stopped(out.path(), &definition, 2);
    fs::remove_file(folder.join("environment.json")).unwrap();
    let record = Unfinished::open(&folder).unwrap();
    assert_eq!(record.differences(&definition, &tool(), &Host::capture()).len(), 1);
    drop(record);
    // Without trials there is nothing that could have been made otherwise: the environment is written now.
    fs::remove_dir_all(folder.join("trials")).unwrap();
    fs::create_dir(folder.join("trials")).unwrap();
    let record = Unfinished::open(&folder).unwrap();
    assert_eq!(record.differences(&definition, &tool(), &Host::capture()), Vec::<String>::new());
    resume(&definition, &Stack::default(), record, false, Vec::new()).unwrap();
    assert!(Run::open(&folder).unwrap().environment.is_some());
}

#[test]
fn a_record_that_does_not_fit_is_refused_with_the_reason() {
    let (out, definition) = (tempfile::tempdir().unwrap(), definition(TINY));
    let folder = stopped(out.path(), &definition, 2);
    let writer = RunWriter::reopen(&folder).unwrap();
    assert!(matches!(Unfinished::open(&folder), Err(ResumeError::Record(_))), "somebody else writes it");
    drop(writer);
    let manifest = folder.join("manifest.json");
    let text = fs::read_to_string(&manifest).unwrap();
    for (from, to, reason) in [
        ("\"kind\": \"sweep\"", "\"kind\": \"serve\"", "not of a sweep"),
        ("\"schema_version\": 3", "\"schema_version\": 2", "schema version 2"),
    ] {
        fs::write(&manifest, text.replace(from, to)).unwrap();
        let error = Unfinished::open(&folder).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
    fs::write(&manifest, &text).unwrap();
    fs::rename(folder.join("trials/0002"), folder.join("trials/0005")).unwrap();
    let summary = folder.join("trials/0005/summary.json");
    let moved = fs::read_to_string(&summary).unwrap().replace("\"number\": 2", "\"number\": 5");
    fs::write(&summary, moved).unwrap();
    let error = Unfinished::open(&folder).unwrap_err().to_string();
    assert!(error.contains("trial 5") && error.contains("is not where"), "{error}");
}
