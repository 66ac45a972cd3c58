//! What an open breaker does to its own side and to the other: the load that the cache took goes to the store, unless that is limited.

use crate::rig::{Rig, ctx, key};
use cachemark_core::{CacheEffect, CacheError, ErrorKind, Key, OpError, Source, StoreError, Strategy, Value};
use cachemark_testkit::scripted::{Op, When};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;

const MS: Duration = Duration::from_millis(1);

fn keys() -> impl Iterator<Item = Key> {
    (0..100).map(|number| Key::new(format!("k{number}")).unwrap())
}

#[tokio::test(start_paused = true)]
async fn an_open_breaker_of_the_cache_is_passed_over_and_one_of_the_store_fails_at_once() {
    let rig = Rig::new("cache-aside", "breaker=textbook", "breaker=textbook");
    rig.store.preload(&key(), Value::new("a"));
    rig.cache.fail_when(When::always(), CacheError::Unavailable("down".into()));
    for _ in 0..5 {
        assert_eq!(rig.strategy.read(&ctx(), &key()).await.unwrap().source, Source::CacheFailed);
    }
    assert_eq!(rig.asked().iter().filter(|call| call.starts_with("C.")).count(), 2, "the third is not made");
    let written = rig.strategy.write(&ctx(), &key(), Value::new("b")).await.unwrap();
    assert_eq!(written.cache, CacheEffect::Failed(ErrorKind::BreakerOpen));
    rig.store.fail_when(When::always(), StoreError::Timeout(Duration::from_secs(1)));
    for _ in 0..2 {
        rig.strategy.read(&ctx(), &key()).await.unwrap_err();
    }
    rig.asked();
    let error = rig.strategy.read(&ctx(), &key()).await.unwrap_err();
    assert_eq!((error.clone(), error.kind()), (OpError::Store(StoreError::BreakerOpen), ErrorKind::BreakerOpen));
    assert!(!error.is_unknown() && !error.is_shed());
    assert_eq!(rig.asked(), [""; 0], "nobody was asked");
    assert_eq!(rig.both_told("breaker-opened"), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn it_closes_by_itself_once_the_other_side_works_again() {
    let rig = Rig::new("cache-aside", "breaker=textbook", "");
    rig.store.preload(&key(), Value::new("a"));
    let down = || CacheError::Unavailable("down".into());
    (1..=2).for_each(|turn| rig.cache.fail_when(When::next(Op::Get).nth(turn), down()));
    for _ in 0..3 {
        rig.strategy.read(&ctx(), &key()).await.unwrap();
    }
    assert_eq!(rig.both_told("breaker-refused"), (1, 0));
    sleep(Duration::from_secs(5)).await;
    // The probe finds the cache empty and well, and the refill after it passes: the breaker is closed.
    let sources = [rig.strategy.read(&ctx(), &key()).await, rig.strategy.read(&ctx(), &key()).await];
    assert_eq!(sources.map(|read| read.unwrap().source), [Source::MissLed, Source::Hit]);
    assert_eq!((rig.both_told("breaker-closed"), rig.both_told("breaker-open-ns")), ((1, 0), (5_000_000_000, 0)));
}

/// A hundred readers of as many keys that were in the cache, at once, while its breaker is open and a row takes 10 ms: how many calls
/// the store has at once, how many reads are answered, and how many are shed.
async fn flood(store_policies: &str) -> (usize, usize, usize) {
    let rig = Arc::new(Rig::new("cache-aside", "breaker=textbook", store_policies));
    for key in keys() {
        rig.store.preload(&key, Value::new("a"));
        rig.strategy.read(&ctx(), &key).await.unwrap();
    }
    rig.cache.fail_when(When::always(), CacheError::Unavailable("down".into()));
    for _ in 0..2 {
        rig.strategy.read(&ctx(), &key()).await.unwrap();
    }
    rig.asked();
    rig.store.delay_when(When::every(Op::Read), 10 * MS);
    let readers: Vec<_> = keys()
        .map(|key| {
            let rig = Arc::clone(&rig);
            tokio::spawn(async move { rig.strategy.read(&ctx(), &key).await })
        })
        .collect();
    // All have come, and no row has.
    sleep(MS).await;
    let at_once = rig.asked();
    assert!(at_once.iter().all(|call| call.starts_with("S.read")), "the cache is not asked: {at_once:?}");
    let (mut answered, mut shed) = (0, 0);
    for reader in readers {
        match reader.await.unwrap() {
            Ok(read) => {
                assert_eq!(read.source, Source::CacheFailed);
                answered += 1;
            }
            Err(error) => {
                assert!(error.is_shed(), "{error}");
                shed += 1;
            }
        }
    }
    (at_once.len(), answered, shed)
}

#[tokio::test(start_paused = true)]
async fn an_open_breaker_without_a_limit_sends_all_load_to_the_store() {
    assert_eq!(flood("").await, (100, 100, 0));
}

#[tokio::test(start_paused = true)]
async fn with_a_limit_the_store_has_no_more_than_it_can_do_and_the_rest_is_shed_before_work() {
    let limit = "limit=recommended limit-calls=6 limit-queue=24 limit-wait-ms=1000";
    assert_eq!(flood(limit).await, (6, 30, 70));
    assert_eq!(flood("limit=textbook").await, (25, 25, 75), "no queue");
}
