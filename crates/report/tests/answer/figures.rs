//! Verdicts on several figures: the first decides, the next where it does not, and the others are the price.

use crate::sample::Sample;
use crate::support::{answer, small, store_load, throughput, told, write_through_wins};
use cachemark_report::answer::Kind;

#[test]
fn the_next_figure_decides_between_those_that_the_first_does_not_tell_apart() {
    let found = answer(&Sample {
        strategies: &["cache-aside", "write-through"],
        verdict_on: &["throughput", "store_load"],
        tweak: |cell, trial| {
            throughput(cell, trial, 1.0 + f64::from(trial.block % 4) * if cell.control { 0.05 } else { 0.06 });
            store_load(cell, trial, if cell.strategy == "write-through" { 0.64 } else { 1.0 });
        },
        ..small()
    });
    insta::assert_snapshot!(told(&found), @"
    use: write-through
    What to use: write-through: store load 36 % lower than with cache-aside (95 % interval 36 %).
    At which price: None shown; throughput alike; staleness not watched.
    How sure: Strong: better than cache-aside by a test over 8 blocks (Holm, 5 %), by 36 % at least, which is more than the noise of ± 0.5 %.
    Changes: Not known: one point was measured (read ratio 0.9).
    Doubt: the second run of the reference differs from the first
    ");
}

#[test]
fn what_the_winner_is_worse_by_is_the_price_and_comes_first() {
    let found = answer(&Sample {
        verdict_on: &["throughput", "read.p50", "store_load"],
        tweak: |cell, trial| {
            write_through_wins(cell, trial);
            store_load(cell, trial, if cell.strategy == "write-through" { 1.4 } else { 1.0 });
        },
        reads: 200,
        ..small()
    });
    assert_eq!(found.names, ["write-through"]);
    let price = found.price.unwrap();
    assert!(price.starts_with("Store load 39 to 41 % higher; "), "{price}");
}

#[test]
fn a_figure_that_nobody_could_be_judged_by_does_not_decide() {
    let found = answer(&Sample { verdict_on: &["hit_ratio", "throughput"], tweak: write_through_wins, ..small() });
    assert_eq!((found.kind, found.names), (Kind::Use, vec!["write-through".to_owned()]), "no-cache has no hit ratio");
}
