//! Nothing is recommended, and the reason is the first sentence.

use crate::sample::Sample;
use crate::support::{answer, answer_of, small, told, write_through_wins, written};
use cachemark_report::answer::Kind;
use cachemark_results::{Cell, Resumption, Trial, Warning, warning};

fn invalid(cell: &Cell, trial: &mut Trial) {
    write_through_wins(cell, trial);
    trial.warnings.push(Warning::invalidating(warning::CLIENT_BOUND_OPEN, "late"));
}

#[test]
fn every_trial_is_invalid() {
    insta::assert_snapshot!(told(&answer(&Sample { tweak: invalid, ..small() })), @"
    none: 
    What to use: Nothing to recommend: all 40 trials are invalid (client-bound-open).
    How sure: Not at all.
    Doubt: 40 of 40 trials invalid
    Doubt: client bound open in 40 of 40 trials
    ");
}

#[test]
fn some_trials_are_invalid_which_is_a_doubt() {
    let found = answer(&Sample {
        tweak: |cell, trial| if trial.block == 1 { invalid(cell, trial) } else { write_through_wins(cell, trial) },
        blocks: 10,
        ..small()
    });
    assert_eq!(found.names, ["write-through"]);
    assert!(found.doubts.contains(&"5 of 50 trials invalid".to_owned()), "{:?}", found.doubts);
}

#[test]
fn no_trial_was_finished() {
    let found = answer(&Sample { finished: |_, _| false, ..small() });
    assert_eq!(found.what, "Nothing to recommend: no trial was finished.");
}

#[test]
fn too_few_blocks_for_a_verdict() {
    let found = answer(&Sample { tweak: write_through_wins, blocks: 3, ..small() });
    assert_eq!(
        (found.kind, found.what.as_str()),
        (Kind::None, "Nothing to recommend yet: no verdict on 3 comparisons from 3 blocks; 7 are needed.")
    );
}

#[test]
fn a_run_that_is_no_evidence() {
    let resumption = Resumption {
        utc: "2026-11-22T05:10:00Z".into(),
        trials_before: 3,
        forced: true,
        differences: vec!["another kernel".into()],
    };
    let found = answer(&Sample { tweak: write_through_wins, resumed: vec![resumption], ..small() });
    assert_eq!(found.what, "Nothing to recommend: the run is no evidence (resumed-by-force).");

    let (_folder, mut run) = written(&Sample { tweak: write_through_wins, ..small() });
    run.environment.as_mut().unwrap().tool.profile = "debug".into();
    assert_eq!(answer_of(&run).what, "Nothing to recommend: the run is no evidence (debug-build).");

    let (_folder, mut run) = written(&Sample { tweak: write_through_wins, ..small() });
    run.manifest.concerns.push(Warning::new(warning::CLAIM_LOST, "another run took Redis"));
    assert_eq!(answer_of(&run).what, "Nothing to recommend: the run is no evidence (claim-lost).");
}
