//! Records that somebody changed: refused or told, and never believed for how much room to make.

mod support;

use cachemark_report::analysis::{Trust, analyse};
use cachemark_report::assertions::{check_assertions, junit_xml};
use cachemark_report::recommend::{Ask, objectives, recommend, recommendation_json};
use cachemark_report::{
    Pictures, as_json, assertion_sheet, foreseen_sheet, recommendation_sheets, terminal_sheet, worth_sheets,
    write_report_with,
};
use cachemark_results::Run;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::Value;
use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::{cachemark, latest};
use tempfile::tempdir;

fn record(out: &Path) -> PathBuf {
    let arguments =
        ["sweep", "--workload", "smoke", "--strategy", "no-cache,cache-aside", "--read-ratio", "0.9", "--blocks", "1"];
    assert!(cachemark(out).args(arguments).output().unwrap().status.success());
    latest(out).folder
}

/// Exit code and stderr of a report that may have at most 2 GiB.
fn report(folder: &Path) -> (Option<i32>, String) {
    let command = format!(
        "ulimit -v 2097152; exec {} report '{}'",
        assert_cmd::cargo::cargo_bin("cachemark").display(),
        folder.display()
    );
    let output = Command::new("sh").args(["-c", &command]).output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

fn change(path: &Path, change: impl Fn(&mut Value)) -> String {
    let text = fs::read_to_string(path).unwrap();
    let mut value: Value = serde_json::from_str(&text).unwrap();
    change(&mut value);
    fs::write(path, value.to_string()).unwrap();
    text
}

#[test]
fn a_block_that_the_record_does_not_have_is_refused() {
    let out = tempdir().unwrap();
    let folder = record(out.path());
    let summary = folder.join("trials/0002/summary.json");
    let before = change(&summary, |trial| trial["block"] = 4_000_000_000_u32.into());
    let (code, talk) = report(&folder);
    assert!(code == Some(2) && talk.contains("0002/summary.json") && talk.contains("block 4000000000"), "{talk}");
    fs::write(&summary, &before).unwrap();
    change(&summary, |trial| trial["number"] = 1.into());
    let (code, talk) = report(&folder);
    assert!(code == Some(2) && talk.contains("trial 1"), "{talk}");
}

/// All that `cachemark report` makes of a record, but pictures; none of it if the record is refused.
fn make_pages(folder: &Path) {
    let Ok(run) = Run::open(folder) else { return };
    let _ = write_report_with(&run, Pictures::Png(&[]));
    let checked = check_assertions(&run);
    let _ = junit_xml(&run, &checked);
    drop(Trust::of(&run, &analyse(&run)));
    drop(as_json(&run));
    let worth = worth_sheets(&run).into_iter().chain([foreseen_sheet(&run, &[6, 8])]);
    for sheet in [terminal_sheet(&run), assertion_sheet(&checked)].into_iter().chain(worth) {
        drop(sheet.render(78, false));
    }
    recommend_an_arm(&run);
}

fn recommend_an_arm(run: &Run) {
    let slo = "response.p99 < 5ms, service.p99 < 5ms, store_load < 0.2, fresh_within.1s >= 99.9%, errors <= 0";
    let price = Some("cache=0.02,store=0.1".parse().unwrap());
    let ask = Ask { objectives: objectives(slo).unwrap(), price, ..Ask::default() };
    let Ok(told) = recommend(run, &ask) else { return };
    drop(recommendation_json(&ask, &told));
    for sheet in recommendation_sheets(run, &ask, &told) {
        drop(sheet.render(78, false));
    }
}

/// Puts each of `values` into each place of a file where a number stands, one after the other. How many that were, and which
/// made a report fall over.
fn try_all(folder: &Path, file: &str, values: &[Value]) -> (usize, Vec<String>) {
    let path = folder.join(file);
    let whole: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let mut places = Vec::new();
    numbers(&whole, String::new(), &mut places);
    // Of a list only the first of its kind.
    places.retain(|place| !place.contains("/1") && !place.contains("/2") && !place.contains("schema_version"));
    assert!(!places.is_empty(), "{file}");
    let (mut tried, mut fallen) = (0, Vec::new());
    for (place, value) in places.iter().flat_map(|place| values.iter().map(move |value| (place, value))) {
        let before = change(&path, |record| *record.pointer_mut(place).unwrap() = value.clone());
        if catch_unwind(|| make_pages(folder)).is_err() {
            fallen.push(format!("{file}: {place} = {value}"));
        }
        fs::write(&path, before).unwrap();
        tried += 1;
    }
    (tried, fallen)
}

/// Each number of a record at each of some that nobody measures: a page or a message, within bounds. In this process, and on
/// as many threads as there are files: there are many.
#[test]
fn no_number_of_a_record_makes_a_report_fall_over() {
    let out = tempdir().unwrap();
    let folder = record(out.path());
    // An allocation beyond this ends the test.
    let most = Rlimit { current: Some(4 << 30), ..getrlimit(Resource::As) };
    setrlimit(Resource::As, most).unwrap();
    let values = [Value::from(u64::MAX), 4_000_000_000_u64.into(), 0.into(), 1e300.into(), (-1).into()];
    let (mut tried, mut fallen) = (0, Vec::new());
    std::thread::scope(|scope| {
        let trial = ["summary.json", "series.json", "histograms.json"].map(|file| format!("trials/0002/{file}"));
        let files = ["manifest.json", "environment.json"].map(str::to_owned).into_iter().chain(trial);
        let (folder, values) = (&folder, &values);
        let started: Vec<_> = files
            .map(|file| {
                let copy = tempdir().unwrap();
                let copied = Command::new("cp").args(["-r", "--"]).arg(folder).arg(copy.path()).status();
                assert!(copied.unwrap().success());
                scope.spawn(move || try_all(&copy.path().join(folder.file_name().unwrap()), &file, values))
            })
            .collect();
        for ended in started {
            let (count, more) = ended.join().unwrap();
            tried += count;
            fallen.extend(more);
        }
    });
    assert!(fallen.is_empty(), "of {tried}: {fallen:#?}");
    assert!(tried > 500, "{tried}");
}

fn numbers(value: &Value, place: String, found: &mut Vec<String>) {
    match value {
        Value::Number(_) => found.push(place),
        Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| numbers(value, format!("{place}/{name}"), found))
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, value)| numbers(value, format!("{place}/{index}"), found));
        }
        _ => {}
    }
}

#[test]
fn a_definition_that_was_changed_is_told_and_not_resumed() {
    let out = tempdir().unwrap();
    let folder = record(out.path());
    assert_eq!(report(&folder).0, Some(0));
    let path = folder.join("definition.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("value-bytes = ", "value-bytes = 1")).unwrap();
    let (_, talk) = report(&folder);
    assert!(talk.contains("not to be trusted: definition-changed: definition.toml has the hash"), "{talk}");
    let strict = cachemark(out.path()).arg("report").arg(&folder).arg("--strict").output().unwrap();
    assert_eq!(strict.status.code(), Some(3));
    let page = fs::read_to_string(folder.join("report.html")).unwrap();
    assert!(page.contains("definition.toml has the hash"));
    // A trial is missing, so there is something to resume.
    change(&folder.join("manifest.json"), |manifest| manifest["status"] = "interrupted".into());
    fs::remove_dir_all(folder.join("trials/0002")).unwrap();
    let resumed = cachemark(out.path()).args(["sweep", "--resume"]).arg(&folder).output().unwrap();
    let talk = String::from_utf8_lossy(&resumed.stderr).into_owned();
    assert!(resumed.status.code() == Some(2) && talk.contains("definition.toml: the record says"), "{talk}");
}
