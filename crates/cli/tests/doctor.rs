//! `cachemark doctor`: its shape. What it finds is this machine's affair.

#![cfg(feature = "servers")]

use assert_cmd::Command;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use tempfile::tempdir;

fn doctor(out: &Path) -> Command {
    let mut command = Command::cargo_bin("cachemark").expect("the binary is built with its tests");
    command.arg("doctor").arg("--out").arg(out).env_remove("RUST_LOG");
    command
}

#[test]
fn findings_have_the_documented_shape_and_decide_the_exit_code() {
    let out = tempdir().unwrap();
    let output = doctor(out.path()).arg("--json").output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["form"], 1);
    let checks = report["checks"].as_array().unwrap();
    let rank = |result: &str| ["ok", "unknown", "warn", "fail"].iter().position(|known| *known == result).unwrap();
    for check in checks {
        let keys: Vec<_> = check.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, ["advice", "check", "figures", "result", "seen"], "{check}");
        rank(check["result"].as_str().unwrap());
        assert!(!check["seen"].as_str().unwrap().is_empty(), "{check}");
        assert!(check["figures"].is_object(), "{check}");
        let says_what_to_do = check["advice"].is_string();
        assert!(says_what_to_do || matches!(check["result"].as_str(), Some("ok" | "unknown")), "{check}");
    }
    let worst = checks.iter().map(|check| rank(check["result"].as_str().unwrap())).max().unwrap();
    assert_eq!(rank(report["result"].as_str().unwrap()), worst);
    assert_eq!(output.status.code(), Some(if report["result"] == "fail" { 4 } else { 0 }));
    assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 0, "nothing stays behind");
}

#[test]
fn every_documented_check_is_there_and_no_other() {
    let out = tempdir().unwrap();
    let output = doctor(out.path()).arg("--json").output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let names = report["checks"].as_array().unwrap().iter().map(|check| check["check"].as_str().unwrap().to_owned());
    let given: BTreeSet<String> = names.collect();
    assert_eq!(given.len(), report["checks"].as_array().unwrap().len(), "each name once");
    let page = include_str!("../../../docs/doctor.md");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    assert_eq!(given, rows.map(str::to_owned).collect());
}

#[test]
fn a_debug_build_fails_and_the_table_says_what_to_do() {
    let out = tempdir().unwrap();
    let output = doctor(out.path()).env("NO_COLOR", "1").output().unwrap();
    let table = String::from_utf8(output.stdout).unwrap();
    assert!(!table.contains('\u{1b}'), "no colour into a file: {table}");
    let (_, row) = table.split_once("\nbuild ").unwrap();
    let within = |(place, line): &(usize, &str)| *place == 0 || line.starts_with(' ');
    let row: Vec<&str> =
        row.lines().enumerate().take_while(within).flat_map(|(_, line)| line.split_whitespace()).collect();
    let row = row.join(" ");
    if cfg!(debug_assertions) {
        assert!(row.contains("fail") && row.contains("cargo build --release"), "{row}");
        assert_eq!(output.status.code(), Some(4));
    } else {
        assert!(row.contains("ok"), "{row}");
    }
}
