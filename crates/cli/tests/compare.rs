//! `cachemark compare` over published records and over copies of one that was made here.

mod support;

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use support::{cachemark, latest};
use tempfile::tempdir;

fn published(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../results/published").join(name)
}

/// Exit code, stdout and stderr; the history is what is in `out`.
fn compare(out: &Path, arguments: &[&str], records: &[&Path]) -> (Option<i32>, String, String) {
    let output = cachemark(out).arg("compare").args(arguments).args(records).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn rows(told: &Value) -> &Vec<Value> {
    told["comparisons"][0]["rows"].as_array().unwrap()
}

#[test]
fn a_published_record_with_itself_is_one_everywhere() {
    let out = tempdir().unwrap();
    for name in ["embedded-default", "four-strategies", "drivers", "response-curves"] {
        let record = published(name);
        let (code, told, talk) = compare(out.path(), &["--json"], &[&record, &record]);
        assert_eq!(code, Some(0), "{name}: {talk}");
        assert!(talk.contains("is on both sides"), "{talk}");
        let told = json(&told);
        assert!(!rows(&told).is_empty(), "{name}");
        for row in rows(&told) {
            let is_one = row["ratio"] == 1.0 || row["difference"] == 0.0 || row["verdict"] == "not measured";
            assert!(is_one, "{name}: {row}");
            assert!(!["better", "worse", "regression", "differs"].contains(&row["verdict"].as_str().unwrap()), "{row}");
        }
        let has_one = rows(&told).iter().filter(|row| row["ratio"] == 1.0).count();
        assert!(has_one * 2 > rows(&told).len(), "{name}: most rows are measured");
    }
}

#[test]
fn records_that_differ_are_refused_by_name_unless_told() {
    let out = tempdir().unwrap();
    let (native, compose) = (published("compose-native"), published("compose"));
    let (code, _, talk) = compare(out.path(), &[], &[&native, &compose]);
    assert!(code == Some(2) && talk.contains("machine: placement: ") && talk.contains("--across machine"), "{talk}");
    let (code, told, talk) = compare(out.path(), &["--across", "machine", "--json"], &[&native, &compose]);
    assert_eq!(code, Some(0), "{talk}");
    let told = json(&told);
    assert!(
        rows(&told).iter().all(|row| row["verdict"] == "can't tell"),
        "one run a side, and no other stored: {told}"
    );
    assert!(!told["comparisons"][0]["differences"].as_array().unwrap().is_empty());
    let (code, _, talk) = compare(out.path(), &["--across", "machine"], &[&native, &published("which-ttl")]);
    assert!(code == Some(2) && talk.contains("definition: ["), "{talk}");
    let (code, _, talk) = compare(
        out.path(),
        &["--across", "machine,build,definition"],
        &[&published("which-ttl"), &published("drivers")],
    );
    assert!(code == Some(2) && talk.contains("no cell in common"), "{talk}");
}

#[test]
fn wrong_usage_is_answered() {
    let out = tempdir().unwrap();
    let record = published("embedded-default");
    for (arguments, records, said) in [
        (&[][..], &[&*record][..], "nothing to compare with the baseline"),
        (&["--margin", "0%"], &[&record, &record], "above 0"),
        (&["--figure", "p99"], &[&record, &record], "read.p99"),
        (&["--across", "weather"], &[&record, &record], "definition"),
        (&["--markdown", "/nowhere/x.md"], &[&record, &record], "make it first"),
        (&["--junit", "/"], &[&record, &record], "it is a folder"),
        (&["--html", "/"], &[&record, &record], "it is a folder"),
        (&[], &[&record, Path::new("/nowhere")], "there is no record in /nowhere"),
        (&[], &[&record, &record, Path::new("--with"), &record], "twice on one side"),
    ] {
        let (code, told, talk) = compare(out.path(), arguments, records);
        assert!(code == Some(2) && talk.contains(said) && told.is_empty(), "{arguments:?}: {code:?} {talk}");
    }
}

/// A record made here, and copies of it under `out` of which the throughput is `factors` times it.
fn copies(out: &Path, factors: &[(&str, f64)]) -> Vec<PathBuf> {
    let made = tempdir().unwrap();
    let arguments =
        ["sweep", "--workload", "smoke", "--strategy", "no-cache,cache-aside", "--read-ratio", "0.9", "--blocks", "1"];
    assert!(cachemark(made.path()).args(arguments).output().unwrap().status.success());
    let record = latest(made.path()).folder;
    let copy = |(name, factor): &(&str, f64)| {
        let to = out.join(name);
        fs::create_dir_all(to.join("trials")).unwrap();
        for file in ["manifest.json", "environment.json", "definition.toml"] {
            fs::copy(record.join(file), to.join(file)).unwrap();
        }
        for trial in fs::read_dir(record.join("trials")).unwrap().flatten() {
            let into = to.join("trials").join(trial.file_name());
            fs::create_dir(&into).unwrap();
            let mut summary = json(&fs::read_to_string(trial.path().join("summary.json")).unwrap());
            let throughput = summary["throughput_ops_per_s"].as_f64().unwrap();
            summary["throughput_ops_per_s"] = (throughput * factor).into();
            fs::write(into.join("summary.json"), summary.to_string()).unwrap();
        }
        to
    };
    factors.iter().map(copy).collect()
}

#[test]
fn a_regression_ends_with_1_and_stands_in_every_face() {
    let out = tempdir().unwrap();
    let made = copies(
        out.path(),
        &[("a1", 1.0), ("a2", 1.04), ("a3", 0.97), ("a4", 1.02), ("b1", 0.5), ("b2", 0.52), ("b3", 0.49), ("b4", 0.51)],
    );
    let four = |from: usize| made[from..from + 4].iter().map(PathBuf::as_path);
    let with: Vec<&Path> = four(0).chain([Path::new("--with")]).chain(four(4)).collect();
    let html = out.path().join("c.html");
    let [markdown, junit] = ["c.md", "c.xml"].map(|name| out.path().join(name));
    let files = [
        "--figure",
        "throughput",
        "--markdown",
        markdown.to_str().unwrap(),
        "--junit",
        junit.to_str().unwrap(),
        "--html",
        html.to_str().unwrap(),
    ];
    let (code, told, talk) = compare(out.path(), &files, &with);
    assert_eq!(code, Some(1), "{told}{talk}");
    assert!(told.contains("regression") && talk.contains("error: 2 regressions beyond 5 % in 2 rows"), "{told}{talk}");
    let read = |path: &Path| fs::read_to_string(path).unwrap();
    assert!(read(&markdown).contains("**2 regressions beyond 5 % in 2 rows.**"), "{}", read(&markdown));
    assert!(read(&html).contains("<strong>2 regressions beyond 5 % in 2 rows.</strong>"), "{}", read(&html));
    assert!(read(&junit).contains("tests=\"2\" failures=\"2\""), "{}", read(&junit));
    let (code, ..) = compare(out.path(), &["--figure", "throughput", "--margin", "60%"], &with);
    assert_eq!(code, Some(1), "twice as slow is beyond 60 %");
    let (code, told, _) = compare(out.path(), &["--figure", "throughput", "--margin", "99%", "--json"], &with);
    assert_eq!((code, &json(&told)["regressions"]), (Some(0), &0.into()), "the interval reaches within 99 %");
    let other: Vec<&Path> = four(4).chain([Path::new("--with")]).chain(four(0)).collect();
    assert_eq!(compare(out.path(), &["--figure", "throughput"], &other).0, Some(0), "the other way round it is better");
}

#[test]
fn one_a_side_is_judged_by_the_stored_runs_beside_it() {
    let (out, empty) = (tempdir().unwrap(), tempdir().unwrap());
    let made = copies(
        out.path(),
        &[("a", 1.0), ("b", 0.4), ("c", 0.99), ("s1", 1.03), ("s2", 0.98), ("s3", 1.01), ("s4", 0.97), ("s5", 1.0)],
    );
    let verdicts = |history: &Path, records: &[&Path]| -> (Option<i32>, Vec<String>) {
        let arguments = ["--json", "--figure", "throughput", "--history", history.to_str().unwrap()];
        let (code, told, talk) = compare(out.path(), &arguments, records);
        assert!(!told.is_empty(), "{talk}");
        let told = json(&told);
        (code, rows(&told).iter().map(|row| row["verdict"].as_str().unwrap().to_owned()).collect())
    };
    let (a, b, c) = (made[0].as_path(), made[1].as_path(), made[2].as_path());
    assert_eq!(verdicts(empty.path(), &[a, b]), (Some(0), vec!["can't tell".to_owned(); 2]));
    assert_eq!(verdicts(out.path(), &[a, b]), (Some(1), vec!["regression".to_owned(); 2]));
    // Each is compared by itself.
    let (code, told, _) = compare(out.path(), &["--json", "--figure", "throughput"], &[a, c, b]);
    let told = json(&told);
    assert_eq!((code, told["comparisons"].as_array().unwrap().len(), &told["regressions"]), (Some(1), 2, &2.into()));
    assert_eq!(told["comparisons"][0]["regressions"], 0);
    // a and c are compared; what is stored besides is b and five others, of which b is far off: it widens the drift.
    assert_eq!(told["comparisons"][0]["stored_runs"], 6);
}
