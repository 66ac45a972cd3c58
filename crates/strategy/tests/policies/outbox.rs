//! The outbox: what the cache did not take of a write is told to it later, and nobody of this process reads the old entry meanwhile.

use crate::rig::{Rig, ctx, key};
use cachemark_core::CacheEffect::{Failed, Invalidated};
use cachemark_core::{CacheError, ErrorKind, Key, OpError, Source, Strategy, Value, Version, WriteOutcome};
use cachemark_testkit::scripted::{Op, When};
use std::time::Duration;
use tokio::time::{Instant, sleep};

const MS: Duration = Duration::from_millis(1);

fn down() -> CacheError {
    CacheError::Unavailable("down".into())
}

/// One whose key is in the cache as its first version.
async fn filled(name: &str, of_strategy: &str, cache_policies: &str) -> Rig {
    let rig = Rig::with(name, of_strategy, cache_policies, "");
    rig.store.preload(&key(), Value::new("a"));
    rig.read().await.unwrap();
    assert_eq!(rig.cache.entry(&key()).map(|entry| entry.version), Some(Version(1)));
    rig.asked();
    rig
}

#[tokio::test(start_paused = true)]
async fn a_lost_invalidation_is_delivered_and_the_write_says_that_it_was_late() {
    let rig = filled("cache-aside", "outbox=recommended", "").await;
    rig.cache.fail_next(Op::Delete, down());
    assert_eq!(rig.write("b").await, Ok(WriteOutcome::committed(Version(2), Failed(ErrorKind::Unavailable))));
    assert!(rig.cache.entry(&key()).is_some(), "it is old, and still there");
    rig.strategy.drain(&ctx()).await.unwrap();
    assert!(rig.cache.entry(&key()).is_none());
    assert_eq!(["outbox-put", "outbox-delivered", "outbox-lost"].map(|name| rig.told(name)), [1, 1, 0]);
}

#[tokio::test(start_paused = true)]
async fn without_one_the_old_entry_stays_and_is_read() {
    let rig = filled("cache-aside", "", "").await;
    rig.cache.fail_next(Op::Delete, down());
    rig.write("b").await.unwrap();
    rig.strategy.drain(&ctx()).await.unwrap();
    let read = rig.read().await.unwrap();
    assert_eq!((read.source, read.version), (Source::Hit, Some(Version(1))), "stale");
}

#[tokio::test(start_paused = true)]
async fn who_reads_a_key_whose_invalidation_is_kept_delivers_it_first() {
    let rig = filled("cache-aside", "outbox=textbook", "").await;
    (1..=2).for_each(|turn| rig.cache.fail_when(When::next(Op::Delete).nth(turn), down()));
    rig.write("b").await.unwrap();
    // The task has tried at once, in vain, and waits for a second.
    sleep(MS).await;
    rig.asked();
    let read = rig.read().await.unwrap();
    assert_eq!((read.source, read.version), (Source::MissLed, Some(Version(2))));
    assert_eq!(rig.asked()[..2], ["C.delete k", "C.get k"]);
}

#[tokio::test(start_paused = true)]
async fn while_the_cache_cannot_be_told_the_key_is_read_past_it() {
    let rig = filled("cache-aside", "outbox=recommended", "").await;
    rig.cache.fail_when(When::every(Op::Delete), down());
    rig.write("b").await.unwrap();
    let read = rig.read().await.unwrap();
    assert_eq!((read.source, read.version), (Source::CacheFailed, Some(Version(2))), "its get would have hit");
}

#[tokio::test(start_paused = true)]
async fn what_an_open_breaker_kept_from_the_cache_is_delivered_once_it_closes() {
    let rig = filled("cache-aside", "outbox=recommended", "breaker=textbook").await;
    rig.cache.fail_when(When::always(), down());
    for _ in 0..2 {
        let _ = rig.strategy.read(&ctx(), &Key::new("other").unwrap()).await;
    }
    assert_eq!(rig.write("b").await.unwrap().cache, Failed(ErrorKind::BreakerOpen));
    rig.cache.forget_script();
    let began = Instant::now();
    rig.strategy.drain(&ctx()).await.unwrap();
    assert!(rig.cache.entry(&key()).is_none());
    let waited = began.elapsed();
    assert!(waited >= 4_900 * MS && waited < 6_100 * MS, "until the breaker lets a probe through: {waited:?}");
}

/// Writes to a hundred cached keys while the cache cannot be reached, then it can: how many of them it still has as they were, and how often
/// a key was put into the outbox, came again, and found no room.
async fn stale_after_a_cut(of_strategy: &str, name: &str) -> (usize, [u64; 3]) {
    let keys: Vec<Key> = (0..100).map(|number| Key::new(format!("k{number}")).unwrap()).collect();
    let rig = Rig::with(name, of_strategy, "breaker=recommended", "");
    for key in &keys {
        rig.store.preload(key, Value::new("a"));
        rig.strategy.read(&ctx(), key).await.unwrap();
    }
    rig.cache.fail_when(When::always(), down());
    for (place, key) in (0..).zip(&keys) {
        rig.strategy.write(&ctx().at(place), key, Value::new("b")).await.unwrap();
    }
    rig.cache.forget_script();
    rig.strategy.drain(&ctx()).await.unwrap();
    let stale = keys.iter().filter(|key| rig.cache.entry(key).is_some_and(|entry| entry.version < Version(2))).count();
    (stale, ["outbox-put", "outbox-put-again", "outbox-lost"].map(|name| rig.told(name)))
}

#[tokio::test(start_paused = true)]
async fn after_a_cut_every_key_that_was_written_is_stale_without_an_outbox_and_none_with_one() {
    for name in ["cache-aside", "read-through", "write-through", "single-flight"] {
        assert_eq!(stale_after_a_cut("", name).await, (100, [0, 0, 0]), "{name}");
        assert_eq!(stale_after_a_cut("outbox=recommended", name).await, (0, [100, 0, 0]), "{name}");
        let bounded = stale_after_a_cut("outbox=recommended outbox-keys=60", name).await;
        assert_eq!(bounded, (40, [60, 0, 40]), "{name}: what it has no room for");
    }
}

#[tokio::test(start_paused = true)]
async fn an_update_that_failed_is_invalidated_later() {
    let rig = filled("cache-aside", "outbox=recommended on-write=update", "").await;
    rig.cache.fail_next(Op::Set, down());
    assert_eq!(rig.write("b").await.unwrap().cache, Failed(ErrorKind::Unavailable));
    rig.strategy.drain(&ctx()).await.unwrap();
    assert!(rig.cache.entry(&key()).is_none());
}

#[tokio::test(start_paused = true)]
async fn a_write_that_succeeds_later_settles_what_an_earlier_one_left() {
    let rig = filled("cache-aside", "outbox=textbook", "").await;
    (1..=2).for_each(|turn| rig.cache.fail_when(When::next(Op::Delete).nth(turn), down()));
    rig.write("b").await.unwrap();
    sleep(MS).await;
    assert_eq!(rig.write("c").await.unwrap().cache, Invalidated);
    assert_eq!((rig.told("outbox-delivered"), rig.told("outbox-failed")), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_drain_ends_by_its_deadline_where_the_cache_never_takes_it() {
    let rig = filled("cache-aside", "outbox=recommended", "").await;
    rig.cache.fail_when(When::always(), down());
    rig.write("b").await.unwrap();
    let began = Instant::now();
    let ended = rig.strategy.drain(&ctx().until(began + 500 * MS)).await;
    assert_eq!(ended, Err(OpError::Deadline));
    assert!(began.elapsed() <= 502 * MS);
}

#[tokio::test(start_paused = true)]
async fn who_has_errors_reported_hears_of_it_and_the_outbox_works_all_the_same() {
    let rig = filled("cache-aside", "outbox=recommended on-cache-write-error=error", "").await;
    rig.cache.fail_next(Op::Delete, down());
    assert_eq!(rig.write("b").await, Err(OpError::AfterCommit(down())));
    rig.strategy.drain(&ctx()).await.unwrap();
    assert!(rig.cache.entry(&key()).is_none());
}

#[test]
fn an_outbox_outlives_the_runtime_on_which_it_was_being_emptied() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    let (first, second) = (runtime(), runtime());
    let rig = first.block_on(async {
        let rig = filled("cache-aside", "outbox=textbook", "").await;
        rig.cache.fail_when(When::always(), down());
        rig.write("b").await.unwrap();
        sleep(MS).await;
        rig
    });
    drop(first);
    rig.cache.forget_script();
    second.block_on(rig.strategy.drain(&ctx())).unwrap();
    assert!(rig.cache.entry(&key()).is_none());
}
