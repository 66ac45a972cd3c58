//! One arm is better than all others.

use crate::sample::Sample;
use crate::support::{answer, small, stale, store_load, throughput, told, write_through_wins};
use cachemark_report::answer::Kind;

#[test]
fn a_clear_winner() {
    insta::assert_snapshot!(told(&answer(&Sample { tweak: write_through_wins, ..small() })), @"
    use: write-through
    What to use: write-through: 2.00 times the throughput of no-cache (95 % interval 1.99 to 2.01).
    At which price: None shown; read p50 97 % lower and store load 60 % lower (intervals, not tested); staleness not watched.
    How sure: Strong: better than no-cache by a test over 8 blocks (Holm, 5 %), by 99 % at least, which is more than the noise of ± 0.5 %; that it is ahead of the others is not tested (--pairs does): intervals lie apart.
    Changes: Not known: one point was measured (read ratio 0.9).
    ");
}

#[test]
fn over_several_points_the_ends_of_the_intervals_are_told() {
    let found = answer(&Sample { tweak: write_through_wins, read_ratios: &[0.5, 0.9], ..small() });
    insta::assert_snapshot!(told(&found), @"
    use: write-through
    What to use: write-through: 1.99 to 2.01 times the throughput of no-cache (95 % intervals), at both points measured.
    At which price: None shown; read p50 96 to 97 % lower and store load 60 % lower (intervals, not tested); staleness not watched.
    How sure: Strong: better than no-cache by a test over 8 blocks (Holm, 5 %), by 99 % at least, which is more than the noise of ± 0.5 %; that it is ahead of the others is not tested (--pairs does): intervals lie apart.
    Changes: Not the read ratio (0.5 to 0.9): it holds throughout. Nothing else was varied.
    ");
}

#[test]
fn the_share_of_stale_reads_stands_beside_the_name() {
    let found = answer(&Sample {
        tweak: |cell, trial| {
            write_through_wins(cell, trial);
            stale(trial, if cell.strategy == "write-through" { 12 } else { 0 });
        },
        ..small()
    });
    assert!(found.what.starts_with("write-through (1.20 % of reads stale): 2.00 times"), "{}", found.what);
    assert!(!found.price.unwrap().contains("stale"), "it is told once");
}

#[test]
fn that_none_was_seen_stale_is_told_with_how_many_were_watched() {
    let tweak = |cell: &cachemark_results::Cell, trial: &mut cachemark_results::Trial| {
        write_through_wins(cell, trial);
        stale(trial, 0);
    };
    let found = answer(&Sample { tweak, ..small() });
    assert!(found.price.unwrap().contains("no stale read in 8,000"));
}

#[test]
fn two_winners_that_are_not_told_apart_are_both_named() {
    let found = answer(&Sample {
        tweak: |cell, trial| {
            let times = if ["read-through", "write-through"].contains(&cell.strategy.as_str()) { 2.0 } else { 1.0 };
            throughput(cell, trial, times);
        },
        ..small()
    });
    assert_eq!((found.kind, found.names), (Kind::Use, vec!["read-through".to_owned(), "write-through".into()]));
    assert!(
        found.what.starts_with("read-through or write-through (no difference between them shown): "),
        "{}",
        found.what
    );
}

#[test]
fn who_leads_more_seldom_and_is_nowhere_behind_is_named() {
    let found = answer(&Sample {
        strategies: &["no-cache", "read-through", "write-through"],
        read_ratios: &[0.5, 0.9],
        tweak: |cell, trial| {
            const WILD: [f64; 8] = [0.3, 3.0, 0.5, 4.0, 0.8, 2.5, 0.4, 5.0];
            let times = match (cell.strategy.as_str(), cell.read_ratio < 0.6) {
                ("no-cache", _) => 1.0,
                // Sometimes less than no-cache, sometimes more than the other.
                ("write-through", true) => WILD[trial.block as usize],
                _ => 2.0,
            };
            throughput(cell, trial, times);
        },
        ..small()
    });
    assert_eq!(found.names, ["read-through"]);
    assert!(found.sure.unwrap().contains("; not shown to be behind: write-through"));
}

#[test]
fn pairs_rank_by_verdict_and_others_by_intervals_which_is_said() {
    let sample = |pairs| Sample { tweak: write_through_wins, pairs, ..small() };
    assert!(answer(&sample(false)).sure.unwrap().contains("not tested (--pairs does): intervals lie apart"));
    assert!(answer(&sample(true)).sure.unwrap().contains("ahead of the others by tests of pairs"));
}

#[test]
fn a_pair_without_a_verdict_is_not_told_apart_though_its_intervals_lie_apart() {
    // Six comparisons need eight blocks; with seven, families without pairs have verdicts and those with pairs have none.
    let sample = |pairs| Sample { tweak: write_through_wins, pairs, blocks: 7, ..small() };
    assert_eq!(answer(&sample(false)).names, ["write-through"]);
    assert_eq!(answer(&sample(true)).kind, Kind::None);
}

#[test]
fn the_reference_is_the_answer_where_all_others_are_worse() {
    let found = answer(&Sample {
        tweak: |cell, trial| {
            let cached = cell.strategy != "no-cache";
            throughput(cell, trial, if cached { 0.5 } else { 1.0 });
            store_load(cell, trial, if cached { 0.2 } else { 1.0 });
        },
        verdict_on: &["throughput", "store_load"],
        ..small()
    });
    insta::assert_snapshot!(told(&found), @"
    reference: no-cache
    What to use: no-cache: nothing is shown to be better by throughput; the others are worse.
    At which price: Others are better by store load in 3 of 3 comparisons; staleness not watched.
    How sure: Strong: the others are worse by a test over 8 blocks (Holm, 5 %), by 50 % at least, which is more than the noise of ± 0.5 %.
    Changes: Not known: one point was measured (read ratio 0.9).
    ");
}
