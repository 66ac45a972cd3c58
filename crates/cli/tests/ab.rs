//! `cachemark sweep --ab`: two builds side by side.

#![cfg(all(feature = "servers", feature = "http"))]

mod support;

use assert_cmd::cargo::cargo_bin;
use cachemark_results::{Run, Status, records_in};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use support::{cachemark, latest};
use tempfile::tempdir;

/// A program that runs this one with something else.
fn script(folder: &Path, name: &str, body: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{body}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

const SMALL: [&str; 12] = [
    "--strategy",
    "cache-aside",
    "--read-ratio",
    "0.9",
    "--keys",
    "200",
    "--blocks",
    "6",
    "--duration",
    "60ms",
    "--warm-up",
    "20ms",
];

#[test]
fn a_build_that_does_less_is_worse_and_the_exit_code_says_so() {
    let out = tempdir().unwrap();
    let this = cargo_bin("cachemark");
    // Every trial of it is asked by one client that waits a millisecond longer for each read.
    let slow = format!(
        "case \"$*\" in *cell-protocol*) exec {0} \"$@\" ;; *) exec {0} \"$@\" --read-cost 1ms --clients 1 ;; esac",
        this.display()
    );
    let slow = script(out.path(), "slow", &slow);
    let output = cachemark(out.path()).args(["sweep", "--ab"]).arg(&this).arg(&slow).args(SMALL).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("b is worse: 0."), "{told}");
    let run = latest(out.path());
    assert_eq!((run.manifest.kind.as_str(), run.manifest.status, run.trials.len()), ("ab", Status::Complete, 18));
    let cells: Vec<&str> = run.manifest.cells.iter().map(|cell| cell.arm.as_str()).collect();
    assert_eq!(cells, ["a: cache-aside", "a: cache-aside", "b: cache-aside"]);
    // Whole, every file of it: a page is made of it again.
    assert!(run.folder.join("report.html").exists() && run.environment.is_some());
    for build in ["build a", "build b"] {
        assert!(
            run.manifest.parameters[build].as_str().unwrap().contains("cachemark "),
            "{:?}",
            run.manifest.parameters
        );
    }
    // All trials of a block ask the same operations, whoever runs them, and every block has an order of its own.
    let orders: std::collections::BTreeSet<_> = run.manifest.blocks.iter().collect();
    assert!(orders.len() > 1, "{orders:?}");
    let resumed = cachemark(out.path()).args(["sweep", "--resume"]).arg(&run.folder).output().unwrap();
    assert_eq!(resumed.status.code(), Some(2), "two builds are not resumed by one");
}

#[test]
fn a_build_beside_itself_is_run_to_the_end() {
    let out = tempdir().unwrap();
    let this = cargo_bin("cachemark");
    let output = cachemark(out.path())
        .args(["sweep", "--quiet", "--ab"])
        .args([&this, &this])
        .args(SMALL)
        .args(["--blocks", "1"])
        .output();
    // One block has no verdict, so none is worse; nor can the flag be given twice.
    let told = String::from_utf8(output.unwrap().stderr).unwrap();
    assert!(told.contains("cannot be used multiple times"), "{told}");
    let few: Vec<&str> = SMALL.iter().map(|word| if *word == "6" { "1" } else { word }).collect();
    let output =
        cachemark(out.path()).args(["sweep", "--json", "--ab"]).args([&this, &this]).args(few).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["status"], "complete");
    let left: Vec<_> = fs::read_dir(out.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 1, "nothing but the record is left: {left:?}");
}

/// Without the blocks, which the run finds for itself.
fn without_blocks() -> Vec<&'static str> {
    let at = SMALL.iter().position(|word| *word == "--blocks").unwrap();
    [&SMALL[..at], &SMALL[at + 2..]].concat()
}

#[test]
fn a_pilot_tells_how_many_blocks_it_takes_and_no_verdict_is_on_it() {
    let out = tempdir().unwrap();
    let this = cargo_bin("cachemark");
    let mut command = cachemark(out.path());
    let output = command.args(["sweep", "--find", "90%", "--ab"]).args([&this, &this]).args(without_blocks()).output();
    let told = String::from_utf8(output.unwrap().stderr).unwrap();
    assert!(
        told.contains("a pilot first: 8 A/A blocks") && told.contains("find a difference of 90 % (throughput)"),
        "{told}"
    );
    let records: Vec<Run> = records_in(out.path()).iter().map(|folder| Run::open(folder).unwrap()).collect();
    let [pilot, run] = &records[..] else { panic!("{} records", records.len()) };
    assert_eq!((pilot.manifest.kind.as_str(), run.manifest.kind.as_str()), ("ab-pilot", "ab"));
    assert_eq!((pilot.trials.len(), pilot.manifest.cells.len()), (16, 2), "a, and a again");
    let [power] = &run.manifest.power[..] else { panic!("{:?}", run.manifest.power) };
    assert!(power.is_pilot && power.figure == "throughput" && power.measured_over == 8, "{power:?}");
    assert_eq!(power.blocks as usize, run.manifest.blocks.len());
    assert!(run.manifest.cells.iter().all(|cell| cell.arm.starts_with("a: ") || cell.arm.starts_with("b: ")));
    assert_eq!(run.trials.len(), 3 * run.manifest.blocks.len(), "nothing of the pilot");
    let page = fs::read_to_string(run.folder.join("report.html")).unwrap();
    assert!(page.contains("What it would find") && page.contains("on which no verdict is"));
    // The pilot tells the noise to whoever asks it later, and no other is run.
    let more = tempdir().unwrap();
    let like = ["--like", pilot.folder.to_str().unwrap()];
    let few: Vec<&str> = SMALL.iter().map(|word| if *word == "6" { "1" } else { word }).collect();
    let mut command = cachemark(more.path());
    let output = command.args(["sweep", "--ab"]).args([&this, &this]).args(like).args(few).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("warning: 1 block finds a difference of 5 % (throughput) in 0 % of runs; "), "{told}");
    assert_eq!(records_in(more.path()).len(), 1, "{told}");
}

#[test]
fn what_a_run_is_to_find_is_checked_before_it() {
    let out = tempdir().unwrap();
    let this = cargo_bin("cachemark");
    let asked = |more: &[&str]| {
        let mut command = cachemark(out.path());
        let output = command.args(["sweep", "--ab"]).args([&this, &this]).args(without_blocks()).args(more).output();
        let output = output.unwrap();
        let told = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(told).unwrap())
    };
    let (code, told) = asked(&["--find", "2%"]);
    assert!(code == Some(2) && told.contains("below the margin of 0.05 is declared not to matter"), "{told}");
    let (code, told) = asked(&["--like", "/nowhere"]);
    assert!(code == Some(2) && told.contains("/nowhere"), "{told}");
    let (code, told) = asked(&["--dry-run"]);
    assert!(code == Some(0) && told.contains("a pilot: 1 cells x 2 runs x 8 blocks = 16 trials"), "{told}");
    assert!(told.contains("at least 1 cells x 3 runs x 6 blocks = 18 trials"), "{told}");
    assert!(records_in(out.path()).is_empty());
}

/// They are of arms, and each arm is two here.
#[test]
fn what_a_definition_asserts_of_its_arms_is_not_asked_of_builds() {
    let out = tempdir().unwrap();
    let this = cargo_bin("cachemark");
    let file = out.path().join("mine.toml");
    fs::write(&file, "assert = [\"cache-aside.hit_ratio > 0.99999\"]\n[sweep]\npairs = true\n").unwrap();
    let few: Vec<&str> = SMALL.iter().map(|word| if *word == "6" { "1" } else { word }).collect();
    let mut command = cachemark(out.path());
    command.args(["sweep", "--quiet", "--workload"]).arg(&file).arg("--ab").args([&this, &this]).args(few);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let manifest = latest(out.path()).manifest;
    assert!(manifest.assertions.is_empty() && !manifest.pairs, "{:?}", manifest.assertions);
}

#[test]
fn addresses_that_would_not_reach_the_builds_are_refused() {
    let out = tempdir().unwrap();
    let this = cargo_bin("cachemark");
    let output = cachemark(out.path())
        .args(["sweep", "--stack", "external", "--cache", "redis", "--store", "postgres"])
        .args(["--redis-url", "redis://127.0.0.1:1", "--database-url", "postgres://127.0.0.1:1/x", "--ab"])
        .args([&this, &this])
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && told.contains("put them in the environment"), "{told}");
}

#[test]
fn what_cannot_be_run_so_is_refused_before_anything_is_run() {
    let out = tempdir().unwrap();
    let this = cargo_bin("cachemark");
    let old = script(out.path(), "old", "echo \"error: unrecognized subcommand\" >&2; exit 2");
    let other = script(out.path(), "other", "echo 999");
    for (program, what) in [
        (old, "is no cachemark that can be run so"),
        (other, "must speak version"),
        (out.path().join("nowhere"), "nowhere"),
        (out.path().to_owned(), "cannot be run"),
    ] {
        let output =
            cachemark(out.path()).args(["sweep", "--ab"]).args([&this, &program]).args(SMALL).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && told.contains(what), "{told}");
    }
    assert!(cachemark_results::latest_in(out.path()).is_none());
}

#[test]
fn a_build_that_fails_is_named_with_its_last_word() {
    let out = tempdir().unwrap();
    let this = cargo_bin("cachemark");
    let body = format!(
        "case \"$*\" in *cell-protocol*) exec {} \"$@\" ;; *) echo 'it fell over' >&2; exit 4 ;; esac",
        this.display()
    );
    let falls = script(out.path(), "falls", &body);
    let output = cachemark(out.path()).args(["sweep", "--quiet", "--ab"]).args([&this, &falls]).args(SMALL).output();
    let output = output.unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(
        output.status.code() == Some(4) && told.contains("falls ended with") && told.contains("it fell over"),
        "{told}"
    );
    assert_eq!(latest(out.path()).manifest.status, Status::Failed);
}
