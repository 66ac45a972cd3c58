//! Nobody is better.

use crate::sample::Sample;
use crate::support::{all_alike, answer, small, throughput, told};
use cachemark_report::answer::Kind;
use cachemark_results::{Cell, Status, Trial};

fn wild(cell: &Cell, trial: &mut Trial) {
    let of_cell: u32 = cell.id.bytes().map(u32::from).sum();
    throughput(cell, trial, 1.0 + f64::from((trial.block * 5 + of_cell) % 8) / 10.0);
}

#[test]
fn equivalent_is_said_within_the_margin() {
    insta::assert_snapshot!(told(&answer(&Sample { tweak: all_alike, ..small() })), @"
    tie: no-cache, cache-aside, read-through, write-through
    What to use: Either will do: cache-aside, read-through and write-through are within 5 % of no-cache by throughput.
    At which price: Staleness not watched.
    How sure: Shown to be alike by verdict (Holm's test at 5 % over 8 blocks); the same arm, run twice, strays by ± 0.5 % at most.
    Changes: Not known beyond this point (read ratio 0.9): another load or cache size may change it.
    ");
}

#[test]
fn inconclusive_is_no_difference_shown() {
    insta::assert_snapshot!(told(&answer(&Sample { tweak: wild, ..small() })), @r#"
    tie: no-cache, cache-aside, read-through, write-through
    What to use: No winner: cache-aside, read-through and write-through are not told apart from no-cache by throughput.
    At which price: Staleness not watched.
    How sure: Not shown either way (Holm's test at 5 % over 8 blocks), with the doubts below: "inconclusive" is not "no difference", and more blocks may tell.
    Changes: Not known beyond this point (read ratio 0.9): another load or cache size may change it.
    Doubt: noisy: in 1 of 1 comparison the A/A control strays by more than the 5 % that matter, ± 35.4 % at most
    "#);
}

#[test]
fn what_the_reference_s_second_run_has_as_well_is_no_lead() {
    let found = answer(&Sample {
        tweak: |cell, trial| {
            let is_reference = cell.strategy == "no-cache" && !cell.control;
            throughput(cell, trial, if is_reference { 1.0 } else { 2.0 });
        },
        ..small()
    });
    assert_eq!(found.kind, Kind::Tie, "{}", found.what);
    assert!(found.doubts.contains(&"control misses 1".to_owned()), "{:?}", found.doubts);
}

#[test]
fn without_a_control_nothing_is_called_equivalent() {
    // A record that calls itself complete and lacks trials is no evidence at all.
    let status = Status::Interrupted;
    let found = answer(&Sample { tweak: all_alike, finished: |cell, _| !cell.control, status, ..small() });
    assert_eq!(found.kind, Kind::Tie);
    assert!(found.what.starts_with("No winner: "), "{}", found.what);
    assert!(
        found.doubts.contains(&"noise not known: there is no A/A control with blocks enough".to_owned()),
        "{:?}",
        found.doubts
    );
}

#[test]
fn where_the_control_strays_the_noise_is_told_and_nothing_is_called_equivalent() {
    let found = answer(&Sample {
        tweak: |cell, trial| if cell.control { wild(cell, trial) } else { all_alike(cell, trial) },
        ..small()
    });
    assert!(found.what.starts_with("No winner: "), "{}", found.what);
    assert!(found.doubts.iter().any(|doubt| doubt.starts_with("noisy: in 1 of 1 comparison ")), "{:?}", found.doubts);
}
