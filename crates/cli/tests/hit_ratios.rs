//! What a sweep measures comes out as theory says: the workload, the cache and the counting are what they claim.

mod support;

use cachemark_results::{Cell, Run, Trial};
use std::fs;
use support::{cachemark, latest};
use tempfile::tempdir;

/// Runs a definition; returns its trials, all of them finished.
fn trials(definition: &str) -> Vec<Trial> {
    let folder = tempdir().unwrap();
    let path = folder.path().join("w.toml");
    fs::write(&path, definition).unwrap();
    let out = folder.path().join("out");
    let output = cachemark(&out).args(["sweep", "--workload", path.to_str().unwrap()]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let run = latest(&out);
    assert_eq!(run.trials.len(), run.manifest.planned_trials());
    run.trials
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

/// The value is that of Che's approximation and of an exact simulation; the cache library approximates LRU a little.
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

/// The hit ratio over the trials of each cell that has a prediction, that prediction, and its sampling error over so many lookups.
fn measured_and_predicted(run: &Run) -> Vec<(String, f64, f64, f64)> {
    let of = |cell: &Cell| {
        let predicted = cell.predicted_hit_ratio?;
        let trials = run.trials.iter().filter(|trial| trial.cell == cell.id);
        let (hits, gets) =
            trials.fold((0, 0), |(hits, gets), trial| (hits + trial.cache.hits, gets + trial.cache.gets));
        let error = (predicted * (1.0 - predicted) / gets as f64).sqrt();
        Some((cell.id.clone(), hits as f64 / gets as f64, predicted, error))
    };
    run.manifest.cells.iter().filter_map(of).collect()
}

/// Presets over the parts of their own process, by one client: reads that come while another client's miss of their key is
/// being loaded miss too, the more of them the slower the build. What one window is too short for, several blocks see.
#[test]
fn the_presets_are_as_theory_says() {
    let presets = [
        ("default", "0.5", "cache-aside,read-through,write-through"),
        ("read-only", "1", "cache-aside,read-through"),
        ("write-heavy", "0.2", "cache-aside,write-through"),
        ("smoke", "0.5,0.9", "cache-aside,read-through,write-through"),
    ];
    for (preset, read_ratio, strategies) in presets {
        let out = tempdir().unwrap();
        let flags = ["--blocks", "3", "--clients", "1", "--duration", "1s", "--strategy", strategies];
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

#[test]
fn a_warm_up_that_is_too_short_is_told() {
    let out = tempdir().unwrap();
    let flags = ["--blocks", "1", "--strategy", "cache-aside,read-through", "--read-ratio", "0.5"];
    let short = ["--warm-up", "10ms", "--duration", "100ms"];
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
    for (ratio, expected) in [(0.5, 11_834), (0.99, 4_147)] {
        let of_ratio = |trial: &&Trial| run.manifest.cell(&trial.cell).unwrap().read_ratio == ratio;
        let counts: Vec<u64> =
            run.trials.iter().filter(of_ratio).map(|trial| trial.window.warm_up_operations).collect();
        // What the load adds before its window is the same time for all, and another number of operations.
        assert!(counts.len() == 5 && counts.iter().all(|&count| count >= expected), "{ratio}: {counts:?}");
    }
}

#[test]
fn a_cold_start_that_ends_on_the_way_has_no_figure() {
    let sweep = |duration: &str| {
        let out = tempdir().unwrap();
        let flags = ["--phase", "cold", "--blocks", "1", "--strategy", "cache-aside", "--read-ratio", "0.5"];
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
