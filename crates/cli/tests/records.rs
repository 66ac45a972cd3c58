//! Records that the binary makes: they fit their schemas, survive kill -9 and an interrupt, and can be reported again.

mod support;

use cachemark_results::{Run, Status, latest_in};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};
use support::{cachemark, latest};
use tempfile::tempdir;

fn smoke(out: &Path) {
    let output = cachemark(out).args(["sweep", "--workload", "smoke"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let stdout = String::from_utf8(output.stdout).unwrap();
    let last = PathBuf::from(stdout.lines().last().unwrap());
    assert!(last.ends_with("report.html") && last.is_file(), "the page's path comes last: {stdout}");
}

#[test]
fn what_a_sweep_writes_fits_the_published_schemas() {
    let out = tempdir().unwrap();
    smoke(out.path());
    let folder = latest_in(out.path()).unwrap();
    let schemas = Path::new(env!("CARGO_MANIFEST_DIR")).join("../results/schema");
    let trial = folder.join("trials/0001");
    for (name, path) in [
        ("manifest", folder.join("manifest.json")),
        ("environment", folder.join("environment.json")),
        ("summary", trial.join("summary.json")),
        ("series", trial.join("series.json")),
        ("histograms", trial.join("histograms.json")),
    ] {
        let read = |path: &Path| -> serde_json::Value { serde_json::from_slice(&fs::read(path).unwrap()).unwrap() };
        let validator = jsonschema::validator_for(&read(&schemas.join(format!("{name}.schema.json")))).unwrap();
        let first_error = validator.iter_errors(&read(&path)).next().map(|error| error.to_string());
        assert_eq!(first_error, None, "{name}");
    }
}

#[test]
fn pages_are_made_again_from_the_folder_alone() {
    let out = tempdir().unwrap();
    smoke(out.path());
    let folder = latest_in(out.path()).unwrap();
    let elsewhere = out.path().join("moved");
    fs::rename(&folder, &elsewhere).unwrap();
    let page = elsewhere.join("report.html");
    let first = fs::read_to_string(&page).unwrap();
    fs::remove_file(&page).unwrap();
    fs::remove_dir_all(elsewhere.join("charts")).unwrap();
    let output = cachemark(out.path()).arg("report").arg(&elsewhere).output().unwrap();
    assert!(output.status.success());
    assert_eq!(fs::read_to_string(&page).unwrap(), first);
}

#[test]
fn a_title_is_kept_in_the_record_until_another_is_given() {
    let out = tempdir().unwrap();
    let made = cachemark(out.path()).args(["sweep", "--workload", "smoke", "--title", "Ours"]).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let folder = latest(out.path()).folder;
    let heading = || fs::read_to_string(folder.join("SUMMARY.md")).unwrap().lines().next().unwrap().to_owned();
    assert_eq!(heading(), "# Ours");
    let report = |title: &[&str]| {
        let made = cachemark(out.path()).arg("report").arg(&folder).args(title).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        String::from_utf8(made.stdout).unwrap()
    };
    assert!(report(&["--title", "Theirs"]).starts_with("Theirs\n"));
    assert!(report(&[]).starts_with("Theirs\n") && heading() == "# Theirs");
    report(&["--title", ""]);
    assert!(heading().len() > "# ".len() && !heading().contains("Theirs"), "{}", heading());
}

#[test]
fn notes_are_kept_in_the_record_until_others_are_given() {
    let out = tempdir().unwrap();
    let file = out.path().join("notes.md");
    fs::write(&file, "Measured *before* the upgrade.\n").unwrap();
    let results = out.path().join("results");
    let mut sweep = cachemark(&results);
    sweep.args(["sweep", "--workload", "smoke", "--blocks", "1", "--read-ratio", "0.5", "--notes"]).arg(&file);
    assert!(sweep.output().unwrap().status.success());
    let folder = latest(&results).folder;
    let summary = || fs::read_to_string(folder.join("SUMMARY.md")).unwrap();
    assert!(summary().contains("## Notes\n\n    Measured *before* the upgrade.\n"), "{}", summary());
    let report =
        |file: &Path| cachemark(&results).arg("report").arg(&folder).arg("--notes").arg(file).output().unwrap();
    assert!(cachemark(&results).arg("report").arg(&folder).output().unwrap().status.success());
    assert!(summary().contains("Measured *before*"), "the record has them");
    fs::write(&file, "").unwrap();
    assert!(report(&file).status.success() && !summary().contains("## Notes"));
    fs::write(&file, [0xff; 10]).unwrap();
    let refused = report(&file);
    let told = String::from_utf8(refused.stderr).unwrap();
    assert!(refused.status.code() == Some(2) && told.contains("it is not text in UTF-8"), "{told}");
}

#[test]
fn a_strict_report_refuses_an_invalid_trial_and_says_why() {
    let out = tempdir().unwrap();
    smoke(out.path());
    let folder = latest_in(out.path()).unwrap();
    let summary = folder.join("trials/0002/summary.json");
    let mut trial: serde_json::Value = serde_json::from_slice(&fs::read(&summary).unwrap()).unwrap();
    let warning = serde_json::json!({ "code": "client-bound-open", "text": "too late", "invalidates": true });
    trial["warnings"] = serde_json::Value::Array(vec![warning]);
    fs::write(&summary, trial.to_string()).unwrap();
    let report = |arguments: &[&str]| {
        let output = cachemark(out.path()).arg("report").arg(&folder).args(arguments).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    assert_eq!(report(&[]), (Some(0), String::new()));
    let (code, talk) = report(&["--strict", "--quiet"]);
    assert_eq!(code, Some(3));
    let why: Vec<&str> = talk.lines().filter(|line| line.contains("client-bound-open")).collect();
    let (cell, of) = (trial["cell"].as_str().unwrap(), latest(out.path()).trials.len());
    assert_eq!(why, [format!("not to be trusted: client-bound-open: in 1 of {of} trials: invalid: {cell}: too late")]);
}

#[test]
fn a_killed_sweep_leaves_no_torn_file() {
    for moment_ms in [150, 400, 900] {
        let out = tempdir().unwrap();
        let mut child = start(out.path());
        wait_for_record(out.path());
        std::thread::sleep(Duration::from_millis(moment_ms));
        child.kill().unwrap();
        child.wait().unwrap();
        let run = latest(out.path());
        assert_eq!(run.manifest.status, Status::Running);
        for trial in &run.trials {
            assert!(run.series(trial).is_ok() && run.histograms(trial).is_ok());
        }
        let output = cachemark(out.path()).args(["report"]).arg(&run.folder).output().unwrap();
        assert!(output.status.success(), "a record that was cut short can be reported");
    }
}

#[test]
fn an_interrupt_keeps_what_was_measured_and_exits_with_130() {
    let out = tempdir().unwrap();
    let mut child = start(out.path());
    wait_for_trials(out.path(), 2);
    let interrupt = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(interrupt.success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let run = latest(out.path());
    assert_eq!(run.manifest.status, Status::Interrupted);
    assert!(run.trials.len() >= 2 && run.trials.len() < run.manifest.planned_trials());
    assert!(run.folder.join("report.html").is_file());
}

fn start(out: &Path) -> Child {
    let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin("cachemark"));
    command.args(["sweep", "--workload", "smoke", "--duration", "300ms", "--blocks", "6"]);
    command.env("CACHEMARK_OUT", out).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap()
}

fn wait_for_record(out: &Path) {
    wait_until(|| latest_in(out).is_some());
}

fn wait_for_trials(out: &Path, count: usize) {
    wait_until(|| {
        latest_in(out).and_then(|folder| Run::open(&folder).ok()).is_some_and(|run| run.trials.len() >= count)
    });
}

fn wait_until(holds: impl Fn() -> bool) {
    let limit = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < limit, "waited for a minute");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// One trial of eight clients over reads of 5 ms at the store; what the store's table says of lanes is `lanes`.
fn slow_reads(lanes: &str) -> Run {
    let out = tempdir().unwrap();
    let path = out.path().join("w.toml");
    let text = format!(
        "name = \"slow\"\n[workload]\nkeys = 100\nread-ratio = [1.0]\n[sweep]\nstrategies = [\"no-cache\"]\n\
         read-cost-us = [5000]\nblocks = 1\ncontrol = false\n[run]\nclients = 8\nduration-ms = 400\n{lanes}"
    );
    fs::write(&path, text).unwrap();
    let output = cachemark(out.path()).args(["sweep", "--workload", path.to_str().unwrap()]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    latest(out.path())
}

#[test]
fn a_cell_that_waits_for_our_own_connections_says_so() {
    let says_so = |run: &Run| run.trials[0].warnings.iter().any(|warning| warning.code == "lane-bound");
    // Four clients of each driver thread over one connection: three of four wait.
    let starved = slow_reads("[store.sqlite]\nread-lanes = 1\n");
    let waited = starved.trials[0].lane_waits.unwrap().store;
    assert!(waited.waits > 0 && waited.wait_ns > 0 && says_so(&starved), "{waited:?}");
    let by_default = slow_reads("");
    assert_eq!(by_default.manifest.cells[0].store_settings["read-lanes"], 4, "one for each client of a driver thread");
    assert!(!says_so(&by_default), "{:?}", by_default.trials[0].lane_waits);
}
