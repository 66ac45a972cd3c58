//! What the answer of a capacity search stands on, and how it is told that there is none.

mod sample;

use cachemark_report::write_report;
use cachemark_results::warning;
use cachemark_results::{Capacity, CapacityProbe, Run, Unfound, Warning};
use sample::Sample;
use std::fs;
use std::path::Path;

/// A search of one cell in four trials at 20,000/s, of which the second is invalid, and took a hundred times as long.
fn searched(folder: &Path) -> Run {
    let sample = Sample {
        strategies: &["no-cache"],
        read_ratios: &[0.9],
        rates: &[20_000.0],
        blocks: 4,
        tweak: |_, trial| {
            if trial.block == 1 {
                trial.warnings.push(Warning::invalidating(warning::CLIENT_BOUND_OPEN, "late"));
                let times = trial.open_loop.as_mut().unwrap().all_response.as_mut().unwrap();
                times.p99_ns = times.p99_ns.map(|ns| 100 * ns);
            }
        },
        ..Sample::default()
    };
    let mut run = sample.write(folder);
    let cell = "no-cache-moka-0us-0.9-20000";
    let probe = |trial: &cachemark_results::Trial| CapacityProbe {
        trial: trial.number,
        offered_per_s: 20_000.0,
        purpose: "repeat".into(),
        passed: trial.invalid_because().is_none(),
        missed: trial.invalid_because().map(|_| "invalid".into()),
    };
    let probes = run.trials.iter().filter(|trial| trial.cell == cell).map(probe).collect();
    run.manifest.capacities = vec![Capacity {
        cell: cell.into(),
        objective: "response.p99 < 2ms".into(),
        answer_per_s: Some(20_000.0),
        at_least_per_s: None,
        note: None,
        unfound: None,
        probes,
    }];
    run
}

fn summary(run: &Run) -> String {
    fs::read_to_string(write_report(run).unwrap().summary).unwrap()
}

#[test]
fn no_figure_of_an_invalid_trial_is_in_the_answer_s() {
    let folder = tempfile::tempdir().unwrap();
    let run = searched(folder.path());
    let p99s = run.trials.iter().filter(|trial| run.manifest.capacities[0].trials_at_answer().contains(&trial.number));
    let most = p99s.map(|trial| trial.open_loop.as_ref().unwrap().all_response.unwrap().p99_ns.unwrap()).max().unwrap();
    let most = cachemark_report::units::time(most as f64);
    let told = summary(&run);
    let row = told.lines().find(|line| line.contains("response.p99") && line.starts_with('|')).unwrap();
    assert!(row.contains(&format!(" to {most})")), "{row} has {most} as the greatest");
    assert!(!told.contains("Doubts."), "{told}");
    assert!(told.contains("at 20,000 arrivals per second.") || told.contains("up to 20,000 arrivals per second."));
    assert!(told.contains("An invalid trial neither passes nor misses"), "{told}");
}

#[test]
fn a_search_that_cannot_tell_and_one_that_was_interrupted_are_told_apart() {
    let told = |unfound| {
        let folder = tempfile::tempdir().unwrap();
        let mut run = searched(folder.path());
        let found = &mut run.manifest.capacities[0];
        (found.answer_per_s, found.at_least_per_s) = (None, Some(20_000.0));
        (found.note, found.unfound) = (Some("so it was".into()), unfound);
        let sheet = cachemark_report::terminal_sheet(&run);
        sheet.groups[0].rows[0].cells[1].clone()
    };
    assert_eq!(told(Some(Unfound::CannotTell)), "at least 20,000, cannot tell beyond");
    assert_eq!(told(Some(Unfound::Interrupted)), "at least 20,000, not finished");
    assert_eq!(told(None), "at least 20,000", "a record of before");
}
