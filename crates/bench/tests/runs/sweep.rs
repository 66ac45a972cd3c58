//! Whole sweeps over scripted parts: what is counted adds up, what is written is whole.

use crate::resume::StopAfter;
use crate::scripted_stack::{Stack, definition, sweep};
use cachemark_bench::{Observer, StopFlag, SweepError};
use cachemark_core::StoreError;
use cachemark_results::{Run, Status};
use cachemark_stats::IntervalLogReader;
use cachemark_testkit::scripted::{Op, When};
use std::time::Duration;

const SMALL: &str = r#"
name = "small"
[workload]
keys = 50
read-ratio = [0.5, 1.0]
delete-ratio = 0.2
value-bytes = 64
[sweep]
blocks = 2
[run]
clients = 3
driver-threads = 2
warm-up-ms = 40
warm-up-scan = true
duration-ms = 240
interval-ms = 80
"#;

#[test]
fn every_operation_is_accounted_for_and_counts_agree() {
    let out = tempfile::tempdir().unwrap();
    let end = sweep(&definition(SMALL), &Stack::default(), out.path(), &StopFlag::default(), &mut Quiet).unwrap();
    let run = Run::open(&end.folder).unwrap();
    assert_eq!(run.manifest.status, Status::Complete);
    // Five cells (four strategies and the control) at two read ratios, twice.
    assert_eq!((run.trials.len(), run.manifest.planned_trials()), (20, 20));
    assert!(run.trials.iter().any(|trial| trial.totals.issued > 0));
    for trial in &run.trials {
        let totals = trial.totals;
        let ended = totals.ok + totals.absent + totals.shed + totals.error + totals.unknown;
        assert_eq!(totals.issued, ended, "{}", trial.cell);
        // The scan alone issues one for each key. How many fall into a window of 60 ms is the machine's affair: on a very
        // busy one it may be none.
        assert!(trial.issued_whole >= totals.issued + 50, "{}", trial.cell);
        assert_eq!((trial.bad_stamps, totals.error + totals.unknown), (0, 0), "{}", trial.cell);
        let recorded: u64 = run.histograms(trial).unwrap().buckets.iter().map(|b| b.service_time.count()).sum();
        assert_eq!(recorded, totals.issued, "{}", trial.cell);
        let intervals = run.series(trial).unwrap().intervals;
        assert_eq!(intervals.len(), 3, "{}", trial.cell);
        let log = run.interval_log(trial).unwrap().expect("every trial has one");
        let logged: Vec<_> = IntervalLogReader::new(&log).map(|interval| interval.unwrap().times.count()).collect();
        let answered: Vec<_> = intervals.iter().map(|interval| interval.operations - interval.failures).collect();
        assert_eq!(logged, answered, "{}", trial.cell);
        // The window is too short to be told of; whether the machine can be read at all is no matter of time.
        let pressure = trial.host.unwrap().whole.cpu_pressure;
        assert_eq!(pressure.is_some(), std::path::Path::new("/proc/pressure/cpu").exists(), "{}", trial.cell);
        // The scripted parts keep figures of their own: they must be ours.
        assert_eq!(trial.store_counters["rows-read"], trial.store_whole.reads, "{}", trial.cell);
        if trial.cell.starts_with("no-cache") {
            assert_eq!(trial.issued_whole, trial.store_whole.operations(), "{}", trial.cell);
            assert_eq!((trial.hit_ratio, trial.cache_whole.gets), (None, 0));
        } else {
            assert_eq!(trial.cache_counters["gets"], trial.cache_whole.gets, "{}", trial.cell);
            assert_eq!(trial.cache_counters["hits"], trial.cache_whole.hits, "{}", trial.cell);
        }
    }
}

#[test]
fn reading_alone_after_a_scan_hits_every_time() {
    let out = tempfile::tempdir().unwrap();
    let text = SMALL.replace("[0.5, 1.0]", "1.0");
    let end = sweep(&definition(&text), &Stack::default(), out.path(), &StopFlag::default(), &mut Quiet).unwrap();
    for trial in Run::open(&end.folder).unwrap().trials {
        if trial.cell.starts_with("no-cache") {
            assert_eq!((trial.hit_ratio, trial.cache.gets), (None, 0), "{}", trial.cell);
            assert!(trial.store.reads > 0, "{}", trial.cell);
        } else {
            assert_eq!((trial.hit_ratio, trial.store.reads), (Some(1.0), 0), "{}", trial.cell);
        }
    }
}

#[test]
fn failures_and_timeouts_have_buckets_of_their_own() {
    let out = tempfile::tempdir().unwrap();
    let stack = Stack::with(|store| {
        store.fail_when(When::every(Op::Write).nth(3), StoreError::Rejected("scripted".into()));
        store.fail_when(When::every(Op::Write).nth(5), StoreError::Timeout(Duration::from_millis(1)));
    });
    let text = SMALL.replace("[0.5, 1.0]", "0.0").replace("warm-up-ms = 40", "warm-up-ms = 0");
    let end = sweep(&definition(&text), &stack, out.path(), &StopFlag::default(), &mut Quiet).unwrap();
    let run = Run::open(&end.folder).unwrap();
    for trial in &run.trials {
        assert_eq!((trial.totals.error, trial.totals.unknown), (1, 1), "{}", trial.cell);
        assert_eq!((trial.errors["rejected"], trial.errors["store-timeout"]), (1, 1), "{}", trial.cell);
    }
}

#[test]
fn a_stopped_sweep_keeps_what_was_measured() {
    let out = tempfile::tempdir().unwrap();
    let stop = StopFlag::default();
    let mut observer = StopAfter(4, stop.clone());
    let end = sweep(&definition(SMALL), &Stack::default(), out.path(), &stop, &mut observer).unwrap();
    assert_eq!(end.status, Status::Interrupted);
    let run = Run::open(&end.folder).unwrap();
    assert_eq!((run.manifest.status, run.trials.len()), (Status::Interrupted, 4));
}

#[test]
fn a_backend_that_fails_ends_the_sweep_with_its_name_and_what_was_measured() {
    let out = tempfile::tempdir().unwrap();
    let stack = Stack::failing_at(3);
    let error = sweep(&definition(SMALL), &stack, out.path(), &StopFlag::default(), &mut Quiet).unwrap_err();
    assert!(matches!(&error, SweepError::Target(target) if target.backend == "store"), "{error}");
    let folder = cachemark_results::latest_in(out.path()).unwrap();
    let run = Run::open(&folder).unwrap();
    assert_eq!((run.manifest.status, run.trials.len()), (Status::Failed, 2));
}

#[test]
fn the_order_of_cells_is_fresh_in_each_block_and_the_same_for_a_seed() {
    let order = |text: &str| {
        let definition = definition(text);
        cachemark_bench::Plan::lay_out(&definition, |_| crate::scripted_stack::CAPABILITIES).blocks
    };
    let many = SMALL.replace("blocks = 2", "blocks = 6");
    let blocks = order(&many);
    assert_eq!(blocks, order(&many));
    assert!(blocks.windows(2).any(|pair| pair[0] != pair[1]));
    assert_ne!(blocks, order(&many.replace("blocks = 6", "blocks = 6\nseed = 9")));
}

pub(crate) struct Quiet;

impl Observer for Quiet {}
