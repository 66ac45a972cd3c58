//! How much caches held is shown where it was counted.

mod sample;

use cachemark_report::write_report;
use sample::Sample;
use std::fs;

fn small() -> Sample {
    Sample { strategies: &["no-cache", "cache-aside"], read_ratios: &[0.9], blocks: 1, ..Sample::default() }
}

#[test]
fn the_room_that_was_used_stands_beside_the_room_asked_for_and_the_prediction() {
    let folder = tempfile::tempdir().unwrap();
    let sample = Sample {
        tweak: |cell, trial| {
            if cell.strategy == "cache-aside" {
                trial.cache_counters.insert("entries-peak".into(), 2_000);
            }
        },
        ..small()
    };
    let run = sample.write(folder.path());
    write_report(&run).unwrap();
    let summary = fs::read_to_string(run.folder.join("SUMMARY.md")).unwrap();
    let begin = summary.find("## How much did the cache hold?").expect("the section");
    let section = &summary[begin..];
    let row = section.lines().find(|line| line.starts_with("| moka + sqlite")).expect("a row");
    assert!(row.contains("| cache-aside | 2,000 |"), "{row}");
    assert!(section.contains("0.006 off an exact LRU"), "{section}");
    assert!(fs::read_to_string(run.folder.join("report.html")).unwrap().contains("<section id=\"room\">"));
}

#[test]
fn where_nothing_was_counted_nothing_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let run = small().write(folder.path());
    write_report(&run).unwrap();
    let summary = fs::read_to_string(run.folder.join("SUMMARY.md")).unwrap();
    assert!(!summary.contains("How much did the cache hold?"));
}
