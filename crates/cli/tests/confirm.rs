//! `cachemark confirm` over a record that was made here, and over what is published.

#![cfg(all(feature = "servers", feature = "http"))]

mod support;

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use support::{cachemark, latest};
use tempfile::tempdir;

fn published(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../results/published").join(name)
}

/// Exit code, stdout and stderr.
fn confirm(out: &Path, record: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = cachemark(out).arg("confirm").arg(record).args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// A record whose verdict is on what is counted and not timed, so that it comes out alike on any machine.
const COUNTED: [&str; 14] = [
    "sweep",
    "--strategy",
    "no-cache,cache-aside",
    "--read-ratio",
    "0.9",
    "--keys",
    "200",
    "--blocks",
    "7",
    "--duration",
    "60ms",
    "--verdict-on",
    "store_load",
    "--quiet",
];

#[test]
fn a_record_is_confirmed_by_its_own_definition_run_again() {
    let out = tempdir().unwrap();
    assert!(cachemark(out.path()).args(COUNTED).output().unwrap().status.success());
    let record = latest(out.path()).folder;
    let here = tempdir().unwrap();
    let (code, told, talk) =
        confirm(here.path(), &record.join("report.html"), &["--blocks", "6", "--duration", "30ms", "--json"]);
    assert_eq!(code, Some(0), "{told} {talk}");
    assert!(talk.contains("warning: 6 blocks in place of 7") && talk.contains(" of the operations"), "{talk}");
    let told: Value = serde_json::from_str(&told).unwrap();
    let rows = told["rows"].as_array().unwrap();
    assert_eq!((rows.len(), &rows[0]["says"], &rows[0]["figure"]), (1, &"agrees".into(), &"store_load".into()));
    let made = latest(here.path());
    assert_eq!(made.manifest.blocks.len(), 6);
    let name = record.file_name().unwrap().to_str().unwrap();
    assert_eq!(made.manifest.command, format!("cachemark confirm {name} --blocks 6 --duration 30ms"));
    assert_eq!(made.manifest.parameters["confirms"], name);
    assert!(made.folder.join("report.html").is_file());
    // What is sent in names neither where it was made nor where the published record is.
    let files = ["CONFIRMATION.md", "manifest.json", "environment.json", "SUMMARY.md", "report.html"];
    for file in files {
        let text = fs::read_to_string(made.folder.join(file)).unwrap();
        for folder in [out.path(), here.path()] {
            assert!(!text.contains(folder.to_str().unwrap()), "{file} names {}", folder.display());
        }
    }
    // The record that was made can be held against it again, without a run.
    let (code, again, talk) = confirm(here.path(), &record, &["--with", made.folder.to_str().unwrap(), "--json"]);
    let again: Value = serde_json::from_str(&again).unwrap();
    assert!(code == Some(0) && again["rows"] == told["rows"], "{talk}");
    contradict(&made.folder);
    let (code, told, talk) = confirm(here.path(), &record, &["--with", made.folder.to_str().unwrap()]);
    assert!(code == Some(1) && told.contains("differs") && talk.contains("1 differs"), "{told} {talk}");
}

/// Gives cache-aside a store load far above that of no cache.
fn contradict(record: &Path) {
    for trial in fs::read_dir(record.join("trials")).unwrap() {
        let file = trial.unwrap().path().join("summary.json");
        let mut trial: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        let is_aside = trial["cell"].as_str().unwrap().starts_with("cache-aside");
        trial["store_load"] = if is_aside { 9.0 } else { 1.0 }.into();
        fs::write(&file, trial.to_string()).unwrap();
    }
}

#[test]
fn every_published_record_is_taken_or_says_why_not() {
    let out = tempdir().unwrap();
    let folders = fs::read_dir(published("")).unwrap().map(|entry| entry.unwrap().path());
    let (mut taken, mut refused) = (0, 0);
    for folder in folders {
        // What ran over servers of others can run over servers of ours.
        let stack: &[&str] = if folder.ends_with("compose") { &["--stack", "native"] } else { &[] };
        let (code, told, talk) = confirm(out.path(), &folder, &[&["--dry-run", "--blocks", "6"], stack].concat());
        match code {
            Some(0) => {
                assert!(told.contains(" x 6 blocks = "), "{}: {told}", folder.display());
                taken += 1;
            }
            _ => {
                let reasons = ["capacity search", "over services", "manifest.json", "no interval"];
                assert!(
                    code == Some(2) && reasons.iter().any(|why| talk.contains(why)),
                    "{}: {talk}",
                    folder.display()
                );
                refused += 1;
            }
        }
    }
    assert!(taken > 8 && refused > 2, "{taken} taken, {refused} refused");
}

#[test]
fn what_is_missing_is_told() {
    let out = tempdir().unwrap();
    let default = published("embedded-default");
    for (arguments, said) in [
        (&["--blocks", "5"][..], "an interval takes 6 blocks"),
        (&["--with", "x", "--duration", "1s"], "cannot be used with"),
        (&["--with", "nowhere"], "nowhere"),
    ] {
        let (code, _, talk) = confirm(out.path(), &default, arguments);
        assert!(code == Some(2) && talk.contains(said), "{arguments:?}: {talk}");
    }
    let (code, _, talk) = confirm(out.path(), &default, &["--with", published("which-ttl").to_str().unwrap()]);
    assert!(code == Some(2) && talk.contains("no comparison in common"), "{talk}");
    // Servers of its own, and no program to start them.
    let mut command = cachemark(out.path());
    let output = command.env("PATH", "").arg("confirm").arg(published("which-ttl")).output().unwrap();
    let talk = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(4) && talk.contains("redis-server"), "{talk}");
}
