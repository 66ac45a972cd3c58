//! `cachemark completions`, in the shells that the scripts are for.

#![cfg(all(feature = "servers", feature = "http"))]

mod bash;
mod zsh;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};
use tempfile::TempDir;

fn cachemark(arguments: &[&str]) -> Output {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("cachemark"));
    command.env_remove("RUST_LOG").args(arguments).output().unwrap()
}

/// The script for a shell, as a file in a folder that goes with the test.
fn script(shell: &str, name: &str) -> (TempDir, PathBuf) {
    let output = cachemark(&["completions", shell]);
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, output.stdout).unwrap();
    (folder, path)
}

/// Whether a shell is installed; a test that is left out says so.
#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
fn is_installed(shell: &str) -> bool {
    let there = Command::new(shell).args(["-c", "exit 0"]).status().is_ok_and(|status| status.success());
    if !there {
        println!("skipped: {shell} is not installed");
    }
    there
}

#[test]
fn every_shell_has_a_script_and_an_unknown_one_is_refused_with_their_names() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = cachemark(&["completions", shell]);
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && text.contains("find-max"), "{shell}: {text}");
    }
    let output = cachemark(&["completions", "tcsh"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && output.stdout.is_empty(), "{told}");
    assert!(["bash", "elvish", "fish", "powershell", "zsh"].iter().all(|shell| told.contains(shell)), "{told}");
    assert_eq!(cachemark(&["completions"]).status.code(), Some(2));
}

/// The hints are for shells alone: what a flag takes is still checked by what knows most of it.
#[test]
fn a_wrong_name_is_still_answered_by_our_own_reader() {
    let output = cachemark(&["sweep", "--dry-run", "--strategy", "cashe-aside"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && told.contains("did you mean `cache-aside`?"), "{told}");
}
