//! `scripts/publish`: a small copy of a record, which takes the place of the one before only when it is whole.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use support::{cachemark, latest};
use tempfile::{TempDir, tempdir};

fn record() -> (TempDir, PathBuf) {
    let out = tempdir().unwrap();
    let arguments =
        ["sweep", "--workload", "smoke", "--strategy", "no-cache,cache-aside", "--read-ratio", "0.9", "--blocks", "2"];
    let made = cachemark(out.path()).args(arguments).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let folder = latest(out.path()).folder;
    (out, folder)
}

fn publish(published: &Path, record: &Path, settings: &[(&str, &str)]) -> Output {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/publish");
    let mut command = Command::new(script);
    command.env("CACHEMARK", assert_cmd::cargo::cargo_bin("cachemark")).env("PUBLISHED", published);
    command.envs(settings.iter().copied()).arg(record).arg("mine").output().unwrap()
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The paths of the files in `folder`, in order.
fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap().flatten() {
            match entry.path() {
                path if path.is_dir() => folders.push(path),
                path => found.push(path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned()),
            }
        }
    }
    found.sort();
    found
}

const KEPT: [&str; 11] = [
    "README.md",
    "SUMMARY.md",
    "charts/ratios.png",
    "charts/service-time.png",
    "comparisons.csv",
    "definition.toml",
    "environment.json",
    "figures.csv",
    "manifest.json",
    "report.html",
    "trials.tar.zst",
];

#[test]
fn what_is_published_is_few_files_and_the_record_stays_as_it_was() {
    let ((_out, folder), published) = (record(), tempdir().unwrap());
    fs::create_dir(folder.join("goose")).unwrap();
    fs::write(folder.join("goose/0001.html"), "a page of goose").unwrap();
    let before = files(&folder);
    let output = publish(published.path(), &folder, &[]);
    assert!(output.status.success(), "{}", text(&output));
    let target = published.path().join("mine");
    assert_eq!(files(&target), KEPT);
    assert_eq!(files(&folder), before);
    assert_eq!(fs::read_dir(published.path()).unwrap().count(), 1, "nothing is left beside it");
    // Every picture that the summary shows is there.
    let summary = fs::read_to_string(target.join("SUMMARY.md")).unwrap();
    let shown: Vec<&str> = summary.split("](charts/").skip(1).map(|rest| rest.split(')').next().unwrap()).collect();
    assert_eq!(shown, ["ratios.png", "service-time.png"]);
    assert_eq!(cachemark_results::Run::open(&target).unwrap().trials, latest(_out.path()).trials);
}

#[test]
fn a_record_can_be_published_onto_its_own_name() {
    let ((_out, folder), published) = (record(), tempdir().unwrap());
    let target = published.path().join("mine");
    assert!(publish(published.path(), &folder, &[]).status.success());
    fs::write(target.join("README.md"), "# By hand\n").unwrap();
    let output = publish(published.path(), &target, &[]);
    assert!(output.status.success(), "{}", text(&output));
    assert_eq!(files(&target), KEPT);
    assert_eq!(fs::read_to_string(target.join("README.md")).unwrap(), "# By hand\n");
    // As it lay there before records were packed: with its trials in folders.
    let raw = published.path().join("raw");
    fs::rename(&folder, &raw).unwrap();
    fs::remove_dir_all(&target).unwrap();
    fs::rename(&raw, &target).unwrap();
    let output = publish(published.path(), &target, &[]);
    assert!(output.status.success(), "{}", text(&output));
    assert_eq!(files(&target), KEPT);
}

#[test]
fn what_fails_leaves_the_folder_of_before() {
    let ((_out, folder), published) = (record(), tempdir().unwrap());
    let target = published.path().join("mine");
    assert!(publish(published.path(), &folder, &[]).status.success());
    let before = fs::read(target.join("report.html")).unwrap();
    fs::write(folder.join("trials/0001/summary.json"), "{").unwrap();
    let broken = publish(published.path(), &folder, &[]);
    assert!(!broken.status.success() && text(&broken).contains("summary.json"), "{}", text(&broken));
    let nothing = publish(published.path(), &folder.join("nothing"), &[]);
    assert_eq!(nothing.status.code(), Some(2));
    let large = publish(published.path(), &target, &[("MOST_BYTES", "1000")]);
    assert!(!large.status.success() && text(&large).contains("at most 11 with 1000"), "{}", text(&large));
    assert_eq!(files(&target), KEPT);
    assert_eq!(fs::read(target.join("report.html")).unwrap(), before);
    assert_eq!(fs::read_dir(published.path()).unwrap().count(), 1);
}

#[test]
fn a_record_that_would_be_too_large_is_published_slim() {
    let ((_out, folder), published) = (record(), tempdir().unwrap());
    assert!(publish(published.path(), &folder, &[]).status.success());
    let size = |name: &str| fs::metadata(published.path().join("mine").join(name)).unwrap().len();
    let whole: u64 = KEPT.iter().map(|name| size(name)).sum();
    let slim = |record: &Path| {
        let output = publish(published.path(), record, &[("MOST_BYTES", &(whole - 100).to_string())]);
        assert!(output.status.success(), "{}", text(&output));
        let page = fs::read_to_string(published.path().join("mine/report.html")).unwrap();
        assert!(page.contains("This copy of the record is slim."));
        fs::read(published.path().join("mine/trials.tar.zst")).unwrap()
    };
    let from_folders = slim(&folder);
    // One that is packed whole already gives the same.
    let (code, packed) = (cachemark(published.path()).arg("pack").arg(&folder).output().unwrap(), folder);
    assert!(code.status.success() && !packed.join("trials").exists());
    assert!(slim(&packed) == from_folders, "the same pack");
    assert!(cachemark_results::Run::open(&packed).unwrap().manifest.packed.unwrap().left_out.is_empty());
}

#[test]
fn the_folder_that_a_record_was_made_in_is_no_part_of_its_command() {
    let ((_out, folder), published) = (record(), tempdir().unwrap());
    let path = folder.join("manifest.json");
    let command = |path: &Path| {
        let manifest: serde_json::Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        manifest["command"].as_str().unwrap().to_owned()
    };
    let before = fs::read_to_string(&path).unwrap();
    let was = serde_json::to_string(&command(&path)).unwrap();
    for (made, kept) in [
        ("cachemark sweep --out /home/me/x --seed 7", "cachemark sweep --seed 7"),
        ("cachemark sweep --out '/home/me/my results' --seed 7", "cachemark sweep --seed 7"),
        (r#"cachemark sweep --out '/home/me'\''s "best"/x y'"#, "cachemark sweep"),
        ("cachemark sweep --out=/home/me/x --seed 7", "cachemark sweep --seed 7"),
        ("cachemark sweep '--out=/home/me/my results' --seed 7", "cachemark sweep --seed 7"),
        (r"cachemark sweep '--out=/home/me'\''s x y' --seed 7", "cachemark sweep --seed 7"),
        ("cachemark sweep --seed 7", "cachemark sweep --seed 7"),
    ] {
        assert!(before.contains(&was));
        fs::write(&path, before.replace(&was, &serde_json::to_string(made).unwrap())).unwrap();
        let output = publish(published.path(), &folder, &[]);
        assert!(output.status.success(), "{}", text(&output));
        assert_eq!(command(&published.path().join("mine/manifest.json")), kept, "{made}");
    }
}
