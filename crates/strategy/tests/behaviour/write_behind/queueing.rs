//! The queue: one change a key, for as long after its first write as is set, and read before the store.

use super::{DELAY, keys_put, named, puts, queued, rig, rigs, row, until, write};
use crate::rig::{Rig, absent, ctx, found, hurried, instance, key, parse, settle};
use cachemark_core::CacheEffect::{Invalidated, Updated};
use cachemark_core::Source::{Hit, MissLed, MissQueued};
use cachemark_core::{OpError, Row, Store, StoreChange, StoreError, Strategy, Value, Version};
use cachemark_strategy::build;
use cachemark_testkit::scripted::{ManualClock, Op, ScriptedStore, When};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

const MS: Duration = Duration::from_millis(1);

#[tokio::test(start_paused = true)]
async fn a_write_is_acknowledged_by_the_cache_and_comes_into_the_store_later() {
    for rig in rigs("") {
        assert_eq!(rig.read().await, found("a", 1, MissLed));
        rig.asked();
        let version = queued(rig.write("b").await, Updated);
        assert_eq!(rig.asked(), [format!("C.set-if-newer k {version}")]);
        assert_eq!(rig.read().await, found("b", version.0, Hit));
        assert_eq!(rig.store.row(&key()), row(Version(1), "a"));
        tokio::time::sleep(DELAY + MS).await;
        assert_eq!(rig.asked(), ["C.get k".to_owned(), format!("S.write k {version}")]);
        assert_eq!(rig.store.row(&key()), row(version, "b"));
        assert_eq!(rig.strategy.drain(&ctx()).await, Ok(()));
        assert_eq!(rig.asked(), [""; 0]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_delete_is_a_tombstone_that_readers_find_before_the_old_row() {
    for rig in rigs("") {
        assert_eq!(rig.read().await, found("a", 1, MissLed));
        rig.asked();
        let deleted = queued(rig.delete().await, Invalidated);
        assert_eq!(rig.asked(), ["C.delete k"]);
        assert_eq!(rig.read().await, absent(deleted.0, MissQueued));
        assert_eq!(rig.asked(), ["C.get k"], "the store, which has the old row, is not asked");
        let revived = queued(rig.write("b").await, Updated);
        let again = queued(rig.delete().await, Invalidated);
        assert!(deleted < revived && revived < again);
        tokio::time::sleep(DELAY + MS).await;
        assert_eq!(rig.store.row(&key()), Row { version: again, value: None });
        assert_eq!(puts(&rig).len(), 1, "one change of three");
        assert_eq!(rig.read().await, absent(again.0, MissLed));
    }
}

#[tokio::test(start_paused = true)]
async fn an_absence_is_remembered_with_the_version_of_its_tombstone() {
    for rig in rigs("negative-ttl-ms=10000 ttl-jitter=0") {
        let deleted = queued(rig.delete().await, Invalidated);
        assert_eq!(rig.read().await, absent(deleted.0, MissQueued));
        assert_eq!(rig.read().await, absent(deleted.0, Hit));
        let version = queued(rig.write("b").await, Updated);
        assert_eq!(rig.read().await, found("b", version.0, Hit));
    }
}

#[tokio::test(start_paused = true)]
async fn the_delay_counts_from_the_first_change_and_the_last_one_goes_to_the_store() {
    for rig in rigs("") {
        let began = Instant::now();
        let mut versions = vec![queued(rig.write("b").await, Updated)];
        for (text, at) in [("c", 200), ("d", 400), ("e", 499)] {
            until(began, at * MS).await;
            versions.push(queued(rig.write(text).await, Updated));
        }
        assert!(versions.is_sorted() && puts(&rig).is_empty(), "{versions:?}");
        until(began, DELAY + MS).await;
        assert_eq!((rig.store.row(&key()), puts(&rig).len()), (row(versions[3], "e"), 1));
        tokio::time::sleep(10 * DELAY).await;
        assert_eq!(puts(&rig).len(), 1, "nothing is left of it");
    }
}

#[tokio::test(start_paused = true)]
async fn a_write_during_its_flush_waits_anew() {
    for rig in rigs("") {
        let gate = rig.store.gate(Op::Write, &key());
        let first = queued(rig.write("b").await, Updated);
        gate.reached().await;
        let began = Instant::now();
        let second = queued(rig.write("c").await, Updated);
        rig.cache.evict(&key());
        assert_eq!(rig.read().await, found("c", second.0, MissQueued), "the newer of the two");
        gate.release();
        until(began, DELAY - MS).await;
        assert_eq!(rig.store.row(&key()), row(first, "b"));
        until(began, DELAY + MS).await;
        assert_eq!(rig.store.row(&key()), row(second, "c"));
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_evicted_is_read_from_the_queue_until_the_store_has_it() {
    for rig in rigs("") {
        let gate = rig.store.gate(Op::Write, &key());
        let version = queued(rig.write("b").await, Updated);
        rig.asked();
        rig.cache.evict(&key());
        assert_eq!(rig.read().await, found("b", version.0, MissQueued));
        assert_eq!(rig.asked(), ["C.get k".to_owned(), format!("C.set k {version}")], "it fills the cache, too");
        gate.reached().await;
        rig.cache.evict(&key());
        assert_eq!(rig.read().await, found("b", version.0, MissQueued), "while it is flushed");
        gate.release();
        settle().await;
        rig.cache.evict(&key());
        rig.asked();
        assert_eq!(rig.read().await, found("b", version.0, MissLed));
        assert_eq!(rig.asked()[..2], ["C.get k", "S.read k"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_flush_takes_what_is_due_in_its_order_and_no_more_than_a_batch() {
    let rig = rig("batch=2");
    let began = Instant::now();
    for (at, name) in [(0, "a"), (0, "b"), (0, "c"), (300, "d")] {
        until(began, at * MS).await;
        write(&rig, name, "x").await;
    }
    let mut gates: Vec<_> = ["a", "c", "d"].map(|name| rig.store.gate(Op::Write, &named(name))).into();
    until(began, DELAY + MS).await;
    assert_eq!(keys_put(&rig), ["a", "b"]);
    gates.remove(0).release();
    settle().await;
    assert_eq!(keys_put(&rig), ["a", "b", "c"], "what is not due does not go along");
    gates.remove(0).release();
    until(began, DELAY + 299 * MS).await;
    assert_eq!(keys_put(&rig).len(), 3);
    until(began, DELAY + 301 * MS).await;
    assert_eq!(keys_put(&rig), ["a", "b", "c", "d"]);
}

#[tokio::test(start_paused = true)]
async fn a_full_queue_holds_writers_back_until_their_deadline_with_nothing_done() {
    for rig in rigs("queue-limit=1") {
        let gate = rig.store.gate(Op::Write, &key());
        queued(rig.write("b").await, Updated);
        // A key that waits already takes no other place.
        queued(rig.write("c").await, Updated);
        let (other, ctx) = (named("other"), hurried(100));
        let turned_away = rig.strategy.write(&ctx, &other, Value::new("x")).await.unwrap_err();
        assert_eq!(turned_away, OpError::Store(StoreError::QueueTimeout(100 * MS)));
        assert!(!turned_away.is_unknown());
        assert_eq!((rig.cache.entry(&other), rig.store.row(&other)), (None, Row::NEVER));
        // What is being flushed holds its place.
        gate.reached().await;
        let waiting = tokio::spawn({
            let strategy = Arc::clone(&rig.strategy);
            async move { strategy.write(&crate::rig::ctx(), &named("other"), Value::new("y")).await }
        });
        settle().await;
        assert!(!waiting.is_finished());
        gate.release();
        let version = queued(waiting.await.unwrap(), Updated);
        assert_eq!(rig.strategy.drain(&crate::rig::ctx()).await, Ok(()));
        assert_eq!(rig.store.row(&other), row(version, "y"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_reader_is_answered_at_once_while_a_writer_of_its_key_waits_for_a_place() {
    for rig in rigs("queue-limit=1") {
        let other = named("other");
        rig.store.preload(&other, Value::new("old"));
        let gate = rig.store.gate(Op::Write, &key());
        queued(rig.write("b").await, Updated);
        let strategy = Arc::clone(&rig.strategy);
        let writer = tokio::spawn(async move { strategy.write(&ctx(), &named("other"), Value::new("new")).await });
        settle().await;
        let began = Instant::now();
        assert_eq!(rig.strategy.read(&hurried(50), &other).await, found("old", 1, MissLed));
        assert_eq!((began.elapsed(), rig.cache.entry(&other)), (Duration::ZERO, None), "nor does it fill");
        assert!(!writer.is_finished());
        gate.reached().await;
        gate.release();
        let version = queued(writer.await.unwrap(), Updated);
        assert_eq!(rig.strategy.read(&hurried(50), &other).await, found("new", version.0, Hit));
    }
}

#[tokio::test(start_paused = true)]
async fn versions_rise_above_what_the_row_was_found_at() {
    let rig = rig("");
    // As if another instance had a clock that is years ahead.
    let ahead = Version(1 << 60);
    let change = StoreChange { key: key(), version: ahead, value: Some(Value::new("a")) };
    rig.store.apply(&ctx(), &[change]).await.unwrap();
    assert_eq!(rig.read().await, found("a", ahead.0, MissLed));
    let mut last = ahead;
    for _ in 0..100 {
        let version = queued(rig.write("b").await, Updated);
        assert!(version > last);
        last = version;
    }
    assert_eq!(rig.strategy.drain(&ctx()).await, Ok(()));
    assert_eq!(rig.store.row(&key()), row(last, "b"));
}

#[tokio::test(start_paused = true)]
async fn of_two_instances_the_later_write_stays_whoever_flushes_first() {
    let Rig { cache, store, strategy: first, .. } = rig("delay-ms=1000");
    // Whose clock is a little ahead: the clocks of these tests stand.
    let clock = Arc::new(ManualClock::new());
    clock.advance(MS);
    let settings = parse("write-behind", "delay-ms=100");
    let second = build("write-behind", &settings, Arc::clone(&cache), Arc::clone(&store), clock).unwrap();
    let older = queued(first.write(&ctx(), &key(), Value::new("b")).await, Updated);
    let newer = queued(second.write(&ctx(), &key(), Value::new("c")).await, Updated);
    assert!(older < newer);
    assert_eq!((first.drain(&ctx()).await, second.drain(&ctx()).await), (Ok(()), Ok(())));
    assert_eq!(store.row(&key()), row(newer, "c"));
    assert_eq!(cache.entry(&key()).map(|entry| entry.version), Some(newer));
    // In the other order, too: what comes late is older, and is left.
    let store = Arc::new(ScriptedStore::new());
    let third = instance("write-behind", "delay-ms=1000", &cache, &store);
    let older = queued(third.write(&ctx(), &named("other"), Value::new("b")).await, Updated);
    let change = StoreChange { key: named("other"), version: Version(older.0 + 7), value: None };
    store.apply(&ctx(), &[change]).await.unwrap();
    assert_eq!(third.drain(&ctx()).await, Ok(()));
    assert_eq!(store.row(&named("other")), Row { version: Version(older.0 + 7), value: None });
}

#[tokio::test(start_paused = true)]
async fn a_load_that_a_write_has_overtaken_does_not_fill() {
    for rig in rigs("") {
        let gate = rig.store.gate_when(When::next(Op::Read).after_effect());
        let reader = rig.start_read(ctx());
        gate.reached().await;
        let deleted = queued(rig.delete().await, Invalidated);
        gate.release();
        assert_eq!(reader.await.unwrap(), found("a", 1, MissLed));
        assert_eq!(rig.read().await, absent(deleted.0, MissQueued));
        assert_eq!(rig.cached(), None);
    }
}
