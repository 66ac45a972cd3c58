//! Sweeps with write-behind: what it acknowledges before the store has it is judged and audited like everything else.

mod support;

use cachemark_results::Trial;
use std::fs;
use support::{cachemark, latest};
use tempfile::tempdir;

fn trials(definition: &str) -> Vec<Trial> {
    let folder = tempdir().unwrap();
    let path = folder.path().join("w.toml");
    fs::write(&path, definition).unwrap();
    let out = folder.path().join("out");
    let arguments = ["sweep", "--strategy", "write-behind", "--workload", path.to_str().unwrap()];
    let output = cachemark(&out).args(arguments).output().unwrap();
    // A machine with other work may make a run one that is not to be trusted; what is judged here is not its times.
    assert!(matches!(output.status.code(), Some(0 | 3)), "{}", String::from_utf8_lossy(&output.stderr));
    let run = latest(&out);
    assert_eq!(run.trials.len(), run.manifest.planned_trials());
    run.trials
}

/// What every trial has to be free of.
fn is_sound(trial: &Trial) {
    let (audit, fresh) = (trial.audit.as_ref().unwrap(), trial.freshness.as_ref().unwrap());
    assert_eq!((audit.lost_writes(), audit.incomplete.as_deref()), (Some(0), None), "{audit:?}");
    assert_eq!((audit.phantoms(), audit.corrupt(), fresh.phantoms, fresh.corrupt), (0, 0, 0, 0), "{audit:?} {fresh:?}");
    assert!(fresh.judged == fresh.reads && fresh.judged > 300, "{fresh:?}");
    let written: u64 =
        trial.buckets.iter().filter(|bucket| bucket.operation != "read").map(|bucket| bucket.count).sum();
    assert!(trial.store.writes + trial.store.deletes < written, "{:?} of {written}", trial.store);
    let codes: Vec<&str> = trial.warnings.iter().map(|warning| warning.code.as_str()).collect();
    for code in ["lost-writes", "declared-losses", "unflushed", "not-drained", "phantoms", "foreign-traffic"] {
        assert!(!codes.contains(&code), "{:?}", trial.warnings);
    }
}

#[test]
fn one_instance_serves_nothing_stale_and_loses_nothing_with_deletes_and_evictions() {
    let text = r#"
[workload]
keys = 300
distribution = "zipf"
exponent = 0.99
read-ratio = 0.6
delete-ratio = 0.2
[sweep]
blocks = 1
[run]
clients = 8
duration-ms = 1000
[strategy.write-behind]
delay-ms = 50
batch = 20
placement = ["in-process", "task"]
[cache.in-process]
capacity = 100
policy = "lru"
"#;
    let trials = trials(text);
    // Both placements; the first of them twice, as a control.
    assert!(trials.len() >= 2);
    for trial in trials {
        is_sound(&trial);
        let fresh = trial.freshness.unwrap();
        assert_eq!((fresh.stale, fresh.regressions, fresh.resurrected), (0, 0, 0), "{fresh:?}");
        assert_eq!((fresh.own_writes.violations, fresh.own_reads.violations), (0, 0), "{fresh:?}");
    }
}

#[test]
fn two_instances_with_caches_of_their_own_are_stale_and_lose_nothing_and_no_lag_is_told() {
    let text = r#"
[workload]
keys = 300
read-ratio = 0.6
[sweep]
blocks = 1
instances = [2]
[run]
clients = 8
duration-ms = 1000
[strategy.write-behind]
delay-ms = 50
"#;
    for trial in trials(text) {
        is_sound(&trial);
        let fresh = trial.freshness.unwrap();
        assert!(fresh.stale > 0 && fresh.stale_age.is_some(), "{fresh:?}");
        assert_eq!((fresh.lag_max, fresh.lag_mean), (0, None));
        let causes = fresh.causes.unwrap();
        assert!(causes.cross_tier > 0, "{causes:?}");
    }
}

#[test]
fn the_store_s_load_is_what_theory_says_of_the_rates_of_the_keys() {
    let text = r#"
[workload]
keys = 300
distribution = "zipf"
exponent = 0.99
read-ratio = 0.5
[sweep]
blocks = 1
rate = [400]
[run]
duration-ms = 4000
[strategy.write-behind]
delay-ms = 400
[cache.in-process]
capacity = 0
"#;
    for trial in trials(text) {
        is_sound(&trial);
        let predicted = trial.predicted_store_load.expect("theory covers it");
        // Half of the operations write, and some of them are taken together.
        assert!(predicted > 0.1 && predicted < 0.4, "{predicted}");
        let off: Vec<_> = trial.warnings.iter().filter(|warning| warning.code == "off-prediction").collect();
        assert!(off.is_empty(), "{off:?}");
    }
}
