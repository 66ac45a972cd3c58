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

fn left((keys, writes): (u64, u64), waited: Duration, said: Option<StoreError>) -> Result<(), OpError> {
    let lost = LostWrites { queued_keys: keys, refused_keys: 0, writes, waited, said, unfinished: None };
    Err(OpError::Lost(Box::new(lost)))
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
        assert_eq!(rig.strategy.drain(&ctx()).await, left((2, 4), second, Some(gone())));
        assert_eq!(began.elapsed(), second);
        assert_eq!(
            rig.strategy.drain(&ctx()).await,
            left((2, 4), second, Some(gone())),
            "told to whoever asks, at once"
        );
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
async fn as_many_keys_are_told_as_an_audit_finds_whose_last_acknowledged_write_is_not_there() {
    let rig = rig("drain-timeout-ms=1000 delay-ms=100 batch=1");
    let refuse = |name| rig.store.fail_when(When::every(Op::Write).on(&named(name)), StoreError::Rejected("no".into()));
    let mut last = std::collections::BTreeMap::new();
    // Refused for good, and one of them written over by what the store takes.
    ["refused", "mended"].into_iter().for_each(refuse);
    for name in ["refused", "mended", "kept", "refused"] {
        last.insert(name, write(&rig, name, "x").await);
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    rig.store.forget_script();
    last.insert("mended", write(&rig, "mended", "y").await);
    tokio::time::sleep(Duration::from_secs(2)).await;
    // One waits and is under way, several wait.
    let _held = rig.store.gate(Op::Write, &named("both"));
    last.insert("both", write(&rig, "both", "x").await);
    tokio::time::sleep(Duration::from_millis(150)).await;
    for name in ["both", "c", "d", "c", "kept"] {
        last.insert(name, write(&rig, name, "z").await);
    }
    let Err(OpError::Lost(lost)) = rig.strategy.drain(&ctx()).await else { panic!("nothing is lost") };
    let lacking: Vec<_> =
        last.iter().filter(|(name, version)| rig.store.row(&named(name)).version != **version).collect();
    assert_eq!((lost.queued_keys, lost.refused_keys, lost.keys()), (4, 1, lacking.len() as u64), "{lacking:?}");
    // Two of those that were refused, two of "both", two of "c", and one each.
    assert_eq!(lost.writes, 8);
}

#[tokio::test(start_paused = true)]
async fn a_load_that_does_not_end_does_not_hide_what_is_lost() {
    let rig = rig("drain-timeout-ms=1000");
    let _held = rig.store.gate(Op::Read, &named("other"));
    rig.store.fail_when(When::every(Op::Write), gone());
    write(&rig, "k", "b").await;
    let strategy = Arc::clone(&rig.strategy);
    let reader = tokio::spawn(async move { strategy.read(&ctx(), &named("other")).await });
    settle().await;
    let ended = rig.strategy.drain(&hurried(2_000)).await;
    assert!(!OpError::is_at_rest(&ended));
    let Err(OpError::Lost(lost)) = ended else { panic!("{ended:?}") };
    assert_eq!((lost.queued_keys, lost.unfinished), (1, Some(Box::new(OpError::Deadline))));
    reader.abort();
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
        assert_eq!((lost.queued_keys, lost.waited, began.elapsed()), (1, waited * MS, waited * MS));
    }
}

#[tokio::test(start_paused = true)]
async fn several_may_drain_at_once_and_hear_the_same() {
    let rig = rig("drain-timeout-ms=1000");
    rig.store.fail_when(When::every(Op::Write), gone());
    write(&rig, "k", "b").await;
    let drains = futures::future::join_all((0..3).map(|_| async { rig.strategy.drain(&ctx()).await })).await;
    assert_eq!(drains, vec![left((1, 1), 1_000 * MS, Some(gone())); 3]);
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
