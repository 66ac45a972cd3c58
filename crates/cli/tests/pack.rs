//! `cachemark pack`: every command reads the packed record as it read the folders.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use support::{cachemark, latest};
use tempfile::tempdir;

const QUICK: [&str; 11] = [
    "sweep",
    "--workload",
    "smoke",
    "--strategy",
    "no-cache,cache-aside",
    "--read-ratio",
    "0.9",
    "--blocks",
    "2",
    "--assert",
    "*.throughput > 1",
];

fn sweep(out: &Path) -> PathBuf {
    let made = cachemark(out).args(QUICK).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    latest(out).folder
}

/// Exit code, stdout and stderr of a command over the record.
fn run(out: &Path, arguments: &[&str], folder: &Path) -> (i32, String, String) {
    let output = cachemark(out).args(arguments).arg(folder).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_packed_record_is_reported_asserted_and_resumed_as_before() {
    let out = tempdir().unwrap();
    let folder = sweep(out.path());
    let pages = ["report.html", "SUMMARY.md", "figures.csv", "comparisons.csv"];
    let read = || pages.map(|page| fs::read_to_string(folder.join(page)).unwrap());
    let (before, (_, table, _)) = (read(), run(out.path(), &["report"], &folder));
    let (code, told, _) = run(out.path(), &["pack"], &folder);
    assert_eq!(code, 0);
    assert!(told.contains("trials.tar.zst: packed: 6 trials"), "{told}");
    assert!(!folder.join("trials").exists());
    pages.iter().for_each(|page| fs::remove_file(folder.join(page)).unwrap());
    let (code, again, talk) = run(out.path(), &["report"], &folder);
    assert_eq!((code, again, read()), (0, table, before), "{talk}");
    let (code, _, talk) = run(out.path(), &["sweep", "--resume"], &folder);
    assert!(code == 0 && talk.contains("nothing is missing"), "{talk}");
    let manifest = folder.join("manifest.json");
    let changed = fs::read_to_string(&manifest).unwrap().replace("*.throughput > 1", "*.throughput < 1");
    fs::write(&manifest, changed).unwrap();
    assert_eq!(run(out.path(), &["report"], &folder).0, 1, "the assertion is judged over the packed trials");
}

#[test]
fn a_damaged_pack_is_refused_by_every_reader_and_named() {
    let out = tempdir().unwrap();
    let folder = sweep(out.path());
    assert_eq!(run(out.path(), &["pack"], &folder).0, 0);
    let pack = folder.join("trials.tar.zst");
    let mut bytes = fs::read(&pack).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&pack, bytes).unwrap();
    for command in [&["report"][..], &["report", "--strict"], &["sweep", "--resume"], &["pack"]] {
        let (code, _, talk) = run(out.path(), command, &folder);
        assert!(code == 2 && talk.contains("trials.tar.zst") && talk.contains("SHA-256"), "{command:?}: {talk}");
    }
}

#[test]
fn a_record_that_is_not_finished_is_not_packed() {
    let out = tempdir().unwrap();
    let folder = sweep(out.path());
    let manifest = folder.join("manifest.json");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace("\"status\": \"complete\"", "\"status\": \"interrupted\"")).unwrap();
    let (code, _, talk) = run(out.path(), &["pack"], &folder);
    assert!(code == 2 && talk.contains("stopped by its user") && talk.contains("--resume"), "{talk}");
    assert!(folder.join("trials/0001/summary.json").is_file());
    assert_eq!(run(out.path(), &["pack"], &out.path().join("nothing")).0, 2);
}

#[test]
fn a_slim_copy_says_on_its_page_what_it_lacks() {
    let out = tempdir().unwrap();
    let folder = sweep(out.path());
    let (code, told, _) = run(out.path(), &["pack", "--slim", "--json"], &folder);
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert!(code == 0 && told["left_out"][0] == "the interval logs", "{told}");
    let (code, _, talk) = run(out.path(), &["report", "--png", "ratios,spectrum"], &folder);
    assert_eq!(code, 0, "{talk}");
    let page = fs::read_to_string(folder.join("report.html")).unwrap();
    assert!(page.contains("This copy of the record is slim. It leaves out the interval logs;"));
    let summary = fs::read_to_string(folder.join("SUMMARY.md")).unwrap();
    assert!(summary.contains("(charts/spectrum.png)") && !summary.contains("(charts/throughput.png)"), "{summary}");
    let (code, _, talk) = run(out.path(), &["report", "--png", "ratio"], &folder);
    assert!(code == 2 && talk.contains("no chart `ratio`; the record has ratios, "), "{talk}");
}
