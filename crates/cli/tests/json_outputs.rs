//! What commands print with --json fits the schemas that `cachemark schema` prints, real output by real output.

#![cfg(all(feature = "servers", feature = "http"))]

#[expect(dead_code, reason = "shared with tests that use the rest")]
#[path = "support/markdown.rs"]
mod markdown;
mod support;

use jsonschema::Validator;
use markdown::root;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use support::{cachemark, latest};
use tempfile::{TempDir, tempdir};

/// What a command prints, whatever its exit code.
fn printed(out: &TempDir, arguments: &[&str]) -> Value {
    let output = cachemark(out.path()).args(["--quiet"]).args(arguments).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {told}"))
}

fn validator(out: &TempDir, name: &str) -> Validator {
    let schema = printed(out, &["schema", name]);
    assert!(jsonschema::draft7::meta::is_valid(&schema), "{name}");
    jsonschema::draft7::new(&schema).unwrap()
}

fn refused(validator: &Validator, told: &Value) -> Vec<String> {
    validator.iter_errors(told).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

const SMALL: [&str; 12] = [
    "--strategy",
    "no-cache,cache-aside",
    "--read-ratio",
    "0.9",
    "--keys",
    "200",
    "--blocks",
    "2",
    "--duration",
    "100ms",
    "--assert",
    "hit_ratio > 0.999",
];

#[test]
fn sweeps_reports_and_comparisons_fit_their_schemas() {
    let out = tempdir().unwrap();
    let (report, compare) = (validator(&out, "report"), validator(&out, "compare"));
    let swept = printed(&out, &[&["sweep", "--json"][..], &SMALL].concat());
    assert_eq!(refused(&report, &swept), [""; 0]);
    let first = latest(out.path()).folder;
    let reported = printed(&out, &["report", "--json", first.to_str().unwrap()]);
    assert_eq!(refused(&report, &reported), [""; 0]);
    printed(&out, &[&["sweep", "--json"][..], &SMALL].concat());
    let second = latest(out.path()).folder;
    assert_ne!(first, second);
    let compared = ["compare", "--json", first.to_str().unwrap(), "--with", second.to_str().unwrap()];
    let compared = printed(&out, &compared);
    assert!(compared["comparisons"][0]["rows"].as_array().is_some_and(|rows| !rows.is_empty()), "{compared}");
    assert_eq!(refused(&compare, &compared), [""; 0]);
    // A schema that takes everything says nothing.
    for (place, change) in
        [("/cells/0/figures", json!(5)), ("/comparisons/0/ratio", json!("1")), ("/status", json!("done"))]
    {
        let mut wrong = swept.clone();
        *wrong.pointer_mut(place).unwrap() = change;
        assert!(!refused(&report, &wrong).is_empty(), "{place}");
    }
    for wrong in [json!({ "more": 1 }), json!({})] {
        let mut told = swept.clone();
        match wrong.get("more") {
            Some(more) => drop(told.as_object_mut().unwrap().insert("more".into(), more.clone())),
            None => drop(told.as_object_mut().unwrap().remove("answer")),
        }
        assert_eq!(refused(&report, &told).len(), 1);
    }
}

/// Of a run in which something was broken, of an open loop, and of services.
#[test]
fn what_is_published_is_told_by_the_schema_too() {
    let out = tempdir().unwrap();
    let report = validator(&out, "report");
    for name in ["cache-dies", "response-curves", "http"] {
        let (from, to) = (root().join("results/published").join(name), out.path().join(name));
        copy(&from, &to);
        let told = printed(&out, &["report", "--json", to.to_str().unwrap()]);
        assert_eq!(refused(&report, &told), [""; 0], "{name}");
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() { copy(&entry.path(), &target) } else { _ = fs::copy(entry.path(), target).unwrap() }
    }
}

#[test]
fn what_the_doctor_finds_fits_its_schema() {
    let out = tempdir().unwrap();
    assert_eq!(refused(&validator(&out, "doctor"), &printed(&out, &["doctor", "--json"])), [""; 0]);
}
