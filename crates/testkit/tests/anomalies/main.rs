//! The anomaly suite sees each mistake in a strategy that makes it, and sees none in one that makes none.

mod broken;
mod doubles;
mod foreign;
mod judged;

use cachemark_core::{ANOMALIES, Anomaly};
use cachemark_testkit::anomaly::Suite;
use doubles::{Double, Way};
use judged::seen;
use std::collections::BTreeSet;

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
        BTreeSet::from(["crash-after-commit", "lost-write", "non-monotonic-read", "unflushed-read"])
    );
    for (way, _) in TABLE {
        assert!(seen_in(way, 1).await.iter().all(|name| !needing_two.contains(name)), "{way:?}");
    }
}
