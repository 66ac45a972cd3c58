//! A store that fails, and one that refuses.

use super::{DELAY, keys_put, named, puts, queued, rig, rigs, row, until, write};
use crate::rig::{ctx, found, hurried, key, settle};
use cachemark_core::CacheEffect::{Failed, Invalidated, Updated};
use cachemark_core::Source::{Hit, MissLed, MissQueued};
use cachemark_core::{CacheError, ErrorKind, LostWrites, OpError, StoreError, Strategy, Value, Version};
use cachemark_testkit::scripted::{Op, When};
use std::time::Duration;
use tokio::time::Instant;

const MS: Duration = Duration::from_millis(1);

fn lost() -> StoreError {
    StoreError::ConnectionLost("reset".into())
}

fn too_large() -> StoreError {
    StoreError::TooLarge { len: 9, limit: 8 }
}

fn refused(writes: u64, said: StoreError) -> Result<(), OpError> {
    let (waited, said) = (Duration::ZERO, Some(said));
    let lost = LostWrites { queued_keys: 0, refused_keys: 1, writes, waited, said, unfinished: None };
    Err(OpError::Lost(Box::new(lost)))
}

#[tokio::test(start_paused = true)]
async fn a_store_that_fails_is_tried_again_after_longer_and_longer_pauses_in_order() {
    for batch in ["batch=1", "batch=100"] {
        let rig = rig(batch);
        let began = Instant::now();
        for (name, text) in [("a", "1"), ("b", "2"), ("c", "3")] {
            write(&rig, name, text).await;
        }
        for nth in 1..=4 {
            rig.store.fail_when(When::next(Op::Write).on(&named("a")).nth(nth), StoreError::Unavailable("gone".into()));
        }
        // 10, 20, 40 and 80 ms of pauses.
        until(began, DELAY + 149 * MS).await;
        let tries = if batch == "batch=1" { vec!["a"; 4] } else { ["a", "b", "c"].repeat(4) };
        assert_eq!(keys_put(&rig), tries);
        until(began, DELAY + 151 * MS).await;
        let all = [tries, vec!["a", "b", "c"]].concat();
        assert_eq!(keys_put(&rig), all, "nothing overtakes what fails");
        assert_eq!(rig.strategy.drain(&ctx()).await, Ok(()));
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_written_while_the_store_fails_waits_behind_and_is_read_from_the_queue() {
    let rig = rig("batch=1");
    rig.store.fail_when(When::every(Op::Write), lost());
    write(&rig, "a", "1").await;
    tokio::time::sleep(2 * DELAY).await;
    let second = write(&rig, "a", "2").await;
    rig.cache.evict(&named("a"));
    assert_eq!(rig.strategy.read(&ctx(), &named("a")).await, found("2", second.0, MissQueued));
    tokio::time::sleep(2 * DELAY).await;
    rig.store.forget_script();
    assert_eq!(rig.strategy.drain(&ctx()).await, Ok(()));
    assert_eq!(rig.store.row(&named("a")), row(second, "2"));
}

#[tokio::test(start_paused = true)]
async fn a_flush_whose_answer_is_lost_changes_nothing_the_second_time() {
    for rig in rigs("") {
        let version = queued(rig.write("b").await, Updated);
        rig.store.fail_when(When::next(Op::Write).after_effect(), lost());
        assert_eq!(rig.strategy.drain(&ctx()).await, Ok(()));
        assert_eq!((rig.store.row(&key()), puts(&rig).len()), (row(version, "b"), 2));
    }
}

#[tokio::test(start_paused = true)]
async fn a_flush_that_takes_too_long_is_tried_again() {
    let rig = rig("flush-timeout-ms=200");
    rig.store.delay_when(When::next(Op::Write), Duration::from_secs(100));
    let began = Instant::now();
    let version = write(&rig, "k", "b").await;
    assert_eq!(rig.strategy.drain(&ctx()).await, Ok(()));
    assert_eq!(rig.store.row(&key()), row(version, "b"));
    assert_eq!((began.elapsed(), puts(&rig).len()), (210 * MS, 2));
}

#[tokio::test(start_paused = true)]
async fn a_write_that_is_too_large_is_dropped_and_told_and_holds_nobody_up() {
    for settings in ["batch=100", "batch=3", "batch=1"] {
        let rig = rig(settings);
        rig.store.preload(&named("c"), Value::new("old"));
        rig.store.fail_when(When::every(Op::Write).on(&named("c")), too_large());
        let mut versions = Vec::new();
        for name in ["a", "b", "c", "d", "e"] {
            versions.push(write(&rig, name, "x").await);
        }
        write(&rig, "c", "y").await;
        tokio::time::sleep(DELAY + 5 * MS).await;
        for (name, version) in ["a", "b", "c", "d", "e"].into_iter().zip(versions) {
            let stored = rig.store.row(&named(name));
            assert_eq!(stored, if name == "c" { row(Version(1), "old") } else { row(version, "x") }, "{settings}");
        }
        assert_eq!(rig.cache.entry(&named("c")), None, "{settings}: the store will never have it");
        assert_eq!(rig.strategy.read(&ctx(), &named("c")).await, found("old", 1, MissLed));
        assert_eq!(rig.strategy.read(&ctx(), &named("b")).await.unwrap().source, Hit);
        // Two writes were acknowledged.
        assert_eq!(rig.strategy.drain(&ctx()).await, refused(2, too_large()), "{settings}");
        assert_eq!(rig.strategy.drain(&ctx()).await, refused(2, too_large()), "it is told to whoever asks");
    }
}

#[tokio::test(start_paused = true)]
async fn a_write_that_is_refused_again_and_again_is_dropped_at_the_fifth_time_and_others_pass() {
    let rig = rig("delay-ms=100");
    let forbidden = StoreError::Rejected("a constraint".into());
    rig.store.fail_when(When::every(Op::Write).on(&named("a")), forbidden.clone());
    let began = Instant::now();
    write(&rig, "a", "x").await;
    for (at, name) in [(0, "b"), (150, "c"), (350, "d")] {
        until(began, at * MS).await;
        let version = write(&rig, name, "y").await;
        tokio::time::sleep(105 * MS).await;
        assert_eq!(rig.store.row(&named(name)), row(version, "y"), "not held up");
    }
    until(began, 495 * MS).await;
    assert!(rig.cache.entry(&named("a")).is_some(), "tried four times");
    until(began, 510 * MS).await;
    assert!(rig.cache.entry(&named("a")).is_none());
    assert_eq!(rig.strategy.drain(&ctx()).await, refused(1, forbidden));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_passes_loses_nothing() {
    let rig = rig("delay-ms=100");
    for nth in 1..=4 {
        let forbidden = StoreError::Rejected("a right that is given later".into());
        rig.store.fail_when(When::next(Op::Write).on(&named("a")).nth(nth), forbidden);
    }
    let version = write(&rig, "a", "x").await;
    tokio::time::sleep(700 * MS).await;
    assert_eq!(rig.store.row(&named("a")), row(version, "x"));
    assert_eq!(rig.strategy.drain(&ctx()).await, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn what_may_pass_is_tried_for_as_long_as_it_takes_and_nothing_is_lost() {
    let passing: [fn() -> StoreError; 6] = [
        || StoreError::Timeout(MS),
        || StoreError::QueueTimeout(MS),
        || StoreError::Deadline,
        || StoreError::Unavailable("gone".into()),
        lost,
        || StoreError::Transient("no room".into()),
    ];
    for why in passing {
        let rig = rig("");
        rig.store.fail_when(When::every(Op::Write), why());
        let versions = [write(&rig, "a", "x").await, write(&rig, "b", "x").await];
        tokio::time::sleep(Duration::from_secs(60)).await;
        assert!(keys_put(&rig).len() > 2 * 50, "{}: {:?}", why(), keys_put(&rig).len());
        assert_eq!(rig.cache.entry(&named("a")).map(|entry| entry.version), Some(versions[0]), "{}", why());
        rig.store.forget_script();
        assert_eq!(rig.strategy.drain(&ctx()).await, Ok(()), "{}", why());
        assert_eq!([rig.store.row(&named("a")), rig.store.row(&named("b"))], versions.map(|version| row(version, "x")));
    }
}

#[tokio::test(start_paused = true)]
async fn a_newer_write_takes_the_place_of_one_that_is_refused() {
    for refusal in [too_large(), StoreError::Rejected("no".into())] {
        let rig = rig("");
        let gate = rig.store.gate(Op::Write, &named("a"));
        write(&rig, "a", "x").await;
        rig.store.fail_next(Op::Write, refusal.clone());
        gate.reached().await;
        let newer = write(&rig, "a", "y").await;
        gate.release();
        settle().await;
        assert_eq!(rig.strategy.drain(&ctx()).await, Ok(()), "{refusal}");
        assert_eq!(rig.store.row(&named("a")), row(newer, "y"), "{refusal}");
        assert_eq!(rig.cache.entry(&named("a")).map(|entry| entry.version), Some(newer), "{refusal}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_load_that_found_what_is_given_up_does_not_fill_the_cache_with_it() {
    let rig = rig("");
    rig.store.fail_when(When::every(Op::Write), too_large());
    write(&rig, "a", "x").await;
    rig.cache.evict(&named("a"));
    // It has found the value in the queue, and stands before its fill.
    let gate = rig.cache.gate(Op::Set, &named("a"));
    let strategy = std::sync::Arc::clone(&rig.strategy);
    let reader = tokio::spawn(async move { strategy.read(&ctx(), &named("a")).await });
    gate.reached().await;
    let of_drain = ctx();
    let draining = rig.strategy.drain(&of_drain);
    tokio::pin!(draining);
    tokio::select! {
        _ = &mut draining => panic!("the entry is yet to be taken out"),
        () = settle() => {}
    }
    gate.release();
    assert_eq!(draining.await, refused(1, too_large()));
    assert_eq!(reader.await.unwrap().unwrap().value, Some(Value::new("x")));
    assert_eq!(rig.cache.entry(&named("a")), None);
}

#[tokio::test(start_paused = true)]
async fn a_cache_that_fails_is_told_or_reported_and_the_write_goes_to_the_store_all_the_same() {
    let down = || CacheError::Unavailable("down".into());
    for rig in rigs("on-cache-write-error=ack") {
        rig.cache.fail_when(When::always(), down());
        let version = queued(rig.write("b").await, Failed(ErrorKind::Unavailable));
        assert_eq!(rig.strategy.drain(&ctx()).await, Ok(()));
        assert_eq!(rig.store.row(&key()), row(version, "b"));
    }
    for rig in rigs("on-cache-write-error=error") {
        rig.cache.fail_when(When::always(), down());
        let error = rig.write("b").await.unwrap_err();
        assert!(error.is_unknown() && error.kind() == ErrorKind::Unavailable, "{error}");
        assert!(
            error.to_string().starts_with("the write is queued for the store, which does not have it yet"),
            "{error}"
        );
        assert_eq!(rig.strategy.drain(&ctx()).await, Ok(()));
        assert_eq!(rig.store.row(&key()).value, Some(Value::new("b")));
    }
}

#[tokio::test(start_paused = true)]
async fn an_entry_that_the_cache_will_not_take_is_removed_and_read_from_the_queue() {
    for rig in rigs("") {
        rig.read().await.unwrap();
        rig.cache.fail_next(Op::SetIfNewer, CacheError::TooLarge { len: 9, limit: 8 });
        let version = queued(rig.write("b").await, Invalidated);
        assert_eq!(rig.strategy.read(&hurried(50), &key()).await, found("b", version.0, MissQueued));
    }
}
