//! Versions that keep order for as long as the cache remembers them.

use crate::rig::{Rig, absent, acked, ctx, found, key, settle};
use cachemark_core::CacheEffect::{Invalidated, Superseded, Updated};
use cachemark_core::Source::{Hit, MissLed};
use cachemark_core::{CacheError, StoreError, Value, Version};
use cachemark_testkit::scripted::{Op, When};
use std::time::Duration;
use tokio::time::advance;

fn rig(settings: &str) -> Rig {
    let rig = Rig::new("versioned", settings);
    rig.store.preload(&key(), Value::new("a"));
    rig
}

/// A reader that has read the row "a" and comes to the cache only after `between`.
async fn late_reader(rig: &Rig, between: impl AsyncFnOnce()) {
    let gate = rig.store.gate_when(When::next(Op::Read).after_effect());
    let late = rig.start_read(ctx());
    gate.reached().await;
    between().await;
    gate.release();
    assert_eq!(late.await.unwrap(), found("a", 1, MissLed));
}

#[tokio::test(start_paused = true)]
async fn a_late_refill_does_not_cover_an_update() {
    let rig = rig("");
    late_reader(&rig, async || assert_eq!(rig.write("b").await, acked(2, Updated))).await;
    assert_eq!(rig.read().await, found("b", 2, Hit));
}

#[tokio::test(start_paused = true)]
async fn a_tombstone_keeps_a_deleted_row_out_for_its_time() {
    let rig = rig("tombstone-ttl-ms=10000");
    late_reader(&rig, async || {
        assert_eq!(rig.delete().await, acked(2, Updated));
        assert_eq!(rig.read().await, absent(2, Hit), "the tombstone answers");
        advance(Duration::from_millis(9_000)).await;
    })
    .await;
    assert_eq!(rig.read().await, absent(2, Hit));
    advance(Duration::from_millis(1_000)).await;
    assert_eq!(rig.read().await, absent(2, MissLed), "nor does it last longer");
}

#[tokio::test(start_paused = true)]
async fn what_the_cache_has_forgotten_an_older_version_replaces() {
    let expired = rig("tombstone-ttl-ms=10000");
    late_reader(&expired, async || {
        expired.delete().await.unwrap();
        advance(Duration::from_millis(10_001)).await;
    })
    .await;
    assert_eq!(expired.read().await, found("a", 1, Hit), "the tombstone had expired");

    let evicted = rig("");
    late_reader(&evicted, async || {
        evicted.write("b").await.unwrap();
        evicted.cache.evict(&key());
    })
    .await;
    assert_eq!(evicted.read().await, found("a", 1, Hit), "the newer entry had been evicted");
}

#[tokio::test(start_paused = true)]
async fn of_two_writers_the_newer_version_stays() {
    let rig = rig("");
    let gate = rig.store.gate_when(When::next(Op::Write).after_effect());
    let first = rig.start_write("b");
    gate.reached().await;
    assert_eq!(rig.write("c").await, acked(3, Updated));
    gate.release();
    assert_eq!(first.await.unwrap(), acked(2, Superseded));
    assert_eq!(rig.read().await, found("c", 3, Hit));
}

#[tokio::test(start_paused = true)]
async fn an_insert_takes_the_place_of_a_tombstone() {
    let rig = rig("");
    rig.delete().await.unwrap();
    assert_eq!(rig.write("b").await, acked(3, Updated));
    assert_eq!(rig.read().await, found("b", 3, Hit));
}

#[tokio::test(start_paused = true)]
async fn a_tombstone_that_the_cache_will_not_take_removes_the_entry() {
    let rig = rig("");
    rig.read().await.unwrap();
    rig.cache.fail_next(Op::SetIfNewer, CacheError::Rejected("full".into()));
    assert_eq!(rig.delete().await, acked(2, Invalidated));
    assert_eq!(rig.cached(), None);
}

#[tokio::test(start_paused = true)]
async fn a_change_of_unknown_outcome_removes_the_entry() {
    for delete in [false, true] {
        let rig = rig("");
        rig.read().await.unwrap();
        rig.asked();
        let op = if delete { Op::Delete } else { Op::Write };
        rig.store.fail_when(When::next(op).after_effect(), StoreError::ConnectionLost("reset".into()));
        if delete {
            rig.delete().await.unwrap_err()
        } else {
            rig.write("b").await.unwrap_err()
        };
        settle().await;
        assert_eq!(rig.asked()[1..], ["C.delete k"]);
        assert_eq!(rig.store.row(&key()).version, Version(2));
    }
}
