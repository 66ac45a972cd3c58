//! Assertions: kept, broken, wrong, and told in every form.

mod support;

use quick_xml::events::Event;
use quick_xml::{Reader, XmlVersion};
use std::fs;
use std::path::Path;
use support::{cachemark, latest};
use tempfile::tempdir;

/// A sweep of a few short trials: exit code, stdout, stderr.
fn sweep(out: &Path, more: &[&str]) -> (i32, String, String) {
    let arguments = ["sweep", "--workload", "smoke", "--strategy", "no-cache,cache-aside", "--read-ratio", "0.9"];
    let output = cachemark(out).args(arguments).args(["--blocks", "1"]).args(more).output().unwrap();
    let [stdout, stderr] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    (output.status.code().unwrap(), stdout, stderr)
}

/// The names of the elements of a file that is XML from end to end, and its text.
fn elements(path: &Path) -> (Vec<String>, String) {
    let text = fs::read_to_string(path).unwrap();
    let mut reader = Reader::from_str(&text);
    reader.config_mut().check_end_names = true;
    let (mut names, mut depth) = (Vec::new(), 0);
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(element) | Event::Empty(element) if depth >= 0 => {
                for attribute in element.attributes() {
                    let attribute = attribute.expect("a well-formed attribute");
                    attribute.normalized_value(XmlVersion::Explicit1_0).expect("known entities alone");
                }
                names.push(element.name().as_ref().to_owned());
                depth += 1;
            }
            Event::End(_) => depth -= 1,
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0, "every element is closed");
    (names, text)
}

#[test]
fn freshness_is_held_where_invalidation_keeps_it_and_broken_where_nothing_does() {
    let out = tempdir().unwrap();
    let gate = ["--assert", "*.fresh_within.100ms >= 99.9%", "--assert", "*.phantoms <= 0"];
    let (code, stdout, stderr) = sweep(out.path(), &gate);
    assert_eq!(code, 0, "{stdout}{stderr}");
    assert!(stdout.contains("stale"), "the share of stale reads is a column: {stdout}");

    let never = ["--arm", "never: cache-aside on-write=none", "--keys", "50"];
    let (code, stdout, stderr) = sweep(out.path(), &[&gate[..], &never].concat());
    assert_eq!(code, 1, "{stdout}{stderr}");
    assert!(stderr.contains("error: 1 of 2 assertions did not hold"), "{stderr}");
    assert!(stderr.contains("  *.fresh_within.100ms >= 99.9%: never in-process sqlite r0.9: 0."), "{stderr}");
    let run = latest(out.path());
    let of =
        |arm: &str| run.trials.iter().find(|trial| trial.cell.starts_with(arm)).unwrap().freshness.as_ref().unwrap();
    let (none, never) = (of("no-cache "), of("never"));
    assert!(none.judged == none.reads && none.stale == 0 && none.regressions == 0, "{none:?}");
    assert!(never.stale > 0 && never.stale == never.stale_hits && never.phantoms == 0, "{never:?}");
    assert!(never.own_writes.violations > 0 && never.stale_age.is_some(), "{never:?}");

    is_beside_the_verdict(&run, &stdout);

    let (code, stdout, stderr) = sweep(out.path(), &["--oracle", "off"]);
    assert_eq!((code, stdout.contains("stale")), (0, false), "{stdout}{stderr}");
    assert!(latest(out.path()).trials.iter().all(|trial| trial.freshness.is_none()));
    let (code, _, stderr) = sweep(out.path(), &["--oracle", "off", "--assert", "*.stale_reads <= 1%"]);
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("stale_reads is a figure of the oracle, which is left out"), "{stderr}");
}

/// Wherever the verdict on the arm that is never invalidated stands, its share of stale reads stands beside it.
fn is_beside_the_verdict(run: &cachemark_results::Run, stdout: &str) {
    let read = |name: &str| fs::read_to_string(run.folder.join(name)).unwrap();
    let row =
        |text: &str| text.lines().find(|line| line.contains("never")).map(str::to_owned).expect("a row of the arm");
    assert!(row(stdout).contains(" %"), "{stdout}");
    let summary = read("SUMMARY.md");
    assert!(row(&summary).contains(" % stale |"), "{summary}");
    assert!(read("report.html").contains(" % stale"));
    let csv = read("comparisons.csv");
    // One block is too few for a verdict; the reason has a comma, so it is quoted.
    let row = row(&csv);
    let (before, _) = row.split_once(",\"not judged: ").expect("a verdict");
    let share = before.rsplit(',').next().and_then(|share| share.parse::<f64>().ok());
    assert!(share.is_some_and(|share| share > 0.0), "{row}");
    let told = cachemark_report::as_json(run);
    let comparisons = told["comparisons"].as_array().unwrap();
    let never = comparisons.iter().find(|row| row["cell"].as_str().unwrap().starts_with("never")).unwrap();
    assert!(never["verdict"].is_string() && never["stale_reads"].as_f64().is_some_and(|share| share > 0.0), "{never}");
}

#[test]
fn one_that_holds_and_one_that_does_not() {
    let out = tempdir().unwrap();
    let junit = out.path().join("junit.xml");
    let file = junit.to_str().unwrap();
    let holds = ["--assert", "cache-aside.hit_ratio > 0.01", "--assert", "*.error_ratio <= 0%"];
    let (code, stdout, stderr) = sweep(out.path(), &[&holds[..], &["--junit", file]].concat());
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.contains("cache-aside.hit_ratio > 0.01") && stdout.contains("pass"), "{stdout}");
    let (names, _) = elements(&junit);
    assert_eq!(names.iter().filter(|name| *name == "testcase").count(), 3);
    assert!(!names.contains(&"failure".to_owned()));

    // One that asks no cache has no hit ratio.
    let fails = ["--assert", "cache-aside.hit_ratio > 0.999", "--assert", "hit_ratio > 0", "--junit", file];
    let (code, stdout, stderr) = sweep(out.path(), &[&holds[..], &fails].concat());
    assert_eq!(code, 1, "{stdout}");
    assert!(stderr.contains("error: 2 of 4 assertions did not hold"), "{stderr}");
    let told: Vec<&str> = stderr.lines().filter(|line| line.starts_with("  cache-aside.hit_ratio > 0.999: ")).collect();
    let [told] = told[..] else { panic!("{stderr}") };
    assert!(told.contains(": cache-aside in-process sqlite r0.9: 0."), "which cell, with what value: {told}");
    assert!(stderr.contains("  *.hit_ratio > 0: no-cache none sqlite r0.9: "), "{stderr}");
    let (names, text) = elements(&junit);
    assert_eq!(names.iter().filter(|name| *name == "failure").count(), 2);
    assert!(text.contains("name=\"cache-aside.hit_ratio &gt; 0.999\"") && text.contains("not measured"), "{text}");

    let run = latest(out.path());
    assert_eq!(run.manifest.assertions.len(), 4, "those given by flag are in the record");
    assert!(run.definition().unwrap().contains("cache-aside.hit_ratio > 0.999"));
    fs::remove_file(&junit).unwrap();
    let output = cachemark(out.path()).args(["report", "--json", "--junit", file]).arg(&run.folder).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "a report judges them again");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let outcomes: Vec<_> =
        report["assertions"].as_array().unwrap().iter().map(|each| each["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["pass", "pass", "fail", "not-measured"]);
    assert_eq!(elements(&junit).1, text);
}

#[test]
fn a_definition_brings_its_own() {
    let out = tempdir().unwrap();
    let path = out.path().join("w.toml");
    let shown = cachemark(out.path()).args(["workload", "show", "smoke"]).output().unwrap().stdout;
    let text = format!("assert = [\"no-cache.store_load < 0.5\"]\n{}", String::from_utf8(shown).unwrap());
    fs::write(&path, text).unwrap();
    let output = cachemark(out.path())
        .args(["sweep", "--strategy", "no-cache", "--read-ratio", "0.9", "--blocks", "1", "--workload"])
        .arg(&path)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn junit_goes_into_the_current_folder_too() {
    let out = tempdir().unwrap();
    let output = cachemark(out.path())
        .current_dir(out.path())
        .args(["sweep", "--workload", "smoke", "--strategy", "no-cache", "--read-ratio", "0.9", "--blocks", "1"])
        .args(["--assert", "throughput < 0.001", "--junit", "junit.xml"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(elements(&out.path().join("junit.xml")).0.contains(&"failure".to_owned()));
}

#[test]
fn what_is_wrong_is_told_before_the_run() {
    let out = tempdir().unwrap();
    for (arguments, part) in [
        (["--assert", "cache-aside.hit_rate > 0.8"], "did you mean `hit_ratio`?"),
        (["--assert", "cashe-aside.hit_ratio > 0.8"], "did you mean `cache-aside`?"),
        (["--assert", "cache-aside.service.p99 < 5"], "with its unit"),
        (["--assert", "cache-aside.response.p99 < 5ms"], "or take service.p99"),
        (["--assert", "*[store=postgers].errors < 5"], "did you mean `postgres`?"),
        (["--junit", "junit.xml"], "there is no assertion to report"),
    ] {
        let (code, _, stderr) = sweep(out.path(), &arguments);
        assert_eq!(code, 2, "{stderr}");
        assert!(stderr.contains(part), "{stderr}");
    }
    let nowhere = out.path().join("nowhere/junit.xml");
    let (code, _, stderr) = sweep(out.path(), &["--assert", "errors < 1", "--junit", nowhere.to_str().unwrap()]);
    assert!(code == 2 && stderr.contains("there is no folder"), "{stderr}");
    assert_eq!(fs::read_dir(out.path()).unwrap().count(), 0, "nothing was begun");
}
