//! The end: a drain, a store that is gone, a strategy that is dropped.

use super::{DELAY, named, puts, queued, rig, rigs, row, write};
use crate::rig::{Rig, ctx, hurried, key, settle};
use cachemark_core::CacheEffect::Updated;
use cachemark_core::{LostWrites, OpError, Row, StoreError, Strategy, Value, Version};
use cachemark_testkit::scripted::{Op, When};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

const MS: Duration = Duration::from_millis(1);

fn gone() -> StoreError {
    StoreError::Unavailable("connection refused".into())
}

fn left(writes: u64, waited: Duration, said: Option<StoreError>) -> Result<(), OpError> {
    Err(OpError::Lost(Box::new(LostWrites { queued: writes, refused: 0, waited, said })))
}

#[tokio::test(start_paused = true)]
async fn a_drain_flushes_everything_at_once() {
    for placement in ["placement=in-process", "placement=task"] {
        let rig = rig(&format!("delay-ms=60000 batch=7 {placement}"));
        let names: [&str; 20] = std::array::from_fn(|at| &"abcdefghijklmnopqrst"[at..=at]);
        let mut versions = Vec::new();
        for name in names {
            versions.push(write(&rig, name, "x").await);
        }
        let began = Instant::now();
        assert_eq!(rig.strategy.drain(&hurried(10)).await, Ok(()));
        assert_eq!((began.elapsed(), puts(&rig).len()), (Duration::ZERO, 20));
        for (name, version) in names.into_iter().zip(versions) {
            assert_eq!(rig.store.row(&named(name)), row(version, "x"));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_drain_waits_for_a_writer_whose_caller_is_gone() {
    let rig = rig("queue-limit=1 placement=task");
    let gate = rig.store.gate(Op::Write, &key());
    queued(rig.write("b").await, Updated);
    let strategy = Arc::clone(&rig.strategy);
    let writer = tokio::spawn(async move { strategy.write(&ctx(), &named("other"), Value::new("x")).await });
    settle().await;
    writer.abort();
    let drained = tokio::spawn({
        let strategy = Arc::clone(&rig.strategy);
        async move { strategy.drain(&ctx()).await }
    });
    settle().await;
    gate.release();
    assert_eq!(drained.await.unwrap(), Ok(()));
    assert_eq!(rig.store.row(&named("other")).value, Some(Value::new("x")));
}

#[tokio::test(start_paused = true)]
async fn a_drain_over_a_store_that_is_gone_ends_in_the_stated_time_and_says_what_is_lost() {
    for rig in rigs("drain-timeout-ms=2000") {
        rig.store.fail_when(When::every(Op::Write), gone());
        for _ in 0..3 {
            queued(rig.write("b").await, Updated);
        }
        write(&rig, "other", "x").await;
        let began = Instant::now();
        let second = Duration::from_secs(2);
        assert_eq!(rig.strategy.drain(&ctx()).await, left(4, second, Some(gone())));
        assert_eq!(began.elapsed(), second);
        assert_eq!(rig.strategy.drain(&ctx()).await, left(4, second, Some(gone())), "told to whoever asks, at once");
        assert_eq!(began.elapsed(), second);
        assert_eq!(rig.store.row(&key()), row(Version(1), "a"));
        let closed = rig.write("c").await.unwrap_err();
        assert!(matches!(&closed, OpError::Store(StoreError::Unavailable(why)) if why.contains("drained")), "{closed}");
        let before = puts(&rig).len();
        tokio::time::sleep(10 * DELAY).await;
        assert_eq!(puts(&rig).len(), before, "nothing is under way any more");
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_that_hangs_is_left_at_the_earlier_of_both_deadlines() {
    for (settings, deadline, waited) in
        [("drain-timeout-ms=2000", 60_000, 2_000), ("drain-timeout-ms=2000", 700, 700), ("", 60_000, 10_000)]
    {
        let rig = rig(settings);
        rig.store.delay_when(When::every(Op::Write), Duration::from_secs(1_000));
        write(&rig, "k", "b").await;
        let began = Instant::now();
        let ended = rig.strategy.drain(&hurried(deadline)).await.unwrap_err();
        let OpError::Lost(lost) = ended else { panic!("{ended}") };
        assert_eq!((lost.queued, lost.waited, began.elapsed()), (1, waited * MS, waited * MS));
    }
}

#[tokio::test(start_paused = true)]
async fn several_may_drain_at_once_and_hear_the_same() {
    let rig = rig("drain-timeout-ms=1000");
    rig.store.fail_when(When::every(Op::Write), gone());
    write(&rig, "k", "b").await;
    let drains = futures::future::join_all((0..3).map(|_| async { rig.strategy.drain(&ctx()).await })).await;
    assert_eq!(drains, vec![left(1, 1_000 * MS, Some(gone())); 3]);
}

#[tokio::test(start_paused = true)]
async fn a_strategy_that_is_dropped_ends_its_flusher_as_a_crash_would() {
    for rig in rigs("") {
        queued(rig.write("b").await, Updated);
        let Rig { store, strategy, cache, .. } = rig;
        drop(strategy);
        tokio::time::sleep(2 * DELAY).await;
        assert_eq!(store.row(&key()), row(Version(1), "a"));
        assert_eq!((Arc::strong_count(&store), Arc::strong_count(&cache)), (1, 1), "nothing holds them any more");
    }
}

#[tokio::test(start_paused = true)]
async fn a_strategy_without_writes_drains_at_once() {
    for rig in rigs("") {
        rig.read().await.unwrap();
        assert_eq!(rig.strategy.drain(&hurried(1)).await, Ok(()));
        assert_eq!(rig.store.row(&named("never")), Row::NEVER);
    }
}
