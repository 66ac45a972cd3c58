//! What a sweep measures comes out as theory says: the workload, the cache and the counting are what they claim.

mod support;

use cachemark_results::Trial;
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
warm-up-scan = true
warm-up-ms = 0
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
warm-up-ms = 3000
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
/// The formula holds once each key was written at least 20 times, which a busy machine takes longer for.
#[test]
fn cache_aside_stops_at_the_read_ratio_and_write_through_does_not() {
    let text = |duration_ms: u32| {
        format!(
            r#"
[workload]
keys = 1000
distribution = "uniform"
read-ratio = 0.9
[sweep]
strategies = ["cache-aside", "write-through"]
blocks = 1
[run]
warm-up-scan = true
warm-up-ms = 500
duration-ms = {duration_ms}
[cache.in-process]
capacity = 0
"#
        )
    };
    let written_often = |trials: &[Trial]| trials.iter().all(|trial| trial.store_whole.writes >= 20 * 1000);
    let mut trials = trials(&text(6000));
    for longer_ms in [20_000, 80_000] {
        if !written_often(&trials) {
            trials = self::trials(&text(longer_ms));
        }
    }
    assert!(written_often(&trials), "fewer than 20 writes a key in 80 s");
    for trial in trials {
        let hit_ratio = trial.hit_ratio.unwrap();
        let expected = if trial.cell.starts_with("cache-aside") { 0.90 } else { 1.0 };
        assert!((hit_ratio - expected).abs() <= 0.01, "{}: {hit_ratio}", trial.cell);
    }
}
