//! `cachemark init`.

#![cfg(all(feature = "servers", feature = "http"))]

use assert_cmd::Command;
use tempfile::tempdir;

fn cachemark(out: &std::path::Path) -> Command {
    let mut command = Command::cargo_bin("cachemark").unwrap();
    command.env("CACHEMARK_OUT", out).env_remove("RUST_LOG");
    command
}

#[test]
fn what_it_writes_can_be_run_and_is_never_written_over() {
    let out = tempdir().unwrap();
    let file = out.path().join("mine.toml");
    let init = || cachemark(out.path()).arg("init").arg(&file).args(["--clients", "4"]).output().unwrap();
    let written = init();
    assert_eq!(written.status.code(), Some(0), "{}", String::from_utf8_lossy(&written.stderr));
    let told = String::from_utf8(written.stdout).unwrap();
    assert!(told.contains("cachemark sweep --workload"), "{told}");
    assert!(told.contains("cachemark.schema.json"), "it says what else it wrote: {told}");
    let text = std::fs::read_to_string(&file).unwrap();
    let dry = cachemark(out.path()).args(["sweep", "--dry-run", "--workload"]).arg(&file).output().unwrap();
    assert_eq!(dry.status.code(), Some(0), "{}", String::from_utf8_lossy(&dry.stderr));
    assert!(text.contains("clients = 4"), "{text}");
    let again = init();
    let told = String::from_utf8(again.stderr).unwrap();
    assert!(again.status.code() == Some(2) && told.contains("is there already"), "{told}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
    let mut left: Vec<_> = std::fs::read_dir(out.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["cachemark.schema.json", "mine.toml"], "nothing is left but what an editor needs besides");
}

#[test]
fn what_cannot_be_is_refused_and_nothing_is_written() {
    let out = tempdir().unwrap();
    let file = out.path().join("mine.toml");
    for (flags, what) in [
        (&["--read-ratio", "1.5"][..], "read-ratio"),
        (&["--clients", "0"], "clients"),
        (&["--rate", "0"], "rate"),
        (&["--over", "oracle"], "embedded"),
    ] {
        let output = cachemark(out.path()).arg("init").arg(&file).args(flags).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && told.contains(what) && !file.exists(), "{flags:?}: {told}");
    }
}
