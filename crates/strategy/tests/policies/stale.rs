//! A stale answer in place of an error: entries outlive their lifetime for it, and stand in only where the store does not answer.

use crate::rig::{Rig, ctx, key};
use cachemark_core::{OpError, Source, StoreError, Strategy, Value, Version};
use cachemark_strategy::resilience::strategies_with_policies;
use cachemark_strategy::strategies;
use cachemark_testkit::scripted::{Op, When};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep};

const SECOND: Duration = Duration::from_secs(1);

fn down() -> StoreError {
    StoreError::Unavailable("down".into())
}

/// Every strategy that takes the setting and knows a lifetime, with one of a second.
fn names() -> Vec<&'static str> {
    let takes = strategies_with_policies(strategies());
    let takes = takes.iter().filter(|strategy| strategy.setting("stale-if-error").is_some());
    takes.filter(|strategy| strategy.setting("ttl-ms").is_some()).map(|strategy| strategy.name).collect()
}

/// One whose key was filled two seconds ago, to live for one.
async fn expired(name: &str) -> Rig {
    expired_over(name, "").await
}

/// The same with policies of the store.
async fn expired_over(name: &str, store_policies: &str) -> Rig {
    let of_strategy = "ttl-ms=1000 ttl-jitter=0 stale-if-error=recommended stale-if-error-ms=5000";
    let rig = Rig::with(name, of_strategy, "", store_policies);
    rig.store.preload(&key(), Value::new("a"));
    rig.read().await.unwrap();
    assert_eq!(rig.read().await.unwrap().source, Source::Hit, "{name}");
    sleep(2 * SECOND).await;
    rig.asked();
    rig
}

#[tokio::test(start_paused = true)]
async fn an_expired_entry_is_a_miss_while_the_store_answers() {
    assert!(names().len() >= 8, "{:?}", names());
    for name in names() {
        let rig = expired(name).await;
        assert_eq!(rig.read().await.unwrap().source, Source::MissLed, "{name}");
        assert_eq!(rig.read().await.unwrap().source, Source::Hit, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn it_stands_in_where_the_store_fails_and_not_for_longer_than_it_may() {
    for name in names() {
        let rig = expired(name).await;
        rig.store.fail_when(When::every(Op::Read), down());
        let read = rig.read().await.unwrap();
        assert_eq!((read.source, read.version), (Source::StaleServed, Some(Version(1))), "{name}");
        sleep(5 * SECOND).await;
        assert_eq!(rig.read().await, Err(OpError::Store(down())), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_hundred_readers_of_a_store_that_hangs_get_it_when_the_first_call_is_over() {
    for name in names() {
        let rig = expired_over(name, "call-timeout-ms=50").await;
        rig.store.delay_when(When::every(Op::Read), 60 * SECOND);
        let began = Instant::now();
        let read = |_| {
            let strategy = Arc::clone(&rig.strategy);
            tokio::spawn(async move { strategy.read(&ctx().until(began + SECOND), &key()).await })
        };
        for reader in (0..100).map(read).collect::<Vec<_>>() {
            assert_eq!(reader.await.unwrap().map(|read| read.source), Ok(Source::StaleServed), "{name}");
        }
        assert!(began.elapsed() < Duration::from_millis(60), "{name}: {:?}", began.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_that_refuses_is_an_answer() {
    let rig = expired("cache-aside").await;
    let refused = StoreError::Rejected("no".into());
    rig.store.fail_next(Op::Read, refused.clone());
    assert_eq!(rig.read().await, Err(OpError::Store(refused)));
}

#[tokio::test(start_paused = true)]
async fn what_was_written_since_is_not_served_from_before() {
    let rig = expired("cache-aside").await;
    rig.write("b").await.unwrap();
    rig.store.fail_when(When::every(Op::Read), down());
    assert_eq!(rig.read().await, Err(OpError::Store(down())));
}

#[tokio::test(start_paused = true)]
async fn off_the_cache_forgets_what_has_expired() {
    let rig = Rig::with("cache-aside", "ttl-ms=1000 ttl-jitter=0", "", "");
    rig.store.preload(&key(), Value::new("a"));
    rig.read().await.unwrap();
    sleep(2 * SECOND).await;
    rig.store.fail_when(When::every(Op::Read), down());
    assert_eq!(rig.read().await, Err(OpError::Store(down())));
}
