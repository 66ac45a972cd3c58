//! What the store had to bear is shown where calls to it were seen.

mod sample;

use cachemark_report::write_report;
use cachemark_results::{Loads, Window};
use sample::Sample;
use std::fs;

const TITLE: &str = "What did the store have to bear?";

fn small() -> Sample {
    Sample { strategies: &["no-cache", "cache-aside"], read_ratios: &[0.9], blocks: 1, ..Sample::default() }
}

#[test]
fn loads_of_one_key_and_the_peak_stand_in_a_table_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let sample = Sample {
        tweak: |cell, trial| {
            if cell.strategy == "cache-aside" {
                trial.loads = Some(Loads { reads: 900, episodes: 6, most_at_once: 380 });
                trial.store_rate_max_ops_per_s = Some(41_000.0);
                trial.store.reads = 20_000;
                (trial.store.writes, trial.store.deletes, trial.store.errors) = (0, 0, 0);
                trial.window = Window { measured_ns: 10_000_000_000, ..trial.window };
            }
        },
        ..small()
    };
    let run = sample.write(folder.path());
    write_report(&run).unwrap();
    let summary = fs::read_to_string(run.folder.join("SUMMARY.md")).unwrap();
    let begin = summary.find(TITLE).expect("the section");
    let section = &summary[begin..];
    let row = section.lines().find(|line| line.starts_with("| moka + sqlite")).expect("a row");
    assert!(row.contains("| cache-aside | 2,000 | 41,000 | 150.000 | 380 |"), "{row}");
    assert!(section.contains("| store rate, ops/s |"), "{section}");
    assert!(section.contains("Loads per expiry: Store reads for each load episode of a key"), "{section}");
    assert!(fs::read_to_string(run.folder.join("report.html")).unwrap().contains("<section id=\"loads\">"));
}

#[test]
fn where_nothing_was_seen_nothing_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let run = small().write(folder.path());
    write_report(&run).unwrap();
    for page in ["SUMMARY.md", "report.html"] {
        assert!(!fs::read_to_string(run.folder.join(page)).unwrap().contains(TITLE), "{page}");
    }
}
