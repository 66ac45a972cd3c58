//! `cachemark sweep --find-max`: what it refuses before the first trial, and what it cannot measure.

mod support;

use cachemark_results::{Run, latest_in};
use std::process::{Command, Stdio};
use std::time::Duration;
use support::{cachemark, latest};
use tempfile::tempdir;

fn refused(slo: &str) -> String {
    let folder = tempdir().unwrap();
    let arguments = ["sweep", "--dry-run", "--workload", "smoke", "--find-max", "--slo", slo];
    let output = cachemark(folder.path()).args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{slo}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn an_objective_that_is_none_is_refused_even_by_a_dry_run() {
    assert!(refused("garbage").contains("--slo"));
    let lower = refused("hit_ratio >= 80%");
    assert!(lower.contains("write < or <=") && lower.contains("`cachemark recommend` takes > and >="), "{lower}");
    assert!(refused("response.p99 < 2ms, errors <= 0").contains("one objective"));
    assert!(refused("cache-aside.response.p99 < 2ms").contains("name no cell"));
}

#[test]
fn an_open_loop_too_short_for_its_verdicts_says_so_before_it_runs() {
    let folder = tempdir().unwrap();
    let told = |more: &[&str]| {
        let arguments = ["sweep", "--dry-run", "--workload", "smoke", "--rate", "100,5000"];
        let output = cachemark(folder.path()).args(arguments).args(more).output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(told(&["--duration", "1s"]).contains("are 100 operations a trial"));
    assert!(told(&["--duration", "1s"]).contains("takes 1000: make --duration 12s"));
    assert!(told(&["--duration", "12s", "--blocks", "5"]).contains("make --blocks 7"));
    assert!(
        told(&["--duration", "12s", "--blocks", "6", "--pairs"]).contains("6 comparisons need 8 blocks for verdicts")
    );
    assert_eq!(told(&["--duration", "12s", "--blocks", "8", "--pairs"]), "");
    assert_eq!(told(&["--duration", "1s", "--blocks", "8", "--verdict-on", "throughput"]), "");
}

#[test]
fn a_search_whose_figure_has_too_few_operations_ends_and_says_so() {
    let out = tempdir().unwrap();
    let search =
        ["--quiet", "sweep", "--workload", "smoke", "--strategy", "no-cache", "--read-ratio", "0.9", "--find-max"];
    let arguments = ["--slo", "response.p99 < 2ms", "--rate", "100", "--duration", "200ms"];
    let output = cachemark(out.path()).args(search).args(arguments).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{told}");
    assert!(told.contains("was not measured") && told.contains("make --duration longer"), "{told}");
    let run = latest(out.path());
    assert_eq!(run.trials.len(), 1, "a lower rate has even fewer");
    let [capacity] = run.manifest.capacities.as_slice() else { panic!("one cell, one search") };
    assert!(capacity.note.as_ref().is_some_and(|note| note.contains("--duration")), "{capacity:?}");
}

/// The search climbs while its first rates pass; it is stopped after the second.
#[test]
fn an_interrupted_search_says_how_far_it_came() {
    let out = tempdir().unwrap();
    let search = ["--quiet", "sweep", "--workload", "smoke", "--strategy", "no-cache", "--read-ratio", "0.9"];
    let objective = ["--find-max", "--slo", "response.p50 < 60s", "--rate", "100", "--duration", "300ms"];
    let mut child = Command::new(env!("CARGO_BIN_EXE_cachemark"))
        .env("CACHEMARK_OUT", out.path())
        .args(search)
        .args(objective)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let tried = || latest_in(out.path()).and_then(|folder| Run::open(&folder).ok()).map_or(0, |run| run.trials.len());
    while tried() < 2 {
        assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
        std::thread::sleep(Duration::from_millis(20));
    }
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(130));
    let run = latest(out.path());
    let [capacity] = run.manifest.capacities.as_slice() else { panic!("{:?}", run.manifest.capacities) };
    assert!(
        capacity.answer_per_s.is_none() && capacity.at_least_per_s.is_some_and(|rate| rate >= 200.0),
        "{capacity:?}"
    );
    let summary = std::fs::read_to_string(latest_in(out.path()).unwrap().join("SUMMARY.md")).unwrap();
    assert!(summary.contains("not finished"), "{summary}");
}
