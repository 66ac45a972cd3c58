//! Where operations' time goes, over scripted parts with delays.

use crate::scripted_stack::{Stack, definition, sweep};
use crate::sweep::Quiet;
use cachemark_bench::StopFlag;
use cachemark_results::{Bucket, Run, TimeSummary};
use cachemark_testkit::scripted::{Op, When};
use std::time::Duration;

const DELAYED: &str = r#"
name = "delayed"
[workload]
keys = 10
read-ratio = 0.8
distribution = "uniform"
value-bytes = 64
[sweep]
strategies = ["no-cache", "cache-aside", "read-through"]
control = false
blocks = 1
[run]
clients = 4
driver-threads = 2
phase = "cold"
duration-ms = 1500
operation-timeout-ms = 60000
hop-times = true
"#;

const DELAY: Duration = Duration::from_millis(20);

fn slow_store(text: &str) -> (tempfile::TempDir, Run) {
    let out = tempfile::tempdir().unwrap();
    let stack = Stack::with(|store| {
        store.delay_when(When::every(Op::Read), DELAY);
        store.delay_when(When::every(Op::Write), DELAY);
    });
    let end = sweep(&definition(text), &stack, out.path(), &StopFlag::default(), &mut Quiet).unwrap();
    let run = Run::open(&end.folder).unwrap();
    (out, run)
}

/// Checks what a bucket's hops say against what a strategy asks for in it.
fn check(bucket: &Bucket, cell: &str) {
    let place = format!("{cell}: {bucket:?}");
    let hops = bucket.hops.unwrap_or_else(|| panic!("{place}"));
    assert_eq!(hops.queue, None, "scripted parts have no lanes: {place}");
    let made = |summary: Option<TimeSummary>| summary.map_or(0, |summary| summary.count);
    let (cache, store) = match (bucket.operation.as_str(), bucket.source.as_str()) {
        ("read", "hit") => (bucket.count, 0),
        ("read", "miss-led") => (bucket.count, bucket.count),
        // The load is another operation's.
        ("read", "miss-joined") => (bucket.count, 0),
        ("read", "bypass") => (0, bucket.count),
        // Without a cache there is none to tell of the write.
        ("write", "none") => (if cell.starts_with("no-cache") { 0 } else { bucket.count }, bucket.count),
        other => panic!("{other:?} in {place}"),
    };
    assert_eq!((made(hops.cache), made(hops.store)), (cache, store), "{place}");
    // A sleep is never shorter than asked for; histograms keep three digits.
    let least = DELAY.as_nanos() as u64 / 1000 * 999;
    assert!(hops.store.is_none_or(|store| store.min_ns >= least), "{place}");
    let service = bucket.service_time.unwrap();
    let sum = [hops.cache, hops.store].into_iter().flatten().map(|hop| hop.mean_ns).sum::<f64>();
    assert!(sum <= service.mean_ns * 1.001, "one call after another fits into the operation: {place}");
}

#[test]
fn the_time_of_a_hop_is_found_in_the_buckets_that_make_it() {
    let (_folder, run) = slow_store(DELAYED);
    assert_eq!(run.trials.len(), 3);
    for trial in &run.trials {
        let has =
            |source: &str| trial.buckets.iter().any(|bucket| bucket.operation == "read" && bucket.source == source);
        let expected = if trial.cell.starts_with("no-cache") { has("bypass") } else { has("hit") && has("miss-led") };
        assert!(expected, "{}: {:?}", trial.cell, trial.buckets);
        trial.buckets.iter().for_each(|bucket| check(bucket, &trial.cell));
        for bucket in run.histograms(trial).unwrap().buckets {
            let listed = trial.buckets.iter().find(|listed| {
                (&listed.operation, &listed.source, &listed.result)
                    == (&bucket.operation, &bucket.source, &bucket.result)
            });
            assert_eq!(bucket.hops.map(|hops| hops.summed_up()), listed.unwrap().hops, "{}", trial.cell);
        }
    }
    assert_eq!(run.manifest.parameters["hop times"], true);
}

#[test]
fn no_hop_is_recorded_where_they_are_not_timed() {
    let (_folder, run) = slow_store(&DELAYED.replace("hop-times = true\n", ""));
    for trial in &run.trials {
        assert!(trial.totals.ok > 0, "{}", trial.cell);
        assert!(trial.buckets.iter().all(|bucket| bucket.hops.is_none()), "{}", trial.cell);
        let histograms = run.histograms(trial).unwrap();
        assert!(histograms.buckets.iter().all(|bucket| bucket.hops.is_none()), "{}", trial.cell);
    }
    assert_eq!(run.manifest.parameters["hop times"], false);
}
