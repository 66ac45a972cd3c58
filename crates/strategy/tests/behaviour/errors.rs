//! Failing caches and stores.

use crate::rig::{
    CACHE_BEFORE_STORE, PLACEMENTS, Rig, acked, arms, arms_that, arms_with, committing_arms, ctx, found, get_of,
    hurried, key, kinds, set_of, settle, takes, telling_arms,
};
use cachemark_core::CacheEffect::{Failed, Invalidated, Updated};
use cachemark_core::Source::{CacheFailed, Hit, MissLed};
use cachemark_core::{CacheError, ErrorKind, OpError, StoreError, Strategy, Value, Version};
use cachemark_testkit::scripted::{Op, Part, When};
use std::time::Duration;

fn down() -> CacheError {
    CacheError::Unavailable("down".into())
}

fn lost() -> StoreError {
    StoreError::ConnectionLost("reset".into())
}

fn rig(name: &str, settings: &str) -> Rig {
    let rig = Rig::new(name, settings);
    rig.store.preload(&key(), Value::new("a"));
    rig
}

#[tokio::test(start_paused = true)]
async fn open_reads_pass_a_failing_cache_over_and_do_not_refill() {
    for (name, placement) in arms() {
        let rig = rig(name, placement);
        rig.cache.fail_next(get_of(name), down());
        assert_eq!(rig.read().await, found("a", 1, CacheFailed), "{name} {placement}");
        assert_eq!(kinds(&rig.asked()), ["C.get k", "S.read k"], "{name} {placement}");
        assert_eq!(rig.read().await, found("a", 1, MissLed), "{name} {placement}");
    }
}

#[tokio::test(start_paused = true)]
async fn closed_reads_return_the_error() {
    for (name, placement) in arms() {
        let rig = rig(name, &format!("on-cache-read-error=closed {placement}"));
        rig.cache.fail_next(get_of(name), down());
        assert_eq!(rig.read().await, Err(OpError::Cache(down())), "{name} {placement}");
        assert_eq!(kinds(&rig.asked()), ["C.get k"], "{name} {placement}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_failed_refill_does_not_fail_the_read() {
    for (name, placement) in telling_arms() {
        let rig = rig(name, &format!("on-cache-write-error=error {placement}"));
        rig.cache.fail_next(set_of(name), down());
        assert_eq!(rig.read().await, found("a", 1, MissLed), "{name} {placement}");
        assert_eq!(rig.read().await, found("a", 1, MissLed), "{name} {placement}");
        assert_eq!(rig.read().await, found("a", 1, Hit), "{name} {placement}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_cache_that_fails_does_not_undo_the_commit_and_is_acknowledged_or_reported() {
    for (name, placement) in committing_arms().filter(|(name, _)| takes(name, "on-cache-write-error")) {
        for (policy, expected) in
            [("ack", acked(2, Failed(ErrorKind::Unavailable))), ("error", Err(OpError::AfterCommit(down())))]
        {
            let rig = rig(name, &format!("on-cache-write-error={policy} {placement}"));
            rig.cache.fail_when(When::always(), down());
            assert_eq!(rig.write("b").await, expected, "{name} {placement}");
            assert_eq!(rig.store.row(&key()).version, Version(2), "{name} {placement}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_of_the_store_leaves_the_cache_alone() {
    for (name, placement) in committing_arms().filter(|(name, _)| !CACHE_BEFORE_STORE.contains(name)) {
        let rig = rig(name, placement);
        rig.read().await.unwrap();
        rig.asked();
        let refused = StoreError::Rejected("read-only".into());
        rig.store.fail_next(Op::Write, refused.clone());
        assert_eq!(rig.write("b").await, Err(OpError::Store(refused)), "{name} {placement}");
        assert_eq!(rig.asked(), ["S.write k"], "{name} {placement}");
        assert_eq!(rig.read().await, found("a", 1, Hit), "{name} {placement}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_of_the_store_deletes_the_entry_and_sets_nothing() {
    for on_write in ["invalidate", "update"] {
        for (name, placement) in arms_that(on_write) {
            let rig = rig(name, &format!("on-write={on_write} {placement}"));
            rig.read().await.unwrap();
            rig.asked();
            rig.store.fail_when(When::next(Op::Write).after_effect(), lost());
            assert_eq!(rig.write("b").await, Err(OpError::Store(lost())), "{name} {placement}");
            assert_eq!(rig.asked(), ["S.write k", "C.delete k"], "{name} {placement}");
            assert_eq!(rig.read().await, found("b", 2, MissLed), "{name} {placement}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_clean_up_after_a_timeout_has_time_of_its_own() {
    let told = |name: &str| takes(name, "on-cache-write-error") && !CACHE_BEFORE_STORE.contains(&name);
    for (name, placement) in committing_arms().filter(|(name, _)| told(name)) {
        let rig = rig(name, placement);
        rig.read().await.unwrap();
        rig.store.delay_when(When::next(Op::Write).after_effect(), Duration::from_secs(10));
        rig.cache.delay_when(When::next(Op::Delete), Duration::from_millis(500));
        let ctx = hurried(100);
        let outcome = rig.strategy.write(&ctx, &key(), Value::new("b")).await;
        assert_eq!(outcome, Err(OpError::Store(StoreError::Timeout(Duration::from_millis(100)))), "{name} {placement}");
        assert_eq!(rig.cached(), None, "{name} {placement}");
        let deadline = rig.log.calls().last().unwrap().deadline.unwrap();
        assert_eq!(deadline - ctx.deadline().unwrap(), Duration::from_secs(1), "{name} {placement}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_load_that_raced_a_lost_answer_does_not_fill() {
    for placement in PLACEMENTS {
        let rig = rig("write-through", placement);
        let gate = rig.store.gate_when(When::next(Op::Read).after_effect());
        let reader = rig.start_read(ctx());
        gate.reached().await;
        rig.store.fail_when(When::next(Op::Write).after_effect(), lost());
        rig.write("b").await.unwrap_err();
        gate.release();
        assert_eq!(reader.await.unwrap(), found("a", 1, MissLed));
        settle().await;
        assert_eq!(rig.cached(), None, "{placement}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_of_the_store_is_passed_on_and_not_cached() {
    for (name, placement) in arms_with("negative-ttl-ms") {
        let rig = rig(name, &format!("negative-ttl-ms=1000 {placement}"));
        rig.store.fail_next(Op::Read, lost());
        assert_eq!(rig.read().await, Err(OpError::Store(lost())), "{name} {placement}");
        assert!(rig.cache.is_empty(), "{name} {placement}");
        assert_eq!(rig.read().await, found("a", 1, MissLed), "{name} {placement}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_update_that_the_cache_will_not_take_removes_the_old_entry() {
    for (name, placement) in arms_that("update") {
        let rig = rig(name, &format!("on-write=update {placement}"));
        rig.read().await.unwrap();
        // Which of the two it asks is in sequences.rs.
        for set in [Op::Set, Op::SetIfNewer] {
            rig.cache.fail_next(set, CacheError::TooLarge { len: 9, limit: 8 });
        }
        assert_eq!(rig.write("b").await, acked(2, Invalidated), "{name} {placement}");
        assert_eq!(rig.cached(), None, "{name} {placement}");
        assert_eq!(rig.write("c").await, acked(3, Updated), "{name} {placement}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_invalidation_leaves_a_stale_entry_and_says_so() {
    for (name, placement) in arms_that("invalidate") {
        let rig = rig(name, &format!("on-write=invalidate {placement}"));
        rig.read().await.unwrap();
        rig.cache.fail_next(Op::Delete, down());
        assert_eq!(rig.write("b").await, acked(2, Failed(ErrorKind::Unavailable)), "{name} {placement}");
        assert_eq!(rig.read().await, found("a", 1, Hit), "{name} {placement}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_writer_in_line_for_the_key_gives_up_at_its_deadline() {
    for placement in PLACEMENTS {
        let rig = rig("read-through", placement);
        let gate = rig.store.gate(Op::Write, &key());
        let first = rig.start_write("b");
        gate.reached().await;
        let second = rig.strategy.write(&hurried(10), &key(), Value::new("c")).await;
        assert_eq!(second, Err(OpError::LineTimeout), "{placement}");
        gate.release();
        assert_eq!(first.await.unwrap(), acked(2, Invalidated), "{placement}");
        assert_eq!(rig.log.count(Part::Store, Op::Write), 1, "{placement}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_first_delete_that_fails_is_made_good_by_the_second_of_two() {
    let rig = rig("double-delete", "delay-ms=700");
    rig.read().await.unwrap();
    rig.cache.fail_next(Op::Delete, down());
    assert_eq!(rig.write("b").await, acked(2, Failed(ErrorKind::Unavailable)));
    assert_eq!(rig.read().await, found("a", 1, Hit));
    assert_eq!(rig.strategy.drain(&ctx()).await, Ok(()));
    assert_eq!(rig.read().await, found("b", 2, MissLed));
}
