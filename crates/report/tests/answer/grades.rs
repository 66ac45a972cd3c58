//! One word for how well an answer is shown.

use crate::sample::Sample;
use crate::support::{all_alike, answer, answer_of, small, throughput, wild, write_through_wins, written};
use cachemark_report::answer::Grade;
use cachemark_results::{Cell, Trial, Warning, warning};

/// Write-through is better by so much, the others are like no-cache.
fn leads_by(times: f64) -> impl Fn(&Cell, &mut Trial) {
    move |cell, trial| throughput(cell, trial, if cell.strategy == "write-through" { times } else { 1.0 })
}

#[test]
fn a_lead_past_noise_and_margin_is_strong() {
    let found = answer(&Sample { tweak: write_through_wins, ..small() });
    assert_eq!(found.grade, Some(Grade::Strong));
    let sure = found.sure.unwrap();
    assert!(sure.starts_with("Strong: better than no-cache by a test over 8 blocks"), "{sure}");
    assert!(sure.contains("by 99 % at least, which is more than the noise of ± 0.5 %"), "{sure}");
}

#[test]
fn a_lead_within_the_noise_is_weak() {
    let found = answer(&Sample {
        tweak: |cell, trial| {
            // About the reference, up to 15 % to either side.
            const RESTLESS: [f64; 8] = [0.85, 1.15, 0.9, 1.12, 0.87, 1.14, 0.93, 1.08];
            let times = if cell.control { RESTLESS[trial.block as usize] } else { 1.0 };
            leads_by(1.08)(cell, trial);
            trial.throughput_ops_per_s *= times;
        },
        ..small()
    });
    assert_eq!((found.names.as_slice(), found.grade), (["write-through".to_owned()].as_slice(), Some(Grade::Weak)));
    assert!(found.sure.as_ref().unwrap().contains("which is within the noise of ± "), "{:?}", found.sure);
}

#[test]
fn a_lead_within_the_margin_is_weak() {
    let found = answer(&Sample { tweak: |cell, trial| leads_by(1.045)(cell, trial), ..small() });
    // Less than the margin is no verdict "better" at all, or one whose near end lies within it.
    assert_ne!(found.grade, Some(Grade::Strong), "{:?}", found.sure);
}

#[test]
fn a_run_that_is_not_to_be_trusted_shows_weakly() {
    let found = answer(&Sample {
        tweak: |cell, trial| {
            write_through_wins(cell, trial);
            if cell.strategy == "cache-aside" {
                trial.warnings.push(Warning::new(warning::FAILURES, "52 of 100 operations failed"));
            }
        },
        ..small()
    });
    assert_eq!(found.grade, Some(Grade::Weak), "{:?}", found.sure);
    assert!(found.sure.unwrap().starts_with("Weak: the run is not to be trusted"));
}

#[test]
fn ties_are_undecided_or_strongly_alike() {
    assert_eq!(answer(&Sample { tweak: wild, ..small() }).grade, Some(Grade::Undecided));
    assert_eq!(answer(&Sample { tweak: all_alike, ..small() }).grade, Some(Grade::Strong));
}

#[test]
fn without_a_control_nothing_is_strong() {
    let (_folder, mut run) = written(&Sample { tweak: write_through_wins, ..small() });
    run.trials.retain(|trial| !run.manifest.cell(&trial.cell).unwrap().control);
    let found = answer_of(&run);
    assert_ne!(found.grade, Some(Grade::Strong), "{:?}", found.sure);
}
