//! `cachemark report --export`, over a published record: it only reads.

use assert_cmd::Command;
use serde_json::Value;
use std::path::{Path, PathBuf};
use tempfile::tempdir;

fn cachemark(out: &std::path::Path) -> Command {
    let mut command = Command::cargo_bin("cachemark").unwrap();
    command.env("CACHEMARK_OUT", out).env_remove("RUST_LOG");
    command
}

fn published() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../results/published/embedded-default")
}

/// The exit code, and what went to stdout and to stderr.
fn exported(arguments: &[&str]) -> (Option<i32>, String, String) {
    let out = tempdir().unwrap();
    let output = cachemark(out.path()).arg("report").arg(published()).arg("--export").args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn every_format_is_what_it_is_called() {
    let (code, bmf, error) = exported(&["bmf"]);
    assert_eq!(code, Some(0), "{error}");
    let bmf: Value = serde_json::from_str(&bmf).unwrap();
    let cells = bmf.as_object().unwrap();
    assert!(cells.len() > 3 && cells.values().all(|cell| cell["throughput"]["value"].as_f64().unwrap() > 0.0), "{bmf}");
    let (_, entries, _) = exported(&["github-action-benchmark"]);
    let entries: Vec<Value> = serde_json::from_str(&entries).unwrap();
    assert!(entries.len() == cells.len() && entries.iter().all(|entry| entry["unit"] == "ops/s"), "{entries:?}");
    let (_, line, _) = exported(&["otava", "--figure", "throughput,store_load"]);
    assert_eq!(line.lines().count(), 2, "{line}");
    assert!(line.starts_with("time,revision,") && line.contains(".store_load"), "{line}");
}

#[test]
fn what_cannot_be_exported_says_why() {
    for (arguments, what) in [
        (&["github-action-benchmark", "--figure", "throughput,store_load"][..], "one by one with --figure"),
        (&["bmf", "--figure", "troughput"], "did you mean"),
        (&["bmf", "--figure", "response.p99"], "no cell of the record has"),
        (&["bmf", "--json"], "cannot be used with"),
        (&["xml"], "bmf"),
    ] {
        let (code, told, error) = exported(arguments);
        assert!(code == Some(2) && told.is_empty() && error.contains(what), "{arguments:?}: {error}");
    }
}
