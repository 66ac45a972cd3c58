//! Nobody is better.

use crate::sample::Sample;
use crate::support::{all_alike, answer, small, throughput, told, wild};
use cachemark_report::answer::Kind;
use cachemark_results::Status;

#[test]
fn equivalent_is_said_within_the_margin() {
    insta::assert_snapshot!(told(&answer(&Sample { tweak: all_alike, ..small() })), @"
    tie: no-cache, cache-aside, read-through, write-through
    What to use: Any will do: cache-aside, read-through and write-through are within 5 % of no-cache by throughput.
    At which price: Staleness not watched.
    How sure: Strong: shown to be alike by a test over 8 blocks (Holm, 5 %).
    Changes: Not known: one point was measured (read ratio 0.9).
    ");
}

#[test]
fn inconclusive_is_no_difference_shown() {
    insta::assert_snapshot!(told(&answer(&Sample { tweak: wild, ..small() })), @r#"
    tie: no-cache, cache-aside, read-through, write-through
    What to use: No winner: no difference by throughput is shown between cache-aside, read-through and write-through and no-cache.
    At which price: Staleness not watched.
    How sure: Undecided: not shown either way by a test over 8 blocks (Holm, 5 %), which is not "no difference": more blocks may tell.
    Changes: Not known: one point was measured (read ratio 0.9).
    Doubt: noisy: two runs of the same arm differ by up to ± 35.4 % in throughput, where 5 % is to matter
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
    assert!(
        found.doubts.contains(&"the second run of the reference differs from the first".to_owned()),
        "{:?}",
        found.doubts
    );
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
    assert!(
        found.doubts.iter().any(|doubt| doubt.starts_with("noisy: two runs of the same arm differ by up to ± ")),
        "{:?}",
        found.doubts
    );
}
