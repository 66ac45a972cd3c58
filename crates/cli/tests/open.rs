//! `report --open`: the page in a browser, and a word where there is none.

mod support;

use assert_cmd::Command;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use support::latest;
use tempfile::{TempDir, tempdir};

/// A record of one short trial.
fn record() -> TempDir {
    let out = tempdir().unwrap();
    let quick = ["sweep", "--workload", "smoke", "--strategy", "no-cache", "--read-ratio", "0.9", "--blocks", "1"];
    support::cachemark(out.path()).args(quick).assert().success();
    out
}

/// `report --open` where nobody has set anything, and no program is found but those of `programs`.
fn report(out: &Path, programs: &Path) -> Command {
    let mut command = support::cachemark(out);
    command.args(["report", "--open"]).env("PATH", programs).env_remove("CI").env_remove("BROWSER");
    command
}

/// A program that notes what it is asked to open.
fn program(folder: &Path, name: &str, ends_with: u8) {
    let text = format!("#!/bin/sh\necho \"$1\" >>'{}'\nexit {ends_with}\n", folder.join("opened").display());
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
}

fn opened(programs: &Path) -> Vec<String> {
    let noted = fs::read_to_string(programs.join("opened")).unwrap_or_default();
    noted.lines().map(str::to_owned).collect()
}

#[test]
fn the_page_is_opened_by_the_browser_of_the_environment_or_the_desktop_s() {
    let (out, programs) = (record(), tempdir().unwrap());
    let page = latest(out.path()).folder.join("report.html").display().to_string();
    program(programs.path(), "xdg-open", 0);
    report(out.path(), programs.path()).assert().success();
    assert_eq!(opened(programs.path()), [page.as_str()]);
    program(programs.path(), "mine", 0);
    report(out.path(), programs.path()).env("BROWSER", programs.path().join("mine")).assert().success();
    assert_eq!(opened(programs.path()), [page.as_str(); 2], "once, by the one that was chosen");
}

#[test]
fn without_a_browser_the_path_is_told_and_nothing_has_failed() {
    let (out, programs) = (record(), tempdir().unwrap());
    let page = latest(out.path()).folder.join("report.html").display().to_string();
    let told = |command: &mut Command| {
        let output = command.output().unwrap();
        let talk = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{talk}");
        assert!(talk.contains("the page was not opened") && talk.contains(&page), "{talk}");
        assert!(String::from_utf8_lossy(&output.stdout).ends_with(&format!("{page}\n")));
        talk
    };
    told(&mut report(out.path(), programs.path()));
    program(programs.path(), "xdg-open", 3);
    told(&mut report(out.path(), programs.path()));
    assert_eq!(opened(programs.path()).len(), 1, "it was tried, and failed");
    program(programs.path(), "xdg-open", 0);
    let talk = told(report(out.path(), programs.path()).env("CI", "true"));
    assert!(talk.contains("CI is set"), "{talk}");
    assert_eq!(opened(programs.path()).len(), 1, "never in CI");
}
