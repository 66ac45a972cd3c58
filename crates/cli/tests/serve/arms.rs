//! An arm of a workload, served.

use crate::exchange;
use crate::service::Service;
use std::process::Command;

/// Where a read is answered from after a write.
fn read_after_write(arm: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("arms.toml");
    let arms = "[[arm]]\nname = \"update\"\nstrategy = \"cache-aside\"\non-write = \"update\"\n[[arm]]\nname = \"invalidate\"\nstrategy = \"cache-aside\"\n";
    std::fs::write(&path, arms).unwrap();
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("cachemark"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--arm", arm, "--workload"]).arg(&path);
    let service = Service::launch(command);
    let put = "PUT /items/k HTTP/1.1\r\nhost: h\r\nconnection: close\r\ncontent-length: 1\r\n\r\nx";
    assert!(exchange(&service, put.as_bytes()).starts_with("HTTP/1.1 20"));
    exchange(&service, b"GET /items/k HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n").to_lowercase()
}

#[test]
fn an_arm_is_served_with_its_own_settings() {
    let hit = |answer: &str| answer.lines().any(|line| line.starts_with("cache-status:") && line.contains("; hit"));
    let (updated, invalidated) = (read_after_write("update"), read_after_write("invalidate"));
    assert!(hit(&updated), "{updated}");
    assert!(!hit(&invalidated), "{invalidated}");
}
