//! Services that are stopped before they serve: nothing is left behind.

use crate::wait_until;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::tempdir;

fn terminate(child: &Child) {
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
}

/// The folders of cachemark in the temporary folder `folder`.
fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path());
    entries.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("cachemark-")).collect()
}

#[test]
fn a_service_that_is_stopped_while_it_preloads_leaves_nothing_behind() {
    let folder = tempdir().unwrap();
    let definition = folder.path().join("many.toml");
    // More rows than are written in the time until the signal, by far.
    fs::write(&definition, "name = \"many\"\n[workload]\nkeys = 20000000\n").unwrap();
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("cachemark"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--preload", "--workload"]).arg(&definition);
    let mut child = command.env("TMPDIR", folder.path()).stdout(Stdio::null()).spawn().unwrap();
    wait_until(|| folders(folder.path()).iter().any(|own| own.join("templates/template-0.sqlite3").exists()));
    terminate(&child);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(folders(folder.path()), Vec::<PathBuf>::new());
}

#[test]
#[ignore = "needs redis-server"]
fn a_service_that_is_stopped_while_its_servers_start_takes_them_with_it() {
    let folder = tempdir().unwrap();
    fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("cachemark"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--stack", "native", "--cache", "redis", "--store", "sqlite"]);
    let mut child = command.env("TMPDIR", folder.path()).stdout(Stdio::null()).spawn().unwrap();
    // The marker is there before the server.
    wait_until(|| folders(folder.path()).iter().any(|own| own.join("cachemark-stack.json").exists()));
    terminate(&child);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(folders(folder.path()), Vec::<PathBuf>::new());
}
