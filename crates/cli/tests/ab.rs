//! `cachemark sweep --ab`: two builds side by side.

#![cfg(all(feature = "servers", feature = "http"))]

mod support;

use assert_cmd::cargo::cargo_bin;
use cachemark_results::Status;
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
