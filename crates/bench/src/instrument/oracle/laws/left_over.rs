//! What an operation of an earlier trial has left, whose client had given it up and which the store carried out after the reset.

use super::parts::{AT_ONCE, FaultyCache, Rows};
use super::sequential::Script;
use super::watch::{Watch, keys, settings};
use super::{TRIAL, is_spotless, oracle};
use crate::instrument::Outcome;
use cachemark_core::{ErrorKind, OpContext, Stamp, Strategy, WriteId};
use cachemark_results::Freshness;
use cachemark_strategy::build;
use cachemark_testkit::scripted::{ManualClock, ScriptedCache};
use cachemark_workload::{OperationKind, Seed};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

const MS: u64 = 1_000_000;
/// As a strategy gives them that does so itself: about the year 2026, in microseconds.
const GIVEN: u64 = 1_790_000_000_000_000;

/// A read finds a value of the trial before.
fn find(script: &mut Script, at_ns: u64, version: u64) {
    let left_over = Stamp { trial: TRIAL - 1, ..script.stamp };
    script.issue(OperationKind::Read, 0, at_ns, (version, Some(Ok(left_over)), Outcome::Ok));
}

#[test]
fn a_value_of_an_earlier_trial_is_left_over_and_makes_no_phantom_of_what_follows() {
    let mut script = Script::new();
    script.write(0, MS, 2);
    // A late write of the trial before took a version, which no attempt of this one accounts for.
    let left_over = Stamp { trial: TRIAL - 1, ..script.stamp };
    script.issue(OperationKind::Read, 0, 2 * MS, (3, Some(Ok(left_over)), Outcome::Ok));
    script.write(0, 3 * MS, 4);
    script.read(0, 4 * MS, 4);
    // Another, which nobody read before the next write was acknowledged above it.
    script.write(0, 5 * MS, 6);
    script.read(1, 6 * MS, 6);
    let told = script.told();
    assert_eq!((told.reads, told.left_over, told.phantoms, told.judged, told.stale), (3, 1, 0, 2, 0));
}

#[test]
fn a_great_version_makes_no_other_key_s_versions_sparse() {
    let mut script = Script::new();
    script.key = 5;
    find(&mut script, MS, GIVEN);
    script.key = 4;
    for version in 2..=4 {
        script.write(0, version * MS, version);
    }
    script.read(1, 6 * MS, 2);
    script.read(1, 7 * MS, 4);
    script.read(2, 8 * MS, 3);
    // Nobody attempted so many, whether anybody attempted any or not.
    script.read(2, 9 * MS, 9);
    script.key = 6;
    script.read(2, 9 * MS, 2);
    let told = script.told();
    assert_eq!((told.left_over, told.judged, told.stale, told.phantoms, told.regressions), (1, 3, 2, 2, 1));
    assert_eq!((told.lag_max, told.lag_mean, told.ages_at_least), (2, Some(1.5), 0));
}

#[test]
fn what_the_store_makes_of_a_row_of_a_great_version_is_judged_as_any_other() {
    let mut script = Script::new();
    script.write(0, MS, 2);
    find(&mut script, 2 * MS, GIVEN);
    for (ms, version) in [(3, GIVEN + 1), (4, GIVEN + 2), (5, GIVEN + 3)] {
        script.write(0, ms * MS, version);
    }
    script.read(1, 6 * MS, GIVEN + 3);
    script.read(1, 7 * MS, GIVEN + 2);
    // From before it was written over: so many versions behind that nobody counted them.
    script.read(2, 8 * MS, 2);
    script.read(2, 9 * MS, GIVEN + 4);
    let last = script.oracle.written().last(4);
    let told = script.told();
    assert_eq!((told.left_over, told.judged, told.stale, told.phantoms, told.out_of_reach), (1, 3, 2, 1, 0));
    assert_eq!((told.lag_max, told.lag_mean, told.own_reads.violations), (1, Some(1.0), 1));
    assert_eq!((last.acknowledged, last.highest), (GIVEN + 3, GIVEN + 3));
}

#[test]
fn a_write_of_an_unknown_end_may_be_what_a_great_version_was_made_of() {
    let mut script = Script::new();
    script.issue(OperationKind::Write, 0, MS, (0, None, Outcome::Unknown(ErrorKind::Timeout)));
    find(&mut script, 2 * MS, GIVEN);
    script.issue(OperationKind::Write, 0, 3 * MS, (0, None, Outcome::Unknown(ErrorKind::Timeout)));
    script.read(1, 4 * MS, GIVEN + 1);
    script.read(1, 5 * MS, GIVEN + 2);
    let told = script.told();
    assert_eq!((told.left_over, told.judged, told.stale, told.phantoms), (1, 1, 0, 1));
}

/// Cache-aside over a store in which a trial of write-behind has left two rows of ten, whose writes came after the reset. A cache
/// that `forgets` one invalidation in four.
async fn cache_aside_after_write_behind(forgets: bool) -> Freshness {
    let (watching, keys) = (oracle(10), keys(10));
    let store = Rows::loaded(&keys);
    let (of_before, clock) = (Arc::new(ScriptedCache::new()), Arc::new(ManualClock::new()));
    let given = settings("write-behind", &[]);
    let before =
        build("write-behind", &given, of_before, Arc::clone(&store), Arc::<ManualClock>::clone(&clock)).unwrap();
    let ctx = OpContext::new(0);
    for (index, key) in (0..2).zip(keys.keys()) {
        let write_id = WriteId { session: 0, sequence: index };
        let stamp = Stamp { trial: TRIAL - 1, key: key.fingerprint(), write_id };
        before.write(&ctx, &key, stamp.seal(b"")).await.unwrap();
    }
    before.drain(&ctx).await.unwrap();
    let one_in_four = |draws: &mut super::parts::Draws| (Duration::ZERO, !draws.next_u64().is_multiple_of(4));
    let cache = FaultyCache::new(Seed::new(7), AT_ONCE, if forgets { one_in_four } else { AT_ONCE });
    let strategy = build("cache-aside", &settings("cache-aside", &[]), cache, store, clock).unwrap();
    let watch = Watch::new(strategy, keys, &watching, Instant::now());
    for sequence in 0..400 {
        let key = sequence % 10;
        watch.issue(OperationKind::Read, key, 1, sequence).await;
        if sequence % 3 == 0 {
            watch.issue(OperationKind::Write, key, 0, sequence).await;
        }
        watch.issue(OperationKind::Read, key, 1, sequence).await;
    }
    watching.finish(watch.finish()).0
}

#[tokio::test(start_paused = true)]
async fn a_trial_after_write_behind_s_is_judged_by_what_the_store_counts() {
    let told = cache_aside_after_write_behind(false).await;
    // Before anybody wrote over them.
    assert!(told.left_over > 0 && told.judged == told.reads - told.left_over, "{told:?}");
    assert!(is_spotless(&Freshness { left_over: 0, ..told.clone() }), "{told:?}");
    let told = cache_aside_after_write_behind(true).await;
    assert_eq!((told.phantoms, told.judged), (0, told.reads - told.left_over), "{told:?}");
    assert!(told.stale > 50 && told.lag_mean.is_some_and(|mean| mean > 1.0) && told.lag_max < 15, "{told:?}");
}
