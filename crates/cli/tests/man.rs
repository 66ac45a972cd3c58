//! `cachemark man`.

#![cfg(all(feature = "servers", feature = "http"))]

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn man(folder: &Path, stdout: Stdio) -> Output {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("cachemark"));
    command.env_remove("RUST_LOG").arg("man").arg(folder).stdout(stdout).stderr(Stdio::piped()).output().unwrap()
}

fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

/// Whether a program is installed; what is left out says so.
#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
fn is_installed(program: &str, asked: &str) -> bool {
    let there = Command::new(program).arg(asked).output().is_ok_and(|output| output.status.success());
    if !there {
        println!("skipped: {program} is not installed");
    }
    there
}

#[test]
fn every_command_that_the_help_shows_has_a_page_that_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let there = folder.path().join("share/man1");
    let output = man(&there, Stdio::piped());
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    let told = String::from_utf8(output.stdout).unwrap();
    let pages = pages(&there);
    assert!(told.contains(&format!("{} pages", pages.len())), "{told}");
    let help = Command::new(assert_cmd::cargo::cargo_bin("cachemark")).arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let commands = help.split("Commands:").nth(1).unwrap().split("\n\n").next().unwrap();
    // A line that begins further right goes on with the one before.
    let names = commands.lines().filter_map(|line| line.strip_prefix("  ").filter(|line| !line.starts_with(' ')));
    let names: Vec<_> = names.filter_map(|line| line.split(' ').next()).filter(|name| *name != "help").collect();
    assert!(names.len() > 15, "{help}");
    for name in names {
        assert!(there.join(format!("cachemark-{name}.1")).is_file(), "{name} has no page");
    }
    for page in &pages {
        assert!(fs::read_to_string(page).unwrap().contains(".SH SYNOPSIS"), "{}", page.display());
    }
    read_by_mandoc(&pages);
    read_by_man(&pages);
}

fn read_by_mandoc(pages: &[PathBuf]) {
    if !is_installed("mandoc", "/dev/null") {
        return;
    }
    let output = Command::new("mandoc").args(["-T", "lint", "-W", "warning"]).args(pages).output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    // A page has no date: it is of a version, and the same each time that it is made. What else is passed over is how clap leaves
    // room around the values that an option takes.
    let known = |line: &str| line.contains("missing date") || line.contains("skipping paragraph macro: br");
    let wrong: Vec<_> = told.lines().filter(|line| !known(line)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn read_by_man(pages: &[PathBuf]) {
    if !is_installed("man", "--version") || !is_installed("groff", "--version") {
        return;
    }
    for page in pages {
        let mut man = Command::new("man");
        man.args(["--warnings", "-l"]).arg(page).env("MANPAGER", "cat").env("MANWIDTH", "100");
        let output = man.output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && output.stderr.is_empty(), "{}: {output:?}", page.display());
        assert!(text.contains("SYNOPSIS") && text.contains("--help"), "{}: {text}", page.display());
    }
}

#[test]
fn what_is_no_folder_is_refused_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "mine").unwrap();
    for (place, code, what) in [(file.clone(), 2, "is no folder"), (file.join("man1"), 4, "cannot write")] {
        let output = man(&place, Stdio::piped());
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(code) && told.contains(what), "{}: {told}", place.display());
    }
    assert_eq!((pages(folder.path()), fs::read_to_string(&file).unwrap()), (vec![file], "mine".to_owned()));
    let none = Command::new(assert_cmd::cargo::cargo_bin("cachemark")).arg("man").output().unwrap();
    assert_eq!(none.status.code(), Some(2));
}

#[test]
fn what_cannot_be_told_is_a_failure() {
    let folder = tempfile::tempdir().unwrap();
    let full = File::options().write(true).open("/dev/full").unwrap();
    let output = man(folder.path(), full.into());
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(4) && told.contains("cannot write to stdout"), "{told}");
}
