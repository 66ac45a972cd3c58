//! The anomaly suite sees each mistake in a strategy that makes it, and sees none in one that makes none.

mod broken;
mod doubles;
mod foreign;
mod judged;
mod lasting;
mod near_cache;

use cachemark_core::anomaly::{AVALANCHE, NEAR_CACHE_RACE, REPLICA_LAG, REPLICA_RESURRECTION};
use cachemark_core::{ANOMALIES, Anomaly};
use cachemark_testkit::anomaly::{Absence, Evidence, Suite, Verdict};
use doubles::{Double, Way};
use judged::seen;
use lasting::{LIFETIME, Lasting};
use near_cache::{Messages, NearCache};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

async fn seen_in(way: Way, processes: u8) -> Vec<&'static str> {
    seen(&Suite::new(|cache, store| Double::new(way, cache, store)), processes).await
}

/// What one process of each double has.
const TABLE: [(Way, &[&str]); 7] = [
    (Way::InvalidatesFirst, &["stale-set", "early-invalidation", "stampede", "penetration", "resurrected-delete"]),
    (
        Way::UpdatesUnlocked,
        &[
            "write-inversion",
            "forgotten-version",
            "refill-over-update",
            "cancelled-write",
            "stampede",
            "penetration",
            "resurrected-delete",
        ],
    ),
    (
        Way::UpdatesUnderLock,
        &["refill-over-update", "cancelled-write", "stampede", "penetration", "resurrected-delete"],
    ),
    (Way::UpdatesByVersion, &["forgotten-version", "cancelled-write", "stampede", "penetration", "resurrected-delete"]),
    (
        Way::CacheFirst,
        &["write-inversion", "refill-over-update", "dirty-read", "stampede", "penetration", "resurrected-delete"],
    ),
    (Way::JoinsWithoutForgetting, &["stale-set", "cancelled-write", "stale-join", "penetration", "resurrected-delete"]),
    (Way::OneAtATime, &[]),
];

#[tokio::test(start_paused = true)]
async fn each_mistake_shows_what_it_brings_about_and_nothing_else() {
    for (way, expected) in TABLE {
        assert_eq!(seen_in(way, 1).await, expected, "{way:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_lock_orders_its_own_process_alone() {
    let two = seen_in(Way::OneAtATime, 2).await;
    let expected =
        ["stale-set", "crash-after-commit", "stale-join", "stampede", "resurrected-delete", "stale-negative"];
    assert_eq!(two, expected);
    // Of writers under a lock, those of two processes invert each other all the same.
    let [one, two] = [seen_in(Way::UpdatesUnderLock, 1).await, seen_in(Way::UpdatesUnderLock, 2).await];
    let of_two = ["write-inversion", "forgotten-version", "crash-after-commit"];
    assert!(of_two.iter().all(|name| two.contains(name) && !one.contains(name)), "{one:?} {two:?}");
}

#[tokio::test(start_paused = true)]
async fn what_is_acknowledged_before_the_store_has_it_is_lost_with_its_process() {
    let names = ["lost-write", "unflushed-read"];
    let seen = seen_in(Way::AcknowledgesFirst, 2).await;
    assert!(names.iter().all(|name| seen.contains(name)), "{seen:?}");
    for (way, _) in TABLE {
        let seen = seen_in(way, 2).await;
        assert!(!names.iter().any(|name| seen.contains(name)), "{way:?}: {seen:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_needs_two_processes_is_never_seen_in_one() {
    let needing_two: BTreeSet<_> =
        ANOMALIES.iter().filter(|anomaly| anomaly.processes == 2).map(|Anomaly { name, .. }| *name).collect();
    assert_eq!(
        needing_two,
        BTreeSet::from(["crash-after-commit", "lost-write", "near-cache-race", "non-monotonic-read", "unflushed-read"])
    );
    for (way, _) in TABLE {
        assert!(seen_in(way, 1).await.iter().all(|name| !needing_two.contains(name)), "{way:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_replica_that_lags_gives_the_old_row_to_whoever_finds_no_entry() {
    let suite = |way| Suite::new(move |cache, store| Double::new(way, cache, store)).reading_a_replica();
    let kept = "seen: got `old` (v1, hit) instead of ";
    for (way, anomaly, right) in [
        (Way::OneAtATime, REPLICA_LAG, "`new`"),
        (Way::OneAtATime, REPLICA_RESURRECTION, "no value"),
        (Way::UpdatesByVersion, REPLICA_RESURRECTION, "no value"),
    ] {
        assert_eq!(suite(way).provoke(&anomaly, 1).await.to_string(), format!("{kept}{right}"), "{way:?}");
    }
    // The entry of the write stands: nobody asks the replica.
    assert_eq!(suite(Way::UpdatesByVersion).provoke(&REPLICA_LAG, 1).await, Verdict::Absent(Absence::Right));
    // Where there is none, nothing is told of it.
    let none = Suite::new(|cache, store| Double::new(Way::OneAtATime, cache, store)).provoke(&REPLICA_LAG, 1).await;
    assert_eq!(none, Verdict::Absent(Absence::NotReached("the store's reads come from no replica")));
}

#[tokio::test(start_paused = true)]
async fn entries_of_one_lifetime_are_loaded_together_and_those_of_many_are_not() {
    let avalanche = async |step| {
        let suite =
            Suite::new(move |cache, store| Double::new(Way::OneAtATime, Arc::new(Lasting::new(cache, step)), store));
        suite.provoke(&AVALANCHE, 1).await
    };
    let together = Verdict::Seen(Evidence::Together { keys: 8, lifetime: LIFETIME });
    assert_eq!(avalanche(Duration::ZERO).await, together);
    // Of eight the last ends seven steps after the first: within a millisecond, or not.
    assert_eq!(avalanche(Duration::from_micros(142)).await, together);
    assert_eq!(avalanche(Duration::from_micros(143)).await, Verdict::Absent(Absence::Right));
    assert_eq!(avalanche(Duration::from_secs(1)).await, Verdict::Absent(Absence::Right));
}

#[tokio::test(start_paused = true)]
async fn a_near_cache_keeps_an_old_reply_unless_it_holds_a_place_for_it() {
    let near = |placeholder| {
        let messages = Messages::default();
        Suite::new(move |cache, store| {
            Double::new(Way::OneAtATime, Arc::new(NearCache::new(cache, &messages, placeholder)), store)
        })
    };
    let [without, with] = [near(false), near(true)];
    let seen = without.provoke(&NEAR_CACHE_RACE, 2).await;
    assert_eq!(seen.to_string(), "seen: got `old` (v1, hit) instead of `new`");
    assert_eq!(with.provoke(&NEAR_CACHE_RACE, 2).await, Verdict::Absent(Absence::Right));
    let one = without.provoke(&NEAR_CACHE_RACE, 1).await;
    assert_eq!(one, Verdict::Absent(Absence::NotReached("no other process has a near cache")));
    // Where nobody is told of changes, old replies are kept without any race.
    let deaf = Suite::new(|cache, store| {
        Double::new(Way::OneAtATime, Arc::new(NearCache::new(cache, &Messages::default(), true)), store)
    });
    let masked = deaf.provoke(&NEAR_CACHE_RACE, 2).await;
    assert!(matches!(masked, Verdict::Absent(Absence::Masked(_))), "{masked}");
}
