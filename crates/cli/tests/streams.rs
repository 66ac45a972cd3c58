//! Where data comes from and goes to: standard input, standard output, pipes, devices, and names that are not UTF-8.

use cachemark_results::{Run, latest_in};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::ffi::OsStringExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::tempdir;

const QUICK: [&str; 9] =
    ["sweep", "--workload", "smoke", "--strategy", "no-cache", "--read-ratio", "0.9", "--blocks", "1"];

fn binary(out: &Path) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("cachemark"));
    command.env("CACHEMARK_OUT", out).env_remove("RUST_LOG");
    command
}

fn code(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Takes no byte.
fn full() -> File {
    File::options().write(true).open("/dev/full").expect("Linux has /dev/full")
}

#[test]
fn data_that_cannot_be_written_is_a_failure() {
    let out = tempdir().unwrap();
    assert!(binary(out.path()).args(QUICK).output().unwrap().status.success());
    let record = latest_in(out.path()).unwrap();
    let record = record.to_str().unwrap();
    for arguments in [
        &["report", record][..],
        &["report", record, "--json"],
        &["worth", record],
        &["worth", record, "--json"],
        &["worth", "--like", record],
        &["pack", record],
        &["strategies"],
        &["strategies", "--json"],
        &["workload", "list"],
        &["workload", "show", "default"],
        &["workload", "check", "default"],
        &["completions", "zsh"],
        &["schema"],
        &["stack", "status"],
        &["sweep", "--dry-run"],
        &["--help"],
        &["--version"],
    ] {
        let output = binary(out.path()).args(arguments).stdout(full()).stderr(Stdio::piped()).output().unwrap();
        let (code, talk) = code(&output);
        assert_eq!(code, Some(4), "{arguments:?}: {talk}");
        assert!(talk.contains("cannot write to stdout: No space left on device"), "{arguments:?}: {talk}");
    }
    let swept = binary(out.path()).args(QUICK).arg("--json").stdout(full()).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(code(&swept).0, Some(4), "{}", code(&swept).1);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let out = tempdir().unwrap();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = binary(out.path()).args(["strategies"]).stdout(writer).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(code(&output), (Some(0), String::new()));
}

#[test]
fn names_that_are_not_utf_8_are_recorded_as_well_as_they_can_be() {
    let folder = tempdir().unwrap();
    let out = folder.path().join(OsString::from_vec(b"x\xff".to_vec()));
    let junit = folder.path().join(OsString::from_vec(b"j\xff.xml".to_vec()));
    let mut command = binary(folder.path());
    command.args(QUICK).args(["--json", "--assert", "*.errors <= 0"]).arg("--out").arg(&out).arg("--junit").arg(&junit);
    let output = command.output().unwrap();
    assert_eq!(code(&output).0, Some(0), "{}", code(&output).1);
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(told["folder"].as_str().unwrap().contains("x\u{fffd}"), "{told}");
    let record = latest_in(&out).unwrap();
    let run = Run::open(&record).unwrap();
    assert!(run.manifest.command.contains("x\u{fffd}") && junit.is_file(), "{}", run.manifest.command);
    // One of its trials is lost: the folder's name is no reason not to run it again.
    fs::remove_dir_all(record.join("trials/0001")).unwrap();
    let resumed = binary(folder.path()).args(["sweep", "--resume"]).arg(&record).output().unwrap();
    assert_eq!(code(&resumed).0, Some(0), "{}", code(&resumed).1);
    assert_eq!(Run::open(&record).unwrap().trials.len(), run.trials.len());
}

#[test]
fn assertions_go_through_a_pipe_and_a_link_and_replace_neither() {
    let out = tempdir().unwrap();
    let (fifo, file, link) = (out.path().join("fifo"), out.path().join("file"), out.path().join("link"));
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    fs::write(&file, "old").unwrap();
    std::os::unix::fs::symlink(&file, &link).unwrap();
    let sweep = |junit: &Path| {
        let mut command = binary(&out.path().join("records"));
        command.args(QUICK).args(["--assert", "*.errors <= 0", "--junit"]).arg(junit).stdout(Stdio::null());
        command.stderr(Stdio::piped()).spawn().unwrap()
    };
    let running = sweep(&fifo);
    let mut read = String::new();
    File::open(&fifo).unwrap().read_to_string(&mut read).unwrap();
    let output = running.wait_with_output().unwrap();
    assert_eq!(code(&output).0, Some(0), "{}", code(&output).1);
    assert!(read.contains("<testsuite") && !fs::metadata(&fifo).unwrap().is_file(), "{read}");
    assert!(sweep(&link).wait_with_output().unwrap().status.success());
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(fs::read_to_string(&file).unwrap().contains("<testsuite"));
    let lost = sweep(Path::new("/dev/full")).wait_with_output().unwrap();
    let (code, talk) = code(&lost);
    assert!(code == Some(4) && talk.contains("--junit /dev/full"), "{talk}");
}

#[test]
fn a_file_is_a_file_wherever_it_lies_and_an_open_one_is_added_to() {
    let (out, shared) = (tempdir().unwrap(), tempfile::tempdir_in("/dev/shm").unwrap());
    let sweep = |junit: &Path, stdout: Stdio| {
        let mut command = binary(out.path());
        command.args(QUICK).args(["--assert", "*.errors <= 0", "--junit"]).arg(junit).stdout(stdout);
        code(&command.stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap())
    };
    let file = shared.path().join("junit.xml");
    fs::write(&file, "of before").unwrap();
    let (ended, talk) = sweep(&file, Stdio::null());
    assert_eq!(ended, Some(0), "{talk}");
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.starts_with("<?xml") && !text.contains("of before"), "{text}");

    let open = out.path().join("stdout");
    fs::write(&open, "of before\n").unwrap();
    let (ended, talk) = sweep(Path::new("/dev/stdout"), File::options().append(true).open(&open).unwrap().into());
    assert_eq!(ended, Some(0), "{talk}");
    let text = fs::read_to_string(&open).unwrap();
    assert!(text.starts_with("of before") && text.contains("<testsuite") && text.contains("report.html"), "{text}");

    // Nobody makes files there, root neither.
    let (ended, talk) = sweep(Path::new("/sys/junit.xml"), Stdio::null());
    assert_eq!(ended, Some(4), "{talk}");
    assert!(talk.contains("cannot write --junit /sys/junit.xml: ") && !talk.contains("copy the record"), "{talk}");
}

#[test]
fn standard_input_is_read_once() {
    let out = tempdir().unwrap();
    let with_input = |arguments: &[&str], text: &str| {
        let mut command = binary(out.path());
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    };
    let good = "name = \"piped\"\n[workload]\nkeys = 123\n";
    let file = out.path().join("w.toml");
    fs::write(&file, good).unwrap();
    let hash = |output: &Output| String::from_utf8_lossy(&output.stdout).rsplit("hash ").next().unwrap().to_owned();
    let from_file = binary(out.path()).args(["workload", "check"]).arg(&file).output().unwrap();
    let piped = with_input(&["workload", "check", "/dev/stdin"], good);
    assert_eq!((piped.status.code(), hash(&piped)), (Some(0), hash(&from_file)));
    let shown = with_input(&["workload", "show", "/dev/stdin"], good);
    assert!(String::from_utf8_lossy(&shown.stdout).contains("keys = 123"), "{shown:?}");
    let of_load = with_input(&["workload", "check", "/dev/stdin"], "[http.read]\npath = \"/{key}\"\n");
    assert!(String::from_utf8_lossy(&of_load.stdout).contains("good, for cachemark load"), "{of_load:?}");
    let wrong = with_input(&["workload", "check", "/dev/stdin"], "[workload]\nkeys = \"many\"\n");
    assert_eq!(wrong.status.code(), Some(2), "{wrong:?}");
    let dry = with_input(&["sweep", "--dry-run", "--workload", "/dev/stdin"], "[sweep]\nblocks = 3\n");
    assert!(String::from_utf8_lossy(&dry.stdout).contains("x 3 blocks"), "{dry:?}");
}
