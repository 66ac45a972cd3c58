//! Times to live, and absence.

use crate::rig::{Rig, absent, acked, arms_that, arms_with, ctx, found, key, kinds, takes};
use crate::subject::KEPT_LONGER;
use cachemark_core::CacheEffect::{Invalidated, Updated};
use cachemark_core::Source::{Hit, MissLed};
use cachemark_core::{Key, Strategy, Value};
use std::time::Duration;
use tokio::time::advance;

#[tokio::test(start_paused = true)]
async fn fills_and_updates_carry_the_ttl() {
    // A hit of sliding-ttl renews the TTL: see sliding_ttl.rs.
    for (name, placement) in arms_that("update").filter(|(name, _)| *name != "sliding-ttl") {
        let rig = Rig::new(name, &format!("on-write=update ttl-ms=60000 ttl-jitter=0 {placement}"));
        let kept = format!("k v1 for {:?}", Duration::from_secs(60) + KEPT_LONGER);
        rig.write("a").await.unwrap();
        assert!(rig.asked()[1].ends_with(&kept), "{name}");
        advance(Duration::from_millis(59_999)).await;
        assert_eq!(rig.read().await, found("a", 1, Hit), "{name}");
        advance(Duration::from_millis(1)).await;
        assert_eq!(rig.read().await, found("a", 1, MissLed), "{name}");
        assert_eq!(rig.asked()[2..], ["S.read k".to_owned(), format!("C.set {kept}")], "{name}");
    }
}

/// The times to live that a run gives to its keys.
async fn ttls(name: &str) -> Vec<Duration> {
    let rig = Rig::new(name, "ttl-ms=10000 ttl-jitter=0.5");
    for index in 0..100u64 {
        let key = Key::new(format!("k{index}")).unwrap();
        rig.store.preload(&key, Value::new("a"));
        rig.strategy.read(&ctx().at(index), &key).await.unwrap();
    }
    rig.log.calls().iter().filter_map(|call| call.ttl?.checked_sub(KEPT_LONGER)).collect()
}

#[tokio::test(start_paused = true)]
async fn jitter_spreads_and_repeats() {
    let first = ttls("cache-aside").await;
    assert_eq!(first.len(), 100);
    assert!(first.iter().all(|ttl| (5.0..=15.0).contains(&ttl.as_secs_f64())));
    assert!(first.iter().max().unwrap().as_secs_f64() - first.iter().min().unwrap().as_secs_f64() > 8.0);
    assert_eq!(first, ttls("cache-aside").await);
    assert_eq!(first, ttls("read-through").await);
}

#[tokio::test(start_paused = true)]
async fn absence_is_not_cached_unless_asked_for() {
    // One that has no say in it remembers it always. One that has won a lease and has nothing to set gives it back: see lease.rs.
    for (name, placement) in arms_with("negative-ttl-ms").filter(|(name, _)| *name != "lease") {
        let rig = Rig::new(name, placement);
        for _ in 0..2 {
            assert_eq!(rig.read().await, absent(0, MissLed), "{name}");
            assert_eq!(kinds(&rig.asked()), ["C.get k", "S.read k"], "{name}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn absence_is_cached_with_the_version_of_the_deletion_and_cleared_by_an_insert() {
    for (on_write, effect, source) in [("invalidate", Invalidated, MissLed), ("update", Updated, Hit)] {
        for (name, placement) in arms_that(on_write).filter(|(name, _)| takes(name, "negative-ttl-ms")) {
            let rig = Rig::new(name, &format!("on-write={on_write} negative-ttl-ms=500 ttl-jitter=0 {placement}"));
            rig.store.preload(&key(), Value::new("a"));
            rig.delete().await.unwrap();
            rig.asked();
            assert_eq!(rig.read().await, absent(2, MissLed), "{name}");
            assert_eq!(rig.asked(), ["C.get k", "S.read k", "C.set k v2 for 500ms"], "{name}");
            assert_eq!(rig.read().await, absent(2, Hit), "{name}");
            assert_eq!(rig.write("b").await, acked(3, effect), "{name}");
            assert_eq!(rig.read().await, found("b", 3, source), "{name}");
        }
    }
}
