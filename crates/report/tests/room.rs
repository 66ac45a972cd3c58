//! How much caches held, and who waited for connections, is shown where it was counted.

mod sample;

use cachemark_report::write_report;
use cachemark_results::{LaneUse, LaneWait};
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
    assert!(
        section.contains("0.006 off an exact LRU") && section.contains("With room for all, or no bound"),
        "{section}"
    );
    assert!(section.contains("summed over the instances, which need not have come to it at one moment"), "{section}");
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

#[test]
fn a_cell_that_waited_for_connections_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let sample = Sample {
        hops: true,
        tweak: |cell, trial| {
            let whole: f64 = trial
                .buckets
                .iter()
                .map(|bucket| bucket.service_time.map_or(0.0, |time| time.mean_ns * bucket.count as f64))
                .sum();
            let share = if cell.strategy == "no-cache" { 0.6 } else { 0.001 };
            let store = LaneWait { waits: 5, wait_ns: (whole * share) as u64 };
            trial.lane_waits = Some(LaneUse { store, ..LaneUse::default() });
        },
        ..small()
    };
    let run = sample.write(folder.path());
    write_report(&run).unwrap();
    let summary = fs::read_to_string(run.folder.join("SUMMARY.md")).unwrap();
    let begin = summary.find("## Who waited for a connection?").expect("the section");
    let rows: Vec<&str> = summary[begin..].lines().skip(4).take_while(|line| line.starts_with('|')).collect();
    assert!(
        rows.len() == 2 && rows.iter().all(|row| row.contains("no-cache") && row.ends_with("| 0.000 | 0.600 |")),
        "{rows:?}"
    );
    assert!(fs::read_to_string(run.folder.join("report.html")).unwrap().contains("<section id=\"lanes\">"));
}
