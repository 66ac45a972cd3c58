//! Hits that renew the lifetime.

use crate::rig::{Rig, ctx, found, key};
use cachemark_core::Source::{Hit, MissLed};
use cachemark_core::{Key, Strategy, Value};
use std::time::Duration;
use tokio::time::advance;

const TTL: Duration = Duration::from_secs(1);

fn rig(settings: &str) -> Rig {
    let rig = Rig::new("sliding-ttl", settings);
    rig.store.preload(&key(), Value::new("a"));
    rig
}

#[tokio::test(start_paused = true)]
async fn an_entry_lives_for_as_long_as_it_is_asked_for() {
    let rig = rig("ttl-ms=1000 ttl-jitter=0");
    assert_eq!(rig.read().await, found("a", 1, MissLed));
    assert_eq!(rig.asked(), ["C.get-and-touch k for 1s", "S.read k", "C.set k v1 for 1s"]);
    for _ in 0..20 {
        advance(TTL - Duration::from_millis(1)).await;
        assert_eq!(rig.read().await, found("a", 1, Hit));
    }
    advance(TTL).await;
    assert_eq!(rig.read().await, found("a", 1, MissLed));
}

#[tokio::test(start_paused = true)]
async fn an_update_brings_a_lifetime_of_its_own() {
    let rig = rig("on-write=update ttl-ms=1000 ttl-jitter=0");
    rig.read().await.unwrap();
    advance(TTL / 2).await;
    rig.write("b").await.unwrap();
    advance(TTL - Duration::from_millis(1)).await;
    assert_eq!(rig.read().await, found("b", 2, Hit));
}

#[tokio::test(start_paused = true)]
async fn an_old_entry_that_is_asked_for_outlives_its_ttl() {
    let rig = rig("on-write=none ttl-ms=1000 ttl-jitter=0");
    rig.read().await.unwrap();
    rig.write("b").await.unwrap();
    for _ in 0..10 {
        advance(TTL / 2).await;
        assert_eq!(rig.read().await, found("a", 1, Hit), "the TTL bounds no staleness");
    }
}

/// The times to live that a run gives to its keys, in the order of the calls.
async fn ttls() -> Vec<Duration> {
    let rig = Rig::new("sliding-ttl", "ttl-ms=10000 ttl-jitter=0.5");
    for index in 0..100u64 {
        let key = Key::new(format!("k{}", index % 10)).unwrap();
        rig.store.preload(&key, Value::new("a"));
        rig.strategy.read(&ctx().at(index), &key).await.unwrap();
    }
    rig.log.calls().iter().filter_map(|call| call.ttl).collect()
}

#[tokio::test(start_paused = true)]
async fn renewals_are_spread_and_repeat() {
    let first = ttls().await;
    assert_eq!(first.len(), 110, "100 touches and 10 fills");
    assert!(first.iter().all(|ttl| (5.0..=15.0).contains(&ttl.as_secs_f64())));
    assert!(first.iter().max().unwrap().as_secs_f64() - first.iter().min().unwrap().as_secs_f64() > 8.0);
    assert_eq!(first, ttls().await);
}
