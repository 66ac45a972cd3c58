//! `cachemark sweep --resume` as a user meets it.

#[expect(dead_code, reason = "shared with tests that use the rest")]
mod support;

use cachemark_results::{Run, RunWriter, Status, latest_in};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use support::cachemark;
use tempfile::{TempDir, tempdir};

const TINY: &str = r#"
name = "tiny"
[workload]
keys = 20
read-ratio = 0.5
value-bytes = 64
[sweep]
strategies = ["no-cache", "cache-aside"]
blocks = 2
[run]
clients = 2
driver-threads = 1
warm-up-ms = 0
duration-ms = 100
"#;

fn tiny(out: &Path) -> PathBuf {
    let path = out.join("tiny.toml");
    fs::write(&path, TINY).unwrap();
    path
}

/// The record of a sweep of six trials that lacks the last two.
fn unfinished() -> (TempDir, PathBuf) {
    let out = tempdir().unwrap();
    let output = cachemark(out.path()).args(["sweep", "--workload"]).arg(tiny(out.path())).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let folder = latest_in(out.path()).unwrap();
    for trial in ["0005", "0006"] {
        fs::remove_dir_all(folder.join("trials").join(trial)).unwrap();
    }
    (out, folder)
}

fn resume(folder: &Path, more: &[&str]) -> Output {
    cachemark(folder).args(["sweep", "--resume"]).arg(folder).args(more).output().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn replace(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{from} is not in {text}");
    fs::write(path, text.replace(from, to)).unwrap();
}

#[test]
fn an_interrupted_sweep_says_how_it_is_gone_on_with_and_that_finishes_it() {
    let out = tempdir().unwrap();
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("cachemark"));
    command.args(["sweep", "--duration", "200ms", "--workload"]).arg(tiny(out.path()));
    let child = command.env("CACHEMARK_OUT", out.path()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let limit = Instant::now() + Duration::from_secs(60);
    while latest_in(out.path()).is_none() {
        assert!(Instant::now() < limit, "waited for a minute");
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let said = stderr(&output);
    let resume_hint = said.lines().last().unwrap().strip_prefix("to resume: cachemark ").unwrap();
    let output = cachemark(out.path()).args(resume_hint.split(' ')).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let run = Run::open(&latest_in(out.path()).unwrap()).unwrap();
    assert_eq!((run.manifest.status, run.trials.len()), (Status::Complete, 6));
    assert_eq!(run.manifest.resumed.len(), 1);
    assert!(fs::read_to_string(run.folder.join("report.html")).unwrap().contains("Resumed."));
}

#[test]
fn a_complete_record_is_said_to_be_complete_and_its_page_is_made_again() {
    let (_out, folder) = unfinished();
    assert!(resume(&folder, &[]).status.success());
    fs::remove_file(folder.join("report.html")).unwrap();
    let output = resume(&folder, &[]);
    assert_eq!(output.status.code(), Some(0));
    assert!(stderr(&output).contains("complete: nothing is missing"), "{}", stderr(&output));
    assert!(folder.join("report.html").is_file());
    assert_eq!(Run::open(&folder).unwrap().manifest.resumed.len(), 1);
}

#[test]
fn what_has_changed_is_refused_by_name_and_shown_on_the_page_when_forced() {
    let (_out, folder) = unfinished();
    let environment = folder.join("environment.json");
    let recorded = Run::open(&folder).unwrap().environment.unwrap();
    replace(&folder.join("definition.toml"), "value-bytes = 64", "value-bytes = 65");
    replace(&environment, &recorded.tool.executable.unwrap(), "0123456789abcdef");
    replace(&environment, &recorded.host.system, "dos i386");
    replace(&environment, "\"wal\"", "\"delete\"");
    let output = resume(&folder, &[]);
    assert_eq!(output.status.code(), Some(2));
    for named in ["definition.toml", "executable (XXH3): the record says `0123456789abcdef`", "host system", "--force"]
    {
        assert!(stderr(&output).contains(named), "{named}: {}", stderr(&output));
    }
    assert_eq!(Run::open(&folder).unwrap().trials.len(), 4);
    let output = resume(&folder, &["--force"]);
    // Measured to the end, and not to be trusted: the definition beside it is not the one that it began with.
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    assert!(stderr(&output).contains("definition-changed"), "{}", stderr(&output));
    let run = Run::open(&folder).unwrap();
    let [resumption] = &run.manifest.resumed[..] else { panic!("{:?}", run.manifest.resumed) };
    assert!(resumption.forced && resumption.trials_before == 4);
    assert_eq!(resumption.differences.len(), 4, "{:?}", resumption.differences);
    assert!(resumption.differences[3].contains("journal_mode"), "{:?}", resumption.differences);
    for page in ["report.html", "SUMMARY.md"] {
        let text = fs::read_to_string(folder.join(page)).unwrap();
        assert!(text.replace('\\', "").contains("resumed-by-force: ") && text.contains("dos i386"), "{page}");
    }
}

#[test]
fn a_server_that_has_changed_is_refused_too() {
    let (_out, folder) = unfinished();
    replace(&folder.join("environment.json"), "\"wal\"", "\"delete\"");
    let output = resume(&folder, &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("store sqlite, journal_mode"), "{}", stderr(&output));
    assert_eq!(Run::open(&folder).unwrap().trials.len(), 4);
}

#[test]
fn a_record_under_way_and_flags_that_a_record_has_settled_are_refused() {
    let (_out, folder) = unfinished();
    let writer = RunWriter::reopen(&folder).unwrap();
    let output = resume(&folder, &[]);
    assert_eq!(output.status.code(), Some(2));
    let holder = format!("process {}", std::process::id());
    assert!(stderr(&output).contains(&holder), "{}", stderr(&output));
    drop(writer);
    for flags in [&["--seed", "2"][..], &["--stack", "native"], &["--blocks", "9"], &["--workload", "smoke"]] {
        let output = resume(&folder, flags);
        assert_eq!(output.status.code(), Some(2), "{flags:?}");
        assert!(stderr(&output).contains("cannot be used with"), "{}", stderr(&output));
    }
    let nowhere = resume(&folder.join("nowhere"), &[]);
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(stderr(&nowhere).contains("it does not exist"), "{}", stderr(&nowhere));
}

#[test]
fn a_resumed_sweep_goes_on_counting_where_it_stopped() {
    let (_out, folder) = unfinished();
    let told = stderr(&resume(&folder, &[]));
    assert!(told.contains("2 trials, after 4 that are there, into "), "{told}");
    assert!(told.contains("5/6 trials, about ") && told.contains("6/6 trials\n"), "{told}");
    assert!(!told.contains("1/2 trials") && !told.contains(" 0 s left"), "{told}");
}

/// A folder in memory, where the machine has one.
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn in_memory() -> Option<TempDir> {
    let mounts = fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    let there = mounts.lines().any(|line| line.contains(" /dev/shm tmpfs "));
    let folder = there.then(|| TempDir::new_in("/dev/shm").ok()).flatten();
    if folder.is_none() {
        eprintln!("skipped: /dev/shm is no tmpfs that may be written to");
    }
    folder
}

/// Of two records that are alike otherwise, the one whose writes waited for no disk says so, and takes no trial from a disk.
#[test]
fn data_in_memory_are_recorded_told_and_not_mixed_with_those_of_a_disk() {
    let Some(memory) = in_memory() else { return };
    let out = tempdir().unwrap();
    let mut command = cachemark(out.path());
    let output =
        command.env("TMPDIR", memory.path()).args(["sweep", "--workload"]).arg(tiny(out.path())).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stderr(&output).contains("the data of sqlite lie on tmpfs, which is memory"), "{}", stderr(&output));
    let folder = latest_in(out.path()).unwrap();
    let disks = Run::open(&folder).unwrap().environment.unwrap().data_disks;
    let [disk] = &disks[..] else { panic!("{disks:?}") };
    assert_eq!((disk.store.as_str(), disk.file_system.as_deref()), ("sqlite", Some("tmpfs")));
    assert!(disk.sync_ns.is_some());
    let page = fs::read_to_string(folder.join("report.html")).unwrap();
    assert!(
        page.contains("data-in-memory: the data of sqlite lay on tmpfs") && page.contains("file system of its data")
    );

    fs::remove_dir_all(folder.join("trials/0006")).unwrap();
    let disk = tempdir().unwrap();
    let mut command = cachemark(&folder);
    let refused = command.env("TMPDIR", disk.path()).args(["sweep", "--resume"]).arg(&folder).output().unwrap();
    if cachemark_results::disk::file_system(disk.path()).as_deref() != Some("tmpfs") {
        assert_eq!(refused.status.code(), Some(2), "{}", stderr(&refused));
        let expected = "file system of sqlite's data: the record says `tmpfs`, now it is";
        assert!(stderr(&refused).contains(expected), "{}", stderr(&refused));
    }
    let mut command = cachemark(&folder);
    let resumed = command.env("TMPDIR", memory.path()).args(["sweep", "--resume"]).arg(&folder).output().unwrap();
    assert!(resumed.status.success(), "{}", stderr(&resumed));
}
