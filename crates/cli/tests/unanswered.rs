//! A run that is killed while it waits for a server's first answer leaves a trace by which the server is found.

#![cfg(feature = "servers")]

#[expect(dead_code, reason = "shared with tests that use the rest")]
mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use support::cachemark;
use tempfile::tempdir;

/// What `cachemark stack ACTION` says of the stacks whose folders are in `folder`.
fn stack(folder: &Path, action: &str) -> String {
    let output = cachemark(folder).env("TMPDIR", folder).args(["stack", action]).output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

fn wait_until(holds: impl Fn() -> bool) {
    let limit = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < limit, "waited for a minute");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A program called redis-server, for the servers' account too, that never answers.
fn silent_redis(folder: &Path) {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
    let program = folder.join("redis-server");
    fs::write(&program, "#!/bin/sh\nexec sleep 120\n").unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_server_that_has_not_answered_yet_is_found_and_cleared_after_a_kill() {
    let folder = tempdir().unwrap();
    silent_redis(folder.path());
    let path = format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap());
    let mut run = Command::new(assert_cmd::cargo::cargo_bin("cachemark"));
    run.args(["sweep", "--workload", "smoke", "--stack", "native", "--cache", "redis", "--store", "sqlite"]);
    run.env("PATH", path).env("TMPDIR", folder.path()).env("CACHEMARK_OUT", folder.path());
    let mut run = run.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    wait_until(|| stack(folder.path(), "status").contains("running"));
    assert!(stack(folder.path(), "status").contains(&format!("process id {}", run.id())));
    run.kill().unwrap();
    run.wait().unwrap();
    let status = stack(folder.path(), "status");
    assert!(status.contains("orphaned") && status.contains("redis      running"), "{status}");
    let down = stack(folder.path(), "down");
    assert!(down.contains("redis      taken down"), "{down}");
    assert_eq!(stack(folder.path(), "status").trim(), "no stacks");
}
