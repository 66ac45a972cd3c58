//! `cachemark explain`.

#![cfg(all(feature = "servers", feature = "http"))]

use assert_cmd::Command;
use serde_json::Value;
use tempfile::tempdir;

fn cachemark(out: &std::path::Path) -> Command {
    let mut command = Command::cargo_bin("cachemark").unwrap();
    command.env("CACHEMARK_OUT", out).env_remove("RUST_LOG");
    command
}

/// The exit code, and what went to stdout and to stderr.
fn explained(arguments: &[&str]) -> (Option<i32>, String, String) {
    let out = tempdir().unwrap();
    let output = cachemark(out.path()).arg("explain").args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn without_a_name_every_figure_warning_and_anomaly_has_a_line() {
    let (code, told, _) = explained(&[]);
    assert_eq!(code, Some(0));
    let has = |name: &str| told.lines().any(|line| line.trim_start().split(' ').next() == Some(name));
    let figures = cachemark_results::figure::FIGURES.iter().map(|figure| figure.name);
    let warnings = cachemark_results::warning::OF_TRIALS.iter().chain(cachemark_results::warning::OF_RUNS);
    let anomalies = cachemark_core::anomaly::ANOMALIES.iter().map(|anomaly| anomaly.name);
    for name in figures.chain(warnings.map(|kind| kind.code)).chain(anomalies) {
        assert!(has(name), "{name}:\n{told}");
    }
    assert!(told.lines().all(|line| line.chars().count() <= 80), "{told}");
}

#[test]
fn a_figure_says_its_unit_and_how_it_is_asked_for_however_it_is_spelt() {
    for name in ["read.p99", "read-p99", "read_p99", "read_p99_ns"] {
        let (code, told, error) = explained(&[name]);
        assert_eq!(code, Some(0), "{error}");
        for part in ["figure read.p99 (", "lower is better", "--assert '*.read.p99 <=", "--verdict-on read.p99", "time"]
        {
            assert!(told.contains(part), "{part}:\n{told}");
        }
    }
}

#[test]
fn a_warning_says_how_grave_it_is_and_an_anomaly_who_has_it() {
    let (_, warning, _) = explained(&["lost-writes"]);
    assert!(
        warning.contains("warning lost-writes") && warning.contains("grave: the run is not to be trusted"),
        "{warning}"
    );
    let (_, anomaly, _) = explained(&["stale-set"]);
    assert!(anomaly.contains("anomaly stale-set (") && anomaly.contains("cache-aside"), "{anomaly}");
    assert!(anomaly.contains("1 process\n"), "{anomaly}");
}

#[test]
fn what_is_called_alike_is_told_of_both() {
    let (_, told, _) = explained(&["phantoms"]);
    assert!(told.contains("figure phantoms (") && told.contains("warning phantoms"), "{told}");
}

#[test]
fn a_name_that_is_none_has_the_nearest_beside_it() {
    let (code, told, error) = explained(&["hit_ratoi", "stale-sett"]);
    assert_eq!((code, told.as_str()), (Some(2), ""));
    for part in ["`hit_ratoi`", "did you mean `hit_ratio`?", "did you mean `stale-set`?", "cachemark explain lists all"]
    {
        assert!(error.contains(part), "{part}:\n{error}");
    }
}

#[test]
fn as_json_it_is_an_object_each() {
    let (_, told, _) = explained(&["store_load", "late-flushes", "--json"]);
    let told: Vec<Value> = serde_json::from_str(&told).unwrap();
    let of = |place: usize, field: &str| told[place][field].as_str().unwrap().to_owned();
    assert_eq!([of(0, "kind"), of(0, "name"), of(0, "better")], ["figure", "store_load", "lower is better"]);
    assert_eq!([of(1, "kind"), of(1, "name")], ["warning", "late-flushes"]);
}
