//! A sweep over Valkey, started for it.

#![cfg(feature = "servers")]

mod support;

use std::io::Write;
use support::{cachemark, latest};

#[test]
#[ignore = "needs valkey-server"]
fn a_sweep_runs_over_a_valkey_of_its_own() {
    if cachemark_stack::program("valkey-server").is_none() {
        let mut stderr = std::io::stderr().lock();
        writeln!(stderr, "skipped: valkey-server is not installed").unwrap();
        return;
    }
    let out = tempfile::tempdir().unwrap();
    let mut sweep = cachemark(out.path());
    sweep.args(["sweep", "--workload", "smoke", "--stack", "native", "--blocks=1", "--cache=valkey", "--store=sqlite"]);
    let output = sweep.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let run = latest(out.path());
    let over_it: Vec<_> = run.trials.iter().filter(|trial| trial.cell.contains(" valkey sqlite ")).collect();
    assert!(!over_it.is_empty());
    for trial in over_it {
        let (ours, theirs) = (&trial.cache_whole, &trial.cache_counters);
        let seen = (theirs["gets"], theirs["hits"], theirs["sets"], theirs["deletes"]);
        assert_eq!(seen, (ours.gets, ours.hits, ours.sets, ours.deletes), "{}", trial.cell);
        assert!(trial.server_cpu.contains_key("valkey"), "{}", trial.cell);
    }
}
