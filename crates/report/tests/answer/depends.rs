//! The order turns along what was varied.

use crate::sample::Sample;
use crate::support::{all_alike, answer, answer_of, small, throughput, told, written};
use cachemark_report::answer::Kind;
use cachemark_results::{Cell, Trial};

/// Cache-aside costs where much is written, and pays where much is read.
fn turning(cell: &Cell, trial: &mut Trial) {
    let cached = cell.strategy != "no-cache";
    throughput(
        cell,
        trial,
        if !cached {
            1.0
        } else if cell.read_ratio < 0.6 {
            0.7
        } else {
            1.5
        },
    );
}

#[test]
fn along_the_read_ratio() {
    let strategies = &["no-cache", "cache-aside"];
    let found = answer(&Sample { tweak: turning, read_ratios: &[0.5, 0.9, 0.99], strategies, ..small() });
    insta::assert_snapshot!(told(&found), @"
    depends: 
    What to use: It depends on the read ratio: no-cache at 0.5; cache-aside at 0.9 and 0.99, by throughput.
    How sure: Weak: a winner at 2 of 3 points by a test over 8 blocks (Holm, 5 %).
    ");
}

#[test]
fn along_the_cache() {
    let found = answer(&Sample {
        strategies: &["no-cache", "cache-aside"],
        caches: &["moka", "redis"],
        read_ratios: &[0.5, 0.9],
        tweak: |cell, trial| {
            let cached = cell.strategy != "no-cache";
            throughput(
                cell,
                trial,
                if !cached {
                    1.0
                } else if cell.cache == "redis" {
                    0.7
                } else {
                    1.5
                },
            );
        },
        ..small()
    });
    assert_eq!(found.what, "It depends on the cache: cache-aside at moka; no-cache at redis, by throughput.");
}

#[test]
fn along_two_at_once_no_one_of_them_decides() {
    let found = answer(&Sample {
        strategies: &["no-cache", "cache-aside"],
        caches: &["moka", "redis"],
        read_ratios: &[0.5, 0.9],
        tweak: |cell, trial| {
            let pays = (cell.cache == "redis") == (cell.read_ratio > 0.6);
            throughput(
                cell,
                trial,
                if cell.strategy == "no-cache" {
                    1.0
                } else if pays {
                    1.5
                } else {
                    0.7
                },
            );
        },
        ..small()
    });
    assert_eq!(found.what, "It depends: of 4 comparisons by throughput, cache-aside leads in 2; no-cache leads in 2.");
}

#[test]
fn where_the_winner_is_not_told_apart_is_what_would_change_it() {
    let found = answer(&Sample {
        strategies: &["no-cache", "cache-aside"],
        read_ratios: &[0.5, 0.9, 0.99],
        tweak: |cell, trial| {
            if cell.read_ratio < 0.6 { all_alike(cell, trial) } else { turning(cell, trial) }
        },
        ..small()
    });
    assert_eq!((found.kind, found.names), (Kind::Use, vec!["cache-aside".to_owned()]));
    assert!(found.what.ends_with(", at read ratio 0.9 and 0.99 alone."), "{}", found.what);
    assert_eq!(found.changes, ["At read ratio 0.5: no difference shown from no-cache."]);
}

#[test]
fn the_setting_of_an_arm_that_turns_it_is_told() {
    let (_folder, mut run) = written(&Sample {
        strategies: &["no-cache", "short", "long"],
        tweak: |cell, trial| {
            let times = match cell.strategy.as_str() {
                "short" => 0.7,
                "long" => 1.5,
                _ => 1.0,
            };
            throughput(cell, trial, times);
        },
        ..small()
    });
    for cell in &mut run.manifest.cells {
        let ttl = match cell.arm.as_str() {
            "short" => 250,
            "long" => 2000,
            _ => continue,
        };
        cell.group = "lives".into();
        cell.arm_axes.insert("ttl-ms".into(), ttl.into());
    }
    let found = answer_of(&run);
    assert_eq!(found.names, ["long"]);
    assert_eq!(found.changes, ["The ttl-ms of lives: worse than no-cache at 250, better at 2000."]);
}

#[test]
fn where_no_one_axis_turns_it_the_places_are_named() {
    let found = answer(&Sample {
        strategies: &["no-cache", "cache-aside"],
        caches: &["moka", "redis"],
        read_ratios: &[0.5, 0.9],
        tweak: |cell, trial| {
            let pays = (cell.cache == "redis") == (cell.read_ratio > 0.6);
            throughput(cell, trial, if cell.strategy != "no-cache" && pays { 1.5 } else { 1.0 });
        },
        ..small()
    });
    let places = "moka, 0 µs, read ratio 0.9; redis, 0 µs, read ratio 0.5";
    assert_eq!(found.changes, [format!("Not better than no-cache in 2 of 4 comparisons: {places}.")]);
}
