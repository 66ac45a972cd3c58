//! Many calls at once, calls without time, calls without a caller.

use crate::conformance::subject::{Keys, at_once, ctx, dropped_midway, keeps_deadlines, value};
use cachemark_core::{Row, Store, StoreError, Value, Version};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Eight writers, 25 writes each: every version from 1 to 200 is given once, and the row holds the value of the last.
pub async fn concurrent_writers_get_distinct_versions<S: Store>(store: &Arc<S>) {
    let key = Keys::new("writers").key("a");
    let given: Arc<Mutex<BTreeMap<Version, Value>>> = Arc::default();
    at_once(store, 8, |store, task, ctx| {
        let (key, given) = (key.clone(), Arc::clone(&given));
        async move {
            for step in 0..25 {
                let written = value(u64::from(task) * 25 + step, 50);
                let version = store.write(&ctx, &key, written.clone()).await.expect("write");
                let before = given.lock().unwrap_or_else(PoisonError::into_inner).insert(version, written);
                assert_eq!(before, None, "{version} was given twice");
            }
        }
    })
    .await;
    let given = given.lock().unwrap_or_else(PoisonError::into_inner).clone();
    assert!(given.keys().copied().eq((1..=200).map(Version)), "not the versions from 1 to 200");
    let row = store.read(&ctx(), &key).await.expect("read");
    assert_eq!(row, Row { version: Version(200), value: given.get(&Version(200)).cloned() });
}

/// Deletes take part in the counting.
pub async fn concurrent_writes_and_deletes_count_together<S: Store>(store: &Arc<S>) {
    let key = Keys::new("deleters").key("a");
    store.write(&ctx(), &key, value(0, 50)).await.expect("write");
    at_once(store, 6, |store, task, ctx| {
        let key = key.clone();
        async move {
            for step in 0..20 {
                let version = if (u64::from(task) + step) % 3 == 0 {
                    store.delete(&ctx, &key).await.expect("delete")
                } else {
                    store.write(&ctx, &key, value(step, 50)).await.expect("write")
                };
                assert!(version > Version(1));
            }
        }
    })
    .await;
    assert_eq!(store.read(&ctx(), &key).await.expect("read").version, Version(1 + 6 * 20));
}

/// A read that is sent after an acknowledgement sees that write or a later one, on whatever driver thread.
pub async fn a_read_sees_what_was_acknowledged_before_it<S: Store>(store: &Arc<S>) {
    let key = Keys::new("fresh").key("a");
    let acknowledged = Arc::new(AtomicU64::new(0));
    at_once(store, 4, |store, task, ctx| {
        let (key, acknowledged) = (key.clone(), Arc::clone(&acknowledged));
        async move {
            for step in 0..50 {
                if task == 0 {
                    let version = store.write(&ctx, &key, value(step, 50)).await.expect("write");
                    acknowledged.store(version.0, Ordering::SeqCst);
                } else {
                    let known = acknowledged.load(Ordering::SeqCst);
                    let seen = store.read(&ctx, &key).await.expect("read").version.0;
                    assert!(seen >= known, "a read saw version {seen} after {known} was acknowledged");
                }
            }
        }
    })
    .await;
}

/// A call with hardly any time ends soon, in an answer or in a timeout; and the store goes on.
pub async fn deadlines_are_kept<S: Store>(store: &Arc<S>) {
    let key = Keys::new("deadline").key("a");
    keeps_deadlines(async |ctx| store.read(&ctx, &key).await.map(drop), StoreError::kind).await;
    keeps_deadlines(async |ctx| store.write(&ctx, &key, value(1, 50)).await.map(drop), StoreError::kind).await;
    keeps_deadlines(async |ctx| store.delete(&ctx, &key).await.map(drop), StoreError::kind).await;
    super::a_row_comes_back(store).await;
}

/// Calls dropped midway leave no answer behind for the next call to pick up.
pub async fn a_dropped_call_leaves_the_store_usable<S: Store>(store: &Arc<S>) {
    let keys = Keys::new("dropped");
    for number in 1..20 {
        store.write(&ctx(), &keys.key(number), value(number, 50)).await.expect("write");
    }
    for number in 1..20 {
        let (left, wanted) = (keys.key(number), keys.key(20 - number));
        dropped_midway(number as u32 % 5, store.read(&ctx(), &left)).await;
        dropped_midway(number as u32 % 3, store.write(&ctx(), &left, value(number, 50))).await;
        let row = store.read(&ctx(), &wanted).await.expect("read");
        assert_eq!(row.value, Some(value(20 - number, 50)), "an answer to another call");
    }
}
