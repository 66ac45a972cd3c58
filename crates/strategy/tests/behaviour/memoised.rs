//! A memo is never told of anything.

use crate::rig::{Rig, absent, found, key};
use cachemark_core::Source::{Hit, MissLed};
use cachemark_core::{OpError, StoreError, Value};
use cachemark_testkit::scripted::Op;
use std::time::Duration;
use tokio::time::advance;

#[tokio::test(start_paused = true)]
async fn absence_is_remembered_for_ever_like_a_value() {
    let rig = Rig::new("memoised", "");
    assert_eq!(rig.read().await, absent(0, MissLed));
    rig.write("a").await.unwrap();
    advance(Duration::from_secs(1_000_000)).await;
    assert_eq!(rig.read().await, absent(0, Hit));
    assert_eq!(rig.asked(), ["C.get k", "S.read k", "C.set k v0", "S.write k", "C.get k"]);
}

#[tokio::test(start_paused = true)]
async fn an_error_is_not_remembered() {
    let rig = Rig::new("memoised", "");
    rig.store.preload(&key(), Value::new("a"));
    let lost = StoreError::ConnectionLost("reset".into());
    rig.store.fail_next(Op::Read, lost.clone());
    assert_eq!(rig.read().await, Err(OpError::Store(lost)));
    assert_eq!(rig.read().await, found("a", 1, MissLed));
}

#[tokio::test(start_paused = true)]
async fn a_lifetime_is_for_values_and_absence_alike() {
    let rig = Rig::new("memoised", "ttl-ms=500 ttl-jitter=0");
    rig.read().await.unwrap();
    assert_eq!(rig.asked().last().unwrap(), "C.set k v0 for 500ms");
    advance(Duration::from_millis(500)).await;
    assert_eq!(rig.read().await, absent(0, MissLed));
}
