//! Who is not recommended whatever its figures.

use crate::sample::Sample;
use crate::support::{answer, answer_of, small, throughput, told, write_through_wins, written};
use cachemark_report::answer::Kind;
use cachemark_results::{Audit, Freshness, StoreAudit, Warning, warning};

#[test]
fn a_winner_that_lost_acknowledged_writes_is_withheld() {
    let found = answer(&Sample {
        tweak: |cell, trial| {
            write_through_wins(cell, trial);
            let lost = u64::from(cell.strategy == "write-through" && trial.block == 3);
            trial.audit = Some(Audit { store: StoreAudit { lost, ..StoreAudit::default() }, ..Audit::default() });
        },
        ..small()
    });
    insta::assert_snapshot!(told(&found), @"
    use: read-through
    What to use: read-through: throughput 30 % higher than with no-cache (95 % interval 29 to 31 %).
    At which price: None shown; read p50 96 to 97 % lower and store load 60 % lower (intervals, not tested); staleness not watched.
    How sure: Strong: better than no-cache by a test over 8 blocks (Holm, 5 %), by 29 % at least, which is more than the noise of ± 0.5 %; that it is ahead of the others is not tested (--pairs does): intervals lie apart.
    Not: write-through, whatever its figures: it lost acknowledged writes.
    Changes: Not known: one point was measured (read ratio 0.9).
    ");
}

#[test]
fn a_winner_that_served_phantoms_is_withheld() {
    let found = answer(&Sample {
        tweak: |cell, trial| {
            write_through_wins(cell, trial);
            let phantoms = u64::from(cell.strategy == "write-through" && trial.block == 0);
            trial.freshness = Some(Freshness { reads: 10, judged: 10, phantoms, ..Freshness::default() });
        },
        ..small()
    });
    assert_eq!(found.names, ["read-through"]);
    assert!(found.not_to_use[0].starts_with("write-through, whatever its figures: it served phantom"));
}

#[test]
fn a_winner_with_a_grave_warning_is_withheld() {
    let found = answer(&Sample {
        tweak: |cell, trial| {
            write_through_wins(cell, trial);
            if cell.strategy == "write-through" && trial.block < 2 {
                trial.warnings.push(Warning::new(warning::FAILURES, "9 of 1,000 operations failed"));
            }
        },
        ..small()
    });
    assert_eq!(found.names, ["read-through"]);
    let barred = "write-through, whatever its figures: it has the warning failures in 2 of 8 trials.";
    assert_eq!(found.not_to_use, [barred]);
}

#[test]
fn where_every_arm_is_barred_nothing_is_recommended() {
    let found = answer(&Sample {
        tweak: |cell, trial| {
            write_through_wins(cell, trial);
            trial.warnings.push(Warning::new(warning::BAD_STAMPS, "torn"));
        },
        ..small()
    });
    assert_eq!(found.kind, Kind::None);
    assert_eq!(found.what, "Nothing to recommend: every arm did what no figure makes up for.");
    assert_eq!(found.not_to_use.iter().filter(|told| told.contains("whatever its figures")).count(), 3, "of four");
    assert_eq!(found.not_to_use.last().unwrap(), "And 1 more, for reasons of that sort.");
}

#[test]
fn a_reference_that_is_barred_can_be_beaten_and_is_no_answer() {
    let tweak = |cell: &cachemark_results::Cell, trial: &mut cachemark_results::Trial| {
        throughput(cell, trial, if cell.strategy == "no-cache" { 1.0 } else { 0.5 });
        if cell.strategy == "no-cache" {
            trial.warnings.push(Warning::new(warning::FAILURES, "9 of 1,000 operations failed"));
        }
    };
    let (_folder, run) = written(&Sample { tweak, ..small() });
    let found = answer_of(&run);
    assert_eq!(found.kind, Kind::Tie, "{}", told(&found));
    assert!(!found.names.contains(&"no-cache".to_owned()));
}
