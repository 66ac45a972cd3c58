//! What goose prints is no data.

use std::process::Command;

/// Runs the other test of this binary on its own: standard output can be looked at from outside only.
#[test]
fn nothing_of_goose_reaches_standard_output() {
    let own = std::env::current_exe().unwrap();
    let test = "agreement::goose_and_we_and_the_service_count_the_same";
    let output = Command::new(own).args(["--exact", test, "--nocapture"]).output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(out.contains("1 passed") && !out.contains("launched"), "{out}");
    assert!(!err.contains("launched"), "nor standard error, whose reader may be gone: {err}");
}
