//! What policies did is shown where there were any.

mod sample;

use cachemark_report::write_report;
use sample::Sample;
use std::fs;

const TITLE: &str = "What did the policies do?";

fn small() -> Sample {
    Sample {
        strategies: &["no-cache", "cache-aside", "read-through"],
        read_ratios: &[0.9],
        blocks: 3,
        ..Sample::default()
    }
}

/// The rows of the table in the summary, without the columns of stack and read ratio.
fn rows(summary: &str) -> Vec<String> {
    let section = &summary[summary.find(TITLE).expect("the section")..];
    let rows = section.lines().skip_while(|line| !line.starts_with("|--") && !line.starts_with("| --")).skip(1);
    let rows = rows.take_while(|line| line.starts_with('|'));
    rows.map(|line| line.trim_matches('|').split('|').skip(2).map(str::trim).collect::<Vec<_>>().join(" | ")).collect()
}

#[test]
fn counts_that_are_not_0_stand_in_a_table_and_policies_with_nothing_to_do_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let sample = Sample {
        tweak: |cell, trial| match cell.strategy.as_str() {
            "cache-aside" => {
                let counts = [
                    ("cache.breaker-open-ns", 2_500_000_000),
                    ("outbox-put", 40 + u64::from(trial.block)),
                    ("store.retries-denied", u64::from(trial.block == 1)),
                    ("throttle-shed", 0),
                ];
                trial.policy_counters = counts.map(|(name, count)| (name.to_owned(), count)).into();
            }
            "read-through" => trial.policy_counters = [("store.retries".to_owned(), 0)].into(),
            _ => {}
        },
        ..small()
    };
    let run = sample.write(folder.path());
    write_report(&run).unwrap();
    let rows = rows(&fs::read_to_string(run.folder.join("SUMMARY.md")).unwrap());
    assert_eq!(
        rows,
        [
            "cache-aside | cache.breaker-open | 2.50 s (2.50 s to 2.50 s)",
            " | outbox-put | 41 (40 to 42)",
            " | store.retries-denied | 0 (0 to 1)",
            "read-through | none had anything to do | 0 times",
        ]
    );
    assert!(fs::read_to_string(run.folder.join("report.html")).unwrap().contains("<section id=\"policies\">"));
}

#[test]
fn where_there_were_none_nothing_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let run = small().write(folder.path());
    write_report(&run).unwrap();
    for page in ["SUMMARY.md", "report.html"] {
        assert!(!fs::read_to_string(run.folder.join(page)).unwrap().contains(TITLE), "{page}");
    }
}
