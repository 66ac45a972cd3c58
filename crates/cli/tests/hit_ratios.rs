//! What a sweep measures comes out as theory says: the workload, the cache and the counting are what they claim.

mod support;

use cachemark_results::{Cell, Run, Trial};
use std::fs;
use support::{cachemark, latest};
use tempfile::tempdir;

/// Runs a definition, each of its trials to its end.
fn swept(definition: &str) -> Run {
    let folder = tempdir().unwrap();
    let path = folder.path().join("w.toml");
    fs::write(&path, definition).unwrap();
    let out = folder.path().join("out");
    let output = cachemark(&out).args(["sweep", "--workload", path.to_str().unwrap()]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let run = latest(&out);
    assert_eq!(run.trials.len(), run.manifest.planned_trials());
    run
}

/// The same; returns its trials.
fn trials(definition: &str) -> Vec<Trial> {
    swept(definition).trials
}

#[test]
fn with_room_for_all_keys_and_no_writes_every_read_hits() {
    let text = r#"
[workload]
keys = 1000
read-ratio = 1.0
[sweep]
strategies = ["cache-aside", "read-through", "write-through"]
blocks = 1
[run]
duration-ms = 200
[cache.in-process]
capacity = 0
"#;
    for trial in trials(text) {
        assert_eq!((trial.hit_ratio, trial.store.reads), (Some(1.0), 0), "{}", trial.cell);
    }
}

/// The value is that of Che's approximation and of an exact simulation.
#[test]
fn a_tenth_of_the_keys_in_an_lru_under_zipf_099_hits_two_thirds() {
    let text = r#"
[workload]
keys = 10_000
distribution = "zipf"
exponent = 0.99
read-ratio = 1.0
[sweep]
strategies = ["cache-aside", "read-through"]
blocks = 1
[run]
duration-ms = 3000
[cache.in-process]
capacity = 1000
policy = "lru"
"#;
    for trial in trials(text) {
        let hit_ratio = trial.hit_ratio.unwrap();
        assert!((hit_ratio - 0.665).abs() <= 0.02, "{}: {hit_ratio}", trial.cell);
    }
}

/// A write removes the entry, so a read hits only if the operation on its key before it was a read.
///
/// The warm-up leaves each key as the long run does, so the formula holds from the window's first operation on.
#[test]
fn cache_aside_stops_at_the_read_ratio_and_write_through_does_not() {
    let text = r#"
[workload]
keys = 1000
distribution = "uniform"
read-ratio = 0.9
[sweep]
strategies = ["cache-aside", "write-through"]
blocks = 1
[run]
duration-ms = 3000
[cache.in-process]
capacity = 0
"#;
    for trial in trials(text) {
        let hit_ratio = trial.hit_ratio.unwrap();
        let expected = if trial.cell.starts_with("cache-aside") { 0.90 } else { 1.0 };
        assert!((hit_ratio - expected).abs() <= 0.01, "{}: {hit_ratio}", trial.cell);
    }
}

/// The hit ratio over the trials of each cell that has a prediction, theirs, and its sampling error over so many lookups.
fn measured_and_predicted(run: &Run) -> Vec<(String, f64, f64, f64)> {
    let of = |cell: &Cell| {
        cell.predicted_hit_ratio?;
        let trials: Vec<&Trial> = run.trials.iter().filter(|trial| trial.cell == cell.id).collect();
        let (hits, gets) =
            trials.iter().fold((0, 0), |(hits, gets), trial| (hits + trial.cache.hits, gets + trial.cache.gets));
        let predicted =
            trials.iter().map(|trial| trial.predicted_hit_ratio.unwrap()).sum::<f64>() / trials.len() as f64;
        let error = (predicted * (1.0 - predicted) / gets as f64).sqrt();
        Some((cell.id.clone(), hits as f64 / gets as f64, predicted, error))
    };
    run.manifest.cells.iter().filter_map(of).collect()
}

/// The presets over the parts of their own process as they are, with all of their clients. What one window is too short for,
/// several blocks see.
#[test]
fn the_presets_are_as_theory_says() {
    for (preset, read_ratio) in [
        ("default", "0.5,0.9"),
        ("slow-store", "0.5"),
        ("read-only", "1"),
        ("write-heavy", "0.2"),
        ("smoke", "0.5,0.9"),
    ] {
        let out = tempdir().unwrap();
        let strategies = "cache-aside,read-through,write-through";
        let flags = ["--blocks", "2", "--duration", "1s", "--strategy", strategies];
        let mut command = cachemark(out.path());
        let output =
            command.args(["sweep", "--workload", preset, "--read-ratio", read_ratio]).args(flags).output().unwrap();
        assert!(output.status.success(), "{preset}: {}", String::from_utf8_lossy(&output.stderr));
        let run = latest(out.path());
        let cells = measured_and_predicted(&run);
        assert!(!cells.is_empty(), "{preset}");
        for (cell, measured, predicted, error) in cells {
            let apart = (measured - predicted).abs();
            assert!(apart <= (3.0 * error).max(0.02), "{preset}: {cell}: {measured:.3}, predicted {predicted:.3}");
        }
    }
}

/// Each instance has a cache of its own, and sees a fourth of the operations.
#[test]
fn every_instance_s_own_cache_is_warm() {
    let text = r#"
[workload]
keys = 2000
read-ratio = 1.0
[sweep]
strategies = ["cache-aside"]
instances = [4]
blocks = 1
[run]
duration-ms = 200
[cache.in-process]
capacity = 0
"#;
    for trial in trials(text).iter().filter(|trial| trial.hit_ratio.is_some()) {
        assert_eq!((trial.hit_ratio, trial.store.reads), (Some(1.0), 0), "{}", trial.cell);
    }
}

/// Where writes pass by the cache it takes as many reads to fill, five times as many operations. The value is an exact
/// simulation's.
#[test]
fn a_cache_that_writes_pass_by_is_warmed_by_reads() {
    let text = r#"
[workload]
keys = 5000
read-ratio = 0.2
[sweep]
strategies = ["cache-aside"]
blocks = 4
control = false
[run]
duration-ms = 1000
[cache.in-process]
capacity = 1000
[strategy.cache-aside]
on-write = "none"
"#;
    let all = trials(text);
    let (hits, gets) =
        all.iter().fold((0, 0), |(hits, gets), trial| (hits + trial.cache.hits, gets + trial.cache.gets));
    let (hit_ratio, error) = (hits as f64 / gets as f64, (0.742 * 0.258 / gets as f64).sqrt());
    assert!((hit_ratio - 0.742).abs() < (4.0 * error).max(0.02), "{hit_ratio} of {gets}");
}

/// A key that is asked for all the time misses once in a lifetime, whenever one looks: of 100 keys a third in a third of it.
#[test]
fn entries_that_expire_do_not_expire_all_at_once() {
    let text = r#"
[workload]
keys = 100
distribution = "uniform"
read-ratio = 1.0
[sweep]
strategies = ["cache-aside"]
blocks = 3
control = false
[run]
duration-ms = 200
[cache.in-process]
capacity = 0
[strategy.cache-aside]
ttl-ms = 600
ttl-jitter = 0.0
"#;
    for trial in trials(text) {
        // Three standard errors are 14; a miss that two clients share is loaded twice.
        assert!((15..=90).contains(&trial.store.reads), "{}: {}", trial.cell, trial.store.reads);
    }
    let unexpired = text.replace("duration-ms", "warm-up-cap-ms = 1000\nduration-ms");
    for trial in trials(&unexpired) {
        assert!(trial.warnings.iter().any(|warning| warning.code == "unexpired"), "{:?}", trial.warnings);
    }
}

/// Hits that renew the lifetime: of each key, the share of reads that come within it. What is offered is known before the run.
#[test]
fn a_ttl_that_hits_renew_is_as_theory_says() {
    let text = r#"
[workload]
keys = 100
read-ratio = 0.9
[sweep]
strategies = ["sliding-ttl"]
rate = [500]
blocks = 3
control = false
[run]
duration-ms = 3000
[cache.in-process]
capacity = 0
[strategy.sliding-ttl]
ttl-ms = 100
"#;
    let run = swept(text);
    let cell = run.manifest.cells.iter().find(|cell| cell.strategy == "sliding-ttl").unwrap();
    let predicted = cell.predicted_hit_ratio.unwrap();
    assert!((0.3..0.8).contains(&predicted), "neither end is a test: {predicted}");
    let (hits, gets) =
        run.trials.iter().fold((0, 0), |(hits, gets), trial| (hits + trial.cache.hits, gets + trial.cache.gets));
    // Three standard errors of 4,000 reads are 0.025.
    let measured = hits as f64 / gets as f64;
    assert!((measured - predicted).abs() <= 0.04, "{measured} of {gets}, predicted {predicted}");
}

#[test]
fn a_warm_up_that_is_too_short_is_told() {
    let out = tempdir().unwrap();
    let flags = ["--blocks", "1", "--strategy", "cache-aside,read-through", "--read-ratio", "0.5"];
    let short = ["--warm-up", "10ms", "--duration", "500ms"];
    let output = cachemark(out.path()).args(["sweep"]).args(flags).args(short).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for trial in latest(out.path()).trials.iter().filter(|trial| trial.hit_ratio.is_some()) {
        let told: Vec<_> = trial.warnings.iter().map(|warning| warning.code.as_str()).collect();
        assert!(told.contains(&"off-prediction"), "{}: {:?}, {told:?}", trial.cell, trial.hit_ratio);
    }
}

#[test]
fn cells_that_are_compared_are_warmed_by_as_many_operations() {
    let out = tempdir().unwrap();
    let flags = ["--blocks", "1", "--read-ratio", "0.5,0.99", "--duration", "50ms"];
    assert!(cachemark(out.path()).arg("sweep").args(flags).output().unwrap().status.success());
    let run = latest(out.path());
    for (ratio, expected) in [(0.5, 9_000), (0.99, 3_000)] {
        let of_ratio = |trial: &&Trial| run.manifest.cell(&trial.cell).unwrap().read_ratio == ratio;
        let counts: Vec<u64> =
            run.trials.iter().filter(of_ratio).map(|trial| trial.window.warm_up_operations).collect();
        // What the load adds before its window is the same time for all, some milliseconds, and another number of operations.
        let is_as_many = |&count: &u64| (expected..expected + 20_000).contains(&count);
        assert!(counts.len() == 5 && counts.iter().all(is_as_many), "{ratio}: {counts:?}");
    }
}

#[test]
fn a_cold_start_that_ends_on_the_way_has_no_figure() {
    let sweep = |duration: &str| {
        let out = tempdir().unwrap();
        let flags =
            ["--phase", "cold", "--blocks", "1", "--strategy", "cache-aside", "--read-ratio", "0.5", "--clients", "1"];
        let output = cachemark(out.path()).arg("sweep").args(flags).args(["--duration", duration]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        latest(out.path()).trials.remove(0)
    };
    let short = sweep("100ms");
    assert_eq!(short.cold_start, None);
    assert!(short.warnings.iter().any(|warning| warning.code == "not-filled"), "{:?}", short.warnings);
    let long = sweep("20s");
    let filled = long.cold_start.unwrap_or_else(|| panic!("{:?}", long.warnings));
    assert!((filled.steady_hit_ratio - 0.425).abs() < 0.02, "{filled:?}");
}
