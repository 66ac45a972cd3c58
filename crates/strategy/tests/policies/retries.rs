//! Retries around a store and a cache: what is made again, and what never is.

use crate::rig::{Rig, ctx, key};
use cachemark_core::{
    CacheEffect, CacheError, ErrorKind, OpError, ReadOutcome, Source, StoreError, Strategy, Value, Version,
    WriteOutcome,
};
use cachemark_testkit::scripted::{Op, When};
use std::time::Duration;
use tokio::time::Instant;

fn lost() -> StoreError {
    StoreError::ConnectionLost("reset".into())
}

fn down() -> CacheError {
    CacheError::Unavailable("down".into())
}

#[tokio::test(start_paused = true)]
async fn a_read_by_the_book_waits_a_second_and_succeeds_at_the_third_try() {
    let rig = Rig::new("no-cache", "", "retry=textbook");
    rig.store.preload(&key(), Value::new("a"));
    (1..=2).for_each(|turn| rig.store.fail_when(When::next(Op::Read).nth(turn), lost()));
    let began = Instant::now();
    let answer = rig.strategy.read(&ctx(), &key()).await.unwrap();
    let expected = ReadOutcome { value: Some(Value::new("a")), version: Some(Version(1)), source: Source::Bypass };
    assert_eq!((answer, began.elapsed()), (expected, Duration::from_secs(2)));
    assert_eq!(rig.asked(), ["S.read k", "S.read k", "S.read k"]);
    assert_eq!((rig.both_told("retries"), rig.both_told("retries-exhausted")), ((0, 2), (0, 0)));
}

#[tokio::test(start_paused = true)]
async fn a_write_is_made_again_only_where_the_row_is_surely_unchanged() {
    for (error, calls) in [
        (lost(), 1),
        (StoreError::Timeout(Duration::from_secs(1)), 1),
        (StoreError::Rejected("read-only".into()), 1),
        (StoreError::Unavailable("down".into()), 2),
        (StoreError::QueueTimeout(Duration::from_secs(1)), 2),
        (StoreError::Transient("locked".into()), 2),
    ] {
        let rig = Rig::new("no-cache", "", "retry=recommended");
        rig.store.fail_next(Op::Write, error.clone());
        let answer = rig.strategy.write(&ctx(), &key(), Value::new("a")).await;
        let expected = if calls == 1 {
            Err(OpError::Store(error.clone()))
        } else {
            Ok(WriteOutcome::committed(Version(1), CacheEffect::Untouched))
        };
        assert_eq!((answer, rig.asked().len()), (expected, calls), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_invalidation_is_made_again_and_a_get_is_not() {
    let rig = Rig::new("cache-aside", "retry=recommended", "");
    rig.cache.fail_next(Op::Delete, CacheError::Timeout(Duration::from_secs(1)));
    let answer = rig.strategy.write(&ctx(), &key(), Value::new("a")).await;
    assert_eq!(answer, Ok(WriteOutcome::committed(Version(1), CacheEffect::Invalidated)));
    assert_eq!(rig.asked(), ["S.write k", "C.delete k", "C.delete k"]);
    rig.cache.fail_next(Op::Get, down());
    assert_eq!(rig.strategy.read(&ctx(), &key()).await.unwrap().source, Source::CacheFailed);
    assert_eq!(rig.asked(), ["C.get k", "S.read k"]);
}

#[tokio::test(start_paused = true)]
async fn gets_are_made_again_where_that_is_asked_for() {
    let rig = Rig::new("cache-aside", "retry=recommended retry-gets=yes", "");
    rig.cache.fail_next(Op::Get, down());
    assert_eq!(rig.strategy.read(&ctx(), &key()).await.unwrap().source, Source::MissLed);
    assert_eq!(rig.both_told("retries"), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_refill_is_never_made_again() {
    let rig = Rig::new("cache-aside", "retry=recommended", "");
    rig.store.preload(&key(), Value::new("a"));
    rig.cache.fail_next(Op::Set, down());
    rig.strategy.read(&ctx(), &key()).await.unwrap();
    assert_eq!(rig.asked().iter().filter(|call| call.starts_with("C.set")).count(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_deadline_ends_retries_and_the_error_is_the_last_trys() {
    let rig = Rig::new("no-cache", "", "retry=textbook");
    rig.store.fail_when(When::every(Op::Read), StoreError::Unavailable("down".into()));
    let began = Instant::now();
    let hurried = ctx().until(began + Duration::from_millis(1_500));
    let error = rig.strategy.read(&hurried, &key()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!((began.elapsed(), rig.asked().len()), (Duration::from_secs(1), 2));
    assert_eq!(rig.both_told("retries-without-room"), (0, 1));
}
