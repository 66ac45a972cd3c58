//! What happens when it breaks: who is unharmed or recovers soonest, and never who answers most while nothing is wrong.

use crate::sample::Sample;
use crate::sample::broken::Fate;
use crate::support::{answer, answer_of, throughput, told, written};
use cachemark_report::answer::{Grade, Kind};
use cachemark_results::{Cell, Trial};

/// Eight blocks of three arms, of which cache-aside is the reference, over a cache that is slow for four seconds.
fn broken(fate: fn(&Cell, u32) -> Fate) -> Sample {
    Sample {
        strategies: &["cache-aside", "read-through", "write-through"],
        read_ratios: &[0.9],
        faults: &["slow"],
        reads: 1_500,
        tweak: alike,
        fate,
        ..Sample::default()
    }
}

fn alike(cell: &Cell, trial: &mut Trial) {
    throughput(cell, trial, 1.0);
}

/// Read-through is as before after 0.4 s, write-through after 1 s, cache-aside after 2 s.
fn one_sooner(cell: &Cell, block: u32) -> Fate {
    let after = match cell.strategy.as_str() {
        "read-through" => 0.4,
        "write-through" => 1.0,
        _ => 2.0,
    };
    Fate::Recovered(0.5, after + 0.2 * f64::from(block % 2))
}

#[test]
fn who_recovers_sooner_is_named_with_the_fault() {
    let found = answer(&broken(one_sooner));
    insta::assert_snapshot!(told(&found), @"
    use: read-through
    What to use: read-through when the cache moka is slow by 50 ms from 4 s to 8 s: recovered in all 8 blocks, after 697 ms (596 ms to 798 ms), sooner than cache-aside; cache-aside recovered in all 8 blocks, after 2.30 s (2.20 s to 2.40 s); write-through recovered in all 8 blocks, after 1.29 s (1.19 s to 1.40 s).
    At which price: 608,094 ops/s before it; 50 % of that while it lasts; 98 % (97 % to 99 %) after it; the store's peak 2.06 (1.98 to 2.14) times its usual rate; errors: timeout 5,454,598; 2,181,787 shed; 1,463 stale reads after it.
    How sure: Strong: read-through sooner in 8 of 8 blocks than cache-aside, by the sign test over 8 blocks (Holm, 5 %); that it is ahead of the others is not tested (--pairs does): intervals lie apart; with 8 blocks and 2 comparisons only 8 of 8 can tell.
    Changes: Not known: one point was measured (read ratio 0.9).
    Doubt: slow was done by a proxy, through which every call went: times hold the way through it
    ");
    assert_eq!((found.kind, found.grade), (Kind::Use, Some(Grade::Strong)));
}

#[test]
fn the_reference_is_unharmed_and_others_are_not() {
    let found = answer(&broken(|cell, block| match cell.strategy.as_str() {
        "cache-aside" => Fate::Unharmed,
        _ => one_sooner(cell, block),
    }));
    insta::assert_snapshot!(told(&found), @"
    reference: cache-aside
    What to use: cache-aside when the cache moka is slow by 50 ms from 4 s to 8 s: unharmed in all 8 blocks, unlike others; read-through recovered in all 8 blocks, after 697 ms (596 ms to 798 ms); write-through recovered in all 8 blocks, after 1.29 s (1.19 s to 1.40 s).
    At which price: 478,300 ops/s before it; 100 % (99 % to 101 %) of that while it lasts; 100 % (99 % to 101 %) after it; the store's peak 1.04 (1.03 to 1.06) times its usual rate; no errors. Before it write-through answers 1.28 times as much (not tested).
    How sure: Strong: 2 of 2 others are later, by the sign test over 8 blocks (Holm, 5 %); with 8 blocks and 2 comparisons only 8 of 8 can tell.
    Changes: Not known: one point was measured (read ratio 0.9).
    Doubt: slow was done by a proxy, through which every call went: times hold the way through it
    ");
    assert_eq!((found.kind, found.names.as_slice()), (Kind::Reference, &["cache-aside".to_owned()][..]));
}

/// Write-through answers ten times as much, and is stuck.
#[test]
fn throughput_decides_nothing() {
    let found = answer(&Sample {
        tweak: |cell, trial| throughput(cell, trial, if cell.strategy == "write-through" { 10.0 } else { 1.0 }),
        ..broken(|cell, block| match cell.strategy.as_str() {
            "write-through" => Fate::Metastable(0.5),
            _ => one_sooner(cell, block),
        })
    });
    assert_eq!((found.kind, found.names.as_slice()), (Kind::Use, &["read-through".to_owned()][..]));
    assert!(found.what.contains("write-through metastable in all 8 blocks"), "{}", found.what);
}

/// In one block of eight write-through does not recover; in the others nothing tells it from cache-aside. It keeps more meanwhile.
#[test]
fn what_is_kept_does_not_make_up_for_one_block_without_recovery() {
    let found = answer(&broken(|cell, block| match (cell.strategy.as_str(), block) {
        ("write-through", 3) => Fate::Never(0.9),
        ("write-through", _) => Fate::Recovered(0.9, 1.0),
        _ => Fate::Recovered(0.5, 1.0),
    }));
    insta::assert_snapshot!(told(&found), @"
    tie: cache-aside, read-through
    What to use: No winner when the cache moka is slow by 50 ms from 4 s to 8 s: no difference between cache-aside and read-through is shown: cache-aside recovered in all 8 blocks, after 1.20 s; read-through recovered in all 8 blocks, after 1.20 s; write-through recovered in 7 of 8 blocks, not recovered in 1, after 1.19 s (1.19 s to > 8.00 s).
    At which price: cache-aside: 478,300 ops/s before it; 50 % (49 % to 50 %) of that while it lasts; 95 % (94 % to 95 %) after it; the store's peak 1.50 (1.47 to 1.54) times its usual rate; errors: timeout 4,709,490; 1,883,740 shed; 2,989 stale reads after it. read-through: 608,094 ops/s before it; 50 % of that while it lasts; 94 % (94 % to 95 %) after it; the store's peak 2.06 (1.98 to 2.14) times its usual rate; errors: timeout 6,061,683; 2,424,615 shed; 3,879 stale reads after it.
    How sure: Strong: alike in every block, within a window, over 8 blocks; not shown to be behind: write-through, which once did not recover; with 8 blocks and 2 comparisons only 8 of 8 can tell.
    Changes: Not known: one point was measured (read ratio 0.9).
    Doubt: slow was done by a proxy, through which every call went: times hold the way through it
    ");
    assert!(!found.names.contains(&"write-through".to_owned()), "{:?}", found.names);
}

#[test]
fn of_those_that_recover_alike_who_keeps_more() {
    let found = answer(&broken(|cell, _| match cell.strategy.as_str() {
        "read-through" => Fate::Degraded(0.9),
        _ => Fate::Degraded(0.4),
    }));
    insta::assert_snapshot!(told(&found), @"
    use: read-through
    What to use: read-through when the cache moka is slow by 50 ms from 4 s to 8 s: degraded in all 8 blocks, no later than cache-aside, of whose goodput less was kept meanwhile; cache-aside degraded in all 8 blocks; write-through degraded in all 8 blocks.
    At which price: 608,094 ops/s before it; 90 % (90 % to 91 %) of that while it lasts; 100 % (99 % to 101 %) after it; the store's peak 1.49 (1.46 to 1.53) times its usual rate; errors: timeout 968,949; 387,535 shed.
    How sure: Strong: read-through more kept in 8 of 8 blocks than cache-aside, by the sign test over 8 blocks (Holm, 5 %); with 8 blocks and 2 comparisons only 8 of 8 can tell.
    Changes: Not known: one point was measured (read ratio 0.9).
    Doubt: slow was done by a proxy, through which every call went: times hold the way through it
    ");
    assert_eq!((found.kind, found.names.as_slice()), (Kind::Use, &["read-through".to_owned()][..]));
}

#[test]
fn all_alike_is_a_tie() {
    let found = answer(&broken(|_, _| Fate::Unharmed));
    insta::assert_snapshot!(told(&found), @"
    tie: cache-aside, read-through, write-through
    What to use: Any will do when the cache moka is slow by 50 ms from 4 s to 8 s: they are as before alike soon, within a window: cache-aside unharmed in all 8 blocks; read-through unharmed in all 8 blocks; write-through unharmed in all 8 blocks.
    At which price: cache-aside: 478,300 ops/s before it; 100 % (99 % to 101 %) of that while it lasts; 100 % (99 % to 101 %) after it; the store's peak 1.04 (1.03 to 1.06) times its usual rate; no errors. read-through: 608,094 ops/s before it; 100 % (99 % to 101 %) of that while it lasts; 100 % (99 % to 101 %) after it; the store's peak 1.05 (1.03 to 1.06) times its usual rate; no errors. The table has the others.
    How sure: Strong: alike in every block, within a window, over 8 blocks; with 8 blocks and 2 comparisons only 8 of 8 can tell.
    Changes: Not known: one point was measured (read ratio 0.9).
    Doubt: slow was done by a proxy, through which every call went: times hold the way through it
    ");
    assert_eq!(found.kind, Kind::Tie);
}

#[test]
fn all_stuck_is_said_and_nobody_is_better() {
    let found = answer(&broken(|_, _| Fate::Metastable(0.2)));
    insta::assert_snapshot!(told(&found), @"
    tie: cache-aside, read-through, write-through
    What to use: None of them when the cache moka is slow by 50 ms from 4 s to 8 s: no arm was as before in any block while it was looked at: cache-aside metastable in all 8 blocks (> 8.00 s); read-through metastable in all 8 blocks (> 8.00 s); write-through metastable in all 8 blocks (> 8.00 s).
    At which price: cache-aside: 478,300 ops/s before it; 20 % of that while it lasts; 20 % after it; the store's peak 0.84 (0.83 to 0.86) times its usual rate; errors: timeout 18,089,456; 7,235,628 shed; 11,597 stale reads after it. read-through: 608,094 ops/s before it; 20 % of that while it lasts; 20 % after it; the store's peak 1.20 (1.15 to 1.24) times its usual rate; errors: timeout 23,217,220; 9,286,735 shed; 14,915 stale reads after it. The table has the others.
    How sure: Strong: none was as before in any of 8 blocks; with 8 blocks and 2 comparisons only 8 of 8 can tell.
    Changes: Not known: one point was measured (read ratio 0.9).
    Doubt: slow was done by a proxy, through which every call went: times hold the way through it
    ");
    assert_eq!(found.kind, Kind::Tie);
}

/// Sooner in six of eight, later in two.
#[test]
fn what_the_test_could_not_tell_is_no_winner() {
    let found = answer(&broken(|cell, block| match (cell.strategy.as_str(), block) {
        ("read-through", 0 | 1) => Fate::Recovered(0.5, 3.0),
        ("read-through", _) => Fate::Recovered(0.5, 0.4),
        _ => Fate::Recovered(0.5, 2.0),
    }));
    insta::assert_snapshot!(told(&found), @r#"
    tie: cache-aside, read-through, write-through
    What to use: No winner when the cache moka is slow by 50 ms from 4 s to 8 s: no difference between cache-aside, read-through and write-through is shown: cache-aside recovered in all 8 blocks, after 2.20 s; read-through recovered in all 8 blocks, after 597 ms (596 ms to 3.20 s); write-through recovered in all 8 blocks, after 2.19 s (2.19 s to 2.20 s).
    At which price: cache-aside: 478,300 ops/s before it; 50 % (49 % to 50 %) of that while it lasts; 88 % (88 % to 89 %) after it; the store's peak 1.50 (1.47 to 1.54) times its usual rate; errors: timeout 5,648,851; 2,259,476 shed; 6,726 stale reads after it. read-through: 608,094 ops/s before it; 50 % of that while it lasts; 98 % (81 % to 99 %) after it; the store's peak 2.06 (1.98 to 2.14) times its usual rate; errors: timeout 6,189,890; 2,475,895 shed; 4,392 stale reads after it. The table has the others.
    How sure: Undecided: not shown either way by the sign test over 8 blocks (Holm, 5 %), which is not "no difference"; with 8 blocks and 2 comparisons only 8 of 8 can tell.
    Changes: Not known: one point was measured (read ratio 0.9).
    Doubt: slow was done by a proxy, through which every call went: times hold the way through it
    "#);
    assert_eq!((found.kind, found.grade), (Kind::Tie, Some(Grade::Undecided)));
}

#[test]
fn every_trial_is_invalid_and_the_fault_is_named() {
    let found = answer(&broken(|_, _| Fate::Failed));
    insta::assert_snapshot!(told(&found), @r#"
    none: 
    What to use: Nothing to recommend when the cache moka is slow by 50 ms from 4 s to 8 s: all 32 trials are invalid (fault-failed).
    How sure: Not at all.
    Doubt: "slow by 50 ms" could not be done or undone in 32 of 32 trials (no such process)
    Doubt: slow was done by a proxy, through which every call went: times hold the way through it
    Doubt: 32 of 32 trials invalid
    Doubt: fault failed in 32 of 32 trials
    "#);
    assert_eq!(found.kind, Kind::None);
}

#[test]
fn too_few_blocks_still_say_what_became_of_each() {
    let found = answer(&Sample { blocks: 3, ..broken(one_sooner) });
    insta::assert_snapshot!(told(&found), @"
    none: 
    What to use: Nothing to recommend yet when the cache moka is slow by 50 ms from 4 s to 8 s: no verdict on 2 comparisons from 3 blocks; 7 are needed. So far cache-aside recovered in all 3 blocks, after 2.20 s (2.20 s to 2.40 s); read-through recovered in all 3 blocks, after 598 ms (597 ms to 797 ms); write-through recovered in all 3 blocks, after 1.20 s (1.19 s to 1.40 s).
    How sure: Not at all.
    Doubt: slow was done by a proxy, through which every call went: times hold the way through it
    ");
    assert_eq!(found.kind, Kind::None);
}

#[test]
fn one_arm_alone_says_what_became_of_it() {
    let (_folder, mut run) =
        written(&Sample { strategies: &["cache-aside"], faults: &["restart"], ..broken(one_sooner) });
    run.manifest.cells.retain(|cell| !cell.control);
    run.trials.retain(|trial| run.manifest.cells.iter().any(|cell| cell.id == trial.cell));
    run.manifest.blocks.iter_mut().for_each(|block| block.retain(|id| !id.ends_with("-again")));
    let found = answer_of(&run);
    insta::assert_snapshot!(told(&found), @"
    alone: 
    What to use: Nothing to choose from when the cache moka is restarted empty at 4 s: cache-aside recovered in all 8 blocks, after 2.30 s (2.20 s to 2.40 s); nothing is compared.
    At which price: 478,300 ops/s before it; 49 % (48 % to 49 %) of that in the worst window; 92 % (91 % to 92 %) after it; the store's peak 1.49 (1.44 to 1.54) times its usual rate; errors: timeout 1,980,553; 792,201 shed; 7,136 stale reads after it.
    ");
    assert_eq!(found.kind, Kind::Alone);
}

#[test]
fn doubts_are_of_faults_that_failed_came_late_or_met_a_restless_run() {
    let found = answer(&Sample {
        late_s: 0.5,
        faults: &["slow", "flush"],
        ..broken(|cell, block| if block == 2 { Fate::Failed } else { one_sooner(cell, block) })
    });
    insta::assert_snapshot!(found.doubts.join("\n"), @r#"
    "slow by 50 ms" could not be done or undone in 4 of 32 trials (no such process)
    a fault was in place up to 503 ms later than declared in 28 of 32 trials
    slow was done by a proxy, through which every call went: times hold the way through it
    4 of 32 trials invalid
    fault failed in 4 of 32 trials
    "#);
    assert!(found.what.contains("slow by 50 ms") && found.what.contains("flushed at 10 s"), "{}", found.what);
}

/// Windows before the fault that would not pass for as before themselves.
#[test]
fn a_restless_run_is_a_doubt() {
    let found = answer(&Sample {
        tweak: |cell, trial| {
            alike(cell, trial);
            let recovery = trial.recovery.as_mut().unwrap();
            recovery.noise = Some(if trial.block == 3 { 0.35 } else { 0.1 });
        },
        ..broken(one_sooner)
    });
    let wanted = "restless before the fault: up to 35 % of its windows missed the plain bounds of \"as before\" themselves in \
                  4 of 32 trials";
    assert!(found.doubts.iter().any(|doubt| doubt == wanted), "{:?}", found.doubts);
}

/// Another answers as much and ten times sooner while the fault lasts: what is to be used has its price. One that fails what it is asked does not count.
#[test]
fn who_answers_much_sooner_while_it_lasts_is_said_unless_it_answers_less() {
    let priced = |fate: fn(&Cell, u32) -> Fate| {
        let tweak: fn(&Cell, &mut Trial) = |cell, trial| {
            alike(cell, trial);
            let recovery = trial.recovery.as_mut().unwrap();
            recovery.before.p99_ns = Some(1_000_000);
            recovery.during.p99_ns = Some(if cell.strategy == "write-through" { 25_000_000 } else { 250_000_000 });
        };
        answer(&Sample { tweak, ..broken(fate) }).price.unwrap()
    };
    let price = priced(one_sooner);
    assert!(price.contains("p99 250 ms while it lasts, 1.00 ms before it"), "{price}");
    assert!(
        price.contains("While it lasts write-through has a p99 of 25.0 ms, against 250 ms (not tested)"),
        "{price}"
    );
    let price = priced(|cell, block| match cell.strategy.as_str() {
        "write-through" => Fate::Recovered(0.3, 1.0),
        _ => one_sooner(cell, block),
    });
    assert!(!price.contains("write-through has"), "{price}");
}

/// As before in the very window in which the fault ends, and harmed all the same.
#[test]
fn what_was_as_before_at_once_is_not_said_to_be_unharmed() {
    let found = answer(&Sample {
        tweak: |cell, trial| {
            alike(cell, trial);
            if cell.strategy == "read-through" {
                trial.recovery.as_mut().unwrap().recovered_after_ns = Some(0);
            }
        },
        ..broken(|cell, block| match cell.strategy.as_str() {
            "read-through" => Fate::Degraded(0.5),
            _ => one_sooner(cell, block),
        })
    });
    assert!(found.what.contains("degraded in all 8 blocks") && !found.what.contains("unlike"), "{}", found.what);
}

#[test]
fn who_leads_may_depend_on_where() {
    let found = answer(&Sample {
        read_ratios: &[0.5, 0.9],
        ..broken(|cell, _| match (cell.strategy.as_str(), cell.read_ratio < 0.9) {
            ("read-through", true) | ("write-through", false) => Fate::Recovered(0.5, 0.4),
            ("cache-aside", _) => Fate::Recovered(0.5, 2.0),
            _ => Fate::Recovered(0.5, 4.0),
        })
    });
    insta::assert_snapshot!(told(&found), @"
    depends: 
    What to use: It depends when the cache moka is slow by 50 ms from 4 s to 8 s: of 2 points, read-through leads at 1, write-through leads at 1; cache-aside recovered in all 16 trials, after 2.20 s; read-through recovered in all 16 trials, after 2.40 s (595 ms to 4.20 s); write-through recovered in all 16 trials, after 2.40 s (594 ms to 4.20 s).
    How sure: Weak: who leads differs from point to point, by the sign test over 8 blocks (Holm, 5 %); with 8 blocks and 2 comparisons only 8 of 8 can tell.
    Doubt: slow was done by a proxy, through which every call went: times hold the way through it
    ");
    assert_eq!(found.kind, Kind::Depends);
}

/// A reference that has nothing to break is unharmed, which is said.
#[test]
fn what_has_no_such_server_is_told() {
    let found = answer(&Sample {
        tweak: |cell, trial| {
            alike(cell, trial);
            if cell.strategy == "cache-aside" {
                trial.faults.iter_mut().for_each(|fault| (fault.actor, fault.server) = ("none".into(), String::new()));
            }
        },
        ..broken(|cell, block| match cell.strategy.as_str() {
            "cache-aside" => Fate::Unharmed,
            _ => one_sooner(cell, block),
        })
    });
    assert!(found.price.unwrap().starts_with("Nothing was done to it, for it has no such server; "));
}
