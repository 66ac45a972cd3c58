//! Records with known times.

use crate::sample::Sample;
use cachemark_report::analysis::analyse;
use cachemark_report::worth::{worth, worth_as_json};
use cachemark_results::{Bucket, Cell, TimeSummary, Trial};
use serde_json::Value;

/// Operation, source, how many, and their mean in microseconds.
pub(crate) type Operations = (&'static str, &'static str, u64, f64);

/// What 1,000 operations of no-cache take: reads 70 µs, writes 130 µs.
pub(crate) const WITHOUT: [Operations; 2] = [("read", "bypass", 900, 70.0), ("write", "none", 100, 130.0)];
/// The same through a cache: hits 20 µs, misses 120 µs, writes 157 µs.
pub(crate) const WITH: [Operations; 3] =
    [("read", "hit", 800, 20.0), ("read", "miss-led", 100, 120.0), ("write", "none", 100, 157.0)];

/// Gives a trial these operations, each 1 % slower for each block before its own, and of the store what they ask of it.
pub(crate) fn give(trial: &mut Trial, operations: &[Operations]) {
    let slower = 1.0 + f64::from(trial.block) / 100.0;
    trial.buckets = operations.iter().map(|operations| bucket(*operations, slower)).collect();
    let sum = |wanted: &dyn Fn(&Bucket) -> bool| -> u64 {
        trial.buckets.iter().filter(|bucket| wanted(bucket)).map(|bucket| bucket.count).sum()
    };
    trial.store.reads = sum(&|bucket| bucket.operation == "read" && bucket.source != "hit");
    trial.store.writes = sum(&|bucket| bucket.operation == "write");
    trial.totals.issued = sum(&|_| true);
    trial.totals.ok = trial.totals.issued;
    trial.store_load = trial.store.operations() as f64 / trial.totals.issued as f64;
    trial.hit_ratio = trial.lookups().hit_ratio();
}

fn bucket((operation, source, count, mean_us): Operations, slower: f64) -> Bucket {
    let time = TimeSummary {
        count,
        mean_ns: mean_us * 1e3 * slower,
        min_ns: 1,
        p50_ns: None,
        p90_ns: None,
        p99_ns: None,
        p999_ns: None,
        max_ns: 1_000_000,
    };
    Bucket {
        operation: operation.into(),
        source: source.into(),
        result: "ok".into(),
        count,
        service_time: Some(time),
        ..Bucket::default()
    }
}

/// The times above, by strategy.
pub(crate) fn usual(cell: &Cell, trial: &mut Trial) {
    if cell.strategy == "no-cache" { give(trial, &WITHOUT) } else { give(trial, &WITH) }
}

/// Eight blocks of no-cache and cache-aside with these times.
pub(crate) fn plain() -> Sample {
    Sample {
        strategies: &["no-cache", "cache-aside"],
        read_ratios: &[0.9],
        blocks: 8,
        reads: 20,
        tweak: usual,
        ..Sample::default()
    }
}

/// What is told of it, as JSON.
pub(crate) fn told(sample: &Sample) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let run = sample.write(folder.path());
    let analysis = analyse(&run);
    worth_as_json(&analysis, &worth(&run, &analysis))
}

/// The answer on the one cell with a cache.
pub(crate) fn answer(sample: &Sample) -> Value {
    let told = told(sample);
    let [answer] = told["answers"].as_array().unwrap().as_slice() else { panic!("{told:#}") };
    answer.clone()
}

pub(crate) fn near(value: &Value, expected: f64) -> bool {
    value.as_f64().is_some_and(|value| (value - expected).abs() <= 1e-9 * expected.abs().max(1e-9))
}
