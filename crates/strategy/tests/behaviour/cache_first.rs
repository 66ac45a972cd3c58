//! The cache is told before the store: what goes wrong by that.

use crate::rig::{Rig, acked, ctx, found, key};
use cachemark_core::CacheEffect::{Failed, Invalidated, Updated};
use cachemark_core::Source::{Hit, MissLed};
use cachemark_core::{CacheError, ErrorKind, OpError, ReadOutcome, StoreError, Value, Version};
use cachemark_testkit::scripted::Op;

fn rig(settings: &str) -> Rig {
    let rig = Rig::new("cache-first", settings);
    rig.store.preload(&key(), Value::new("a"));
    rig
}

/// An answer that the store has not given a version to.
fn unversioned(text: &'static str) -> Result<ReadOutcome, OpError> {
    Ok(ReadOutcome { value: Some(Value::new(text)), version: None, source: Hit })
}

#[tokio::test(start_paused = true)]
async fn a_value_is_in_the_cache_before_the_store_has_it_and_has_no_version() {
    let rig = rig("on-write=update");
    let gate = rig.store.gate(Op::Write, &key());
    let writer = rig.start_write("b");
    gate.reached().await;
    assert_eq!(rig.read().await, unversioned("b"));
    gate.release();
    assert_eq!(writer.await.unwrap(), acked(2, Updated));
    assert_eq!(rig.asked(), ["C.set k v0", "S.write k", "C.get k"]);
    assert_eq!(rig.delete().await, acked(3, Invalidated));
    assert_eq!(rig.asked(), ["C.delete k", "S.delete k"]);
}

#[tokio::test(start_paused = true)]
async fn what_the_store_refuses_stays_in_the_cache() {
    let rig = rig("on-write=update");
    let refused = StoreError::Rejected("read-only".into());
    rig.store.fail_next(Op::Write, refused.clone());
    assert_eq!(rig.write("b").await, Err(OpError::Store(refused)));
    assert_eq!(rig.read().await, unversioned("b"));
    assert_eq!(rig.store.row(&key()).version, Version(1));
}

#[tokio::test(start_paused = true)]
async fn a_reader_between_the_steps_brings_the_old_row_back() {
    let rig = rig("on-write=invalidate");
    rig.read().await.unwrap();
    let gate = rig.store.gate(Op::Write, &key());
    let writer = rig.start_write("b");
    gate.reached().await;
    assert_eq!(rig.read().await, found("a", 1, MissLed));
    gate.release();
    assert_eq!(writer.await.unwrap(), acked(2, Invalidated));
    assert_eq!(rig.read().await, found("a", 1, Hit));
}

#[tokio::test(start_paused = true)]
async fn a_value_that_the_cache_will_not_take_takes_the_old_entry_out() {
    let rig = rig("on-write=update");
    rig.read().await.unwrap();
    rig.cache.fail_next(Op::Set, CacheError::TooLarge { len: 9, limit: 8 });
    assert_eq!(rig.write("b").await, acked(2, Invalidated));
    assert_eq!(rig.cached(), None);
    rig.cache.fail_next(Op::Set, CacheError::Unavailable("down".into()));
    assert_eq!(rig.write("c").await, acked(3, Failed(ErrorKind::Unavailable)));
    assert_eq!(cachemark_core::Strategy::drain(&*rig.strategy, &ctx()).await, Ok(()));
}
