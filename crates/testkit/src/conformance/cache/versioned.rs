//! The versioned set. Caches without it are held to saying so.

use crate::conformance::subject::{Keys, at_once, ctx, value};
use cachemark_core::{Cache, Entry, ErrorKind, SetOutcome, Version};
use std::sync::Arc;

fn entry(version: u64) -> Entry {
    Entry::live(Version(version), value(version, 30))
}

/// It works where the capabilities say so, and is `Unsupported` where they don't.
pub async fn versioned_set_agrees_with_the_capabilities<C: Cache>(cache: &Arc<C>) {
    let key = Keys::new("capability").key("a");
    match cache.set_if_newer(&ctx(), &key, entry(1), None).await {
        Ok(outcome) => {
            assert!(cache.capabilities().versioned_set, "it works, and the capabilities deny it");
            assert_eq!(outcome, SetOutcome::Stored);
        }
        Err(error) => {
            assert!(!cache.capabilities().versioned_set, "the capabilities promise it: {error}");
            assert_eq!(error.kind(), ErrorKind::Unsupported);
        }
    }
}

/// Newer replaces; the same and older are refused and change nothing.
pub async fn a_newer_version_is_stored_and_others_are_not<C: Cache>(cache: &Arc<C>) {
    if !cache.capabilities().versioned_set {
        return;
    }
    let key = Keys::new("newer").key("a");
    // 255 and 256, and those around 2^53, are where comparing text, bytes or floats would go wrong.
    let big = 1 << 53;
    let steps = [(5, true), (5, false), (4, false), (10, true), (9, false), (255, true), (256, true), (255, false)];
    for (version, stores) in steps.into_iter().chain([(big, true), (big + 1, true), (big, false), (1 << 62, true)]) {
        let outcome = cache.set_if_newer(&ctx(), &key, entry(version), None).await.expect("versioned set");
        assert_eq!(outcome, if stores { SetOutcome::Stored } else { SetOutcome::Superseded }, "version {version}");
        let held = cache.get(&ctx(), &key).await.expect("get").expect("an entry");
        if stores {
            assert_eq!(held, entry(version));
        } else {
            assert!(held.version >= Version(version));
        }
    }
    let negative = Entry::absent(Version((1 << 62) + 1));
    let outcome = cache.set_if_newer(&ctx(), &key, negative.clone(), None).await.expect("versioned set");
    assert_eq!(outcome, SetOutcome::Stored, "a negative entry has a version like any other");
    assert_eq!(cache.get(&ctx(), &key).await.expect("get"), Some(negative));
}

/// The guard knows only what is there.
pub async fn after_a_delete_an_older_version_is_accepted<C: Cache>(cache: &Arc<C>) {
    if !cache.capabilities().versioned_set {
        return;
    }
    let key = Keys::new("after-delete").key("a");
    cache.set(&ctx(), &key, entry(9), None).await.expect("set");
    cache.delete(&ctx(), &key).await.expect("delete");
    let outcome = cache.set_if_newer(&ctx(), &key, entry(2), None).await.expect("versioned set");
    assert_eq!(outcome, SetOutcome::Stored);
}

/// Whatever the order they come in, the highest version is left, and its set is the one that was told so.
pub async fn concurrent_versioned_sets_leave_the_highest<C: Cache>(cache: &Arc<C>) {
    if !cache.capabilities().versioned_set {
        return;
    }
    let keys = Keys::new("highest");
    for round in 0..5 {
        let key = keys.key(round);
        at_once(cache, 8, |cache, task, ctx| {
            let key = key.clone();
            async move {
                // Task 0 sets 1, 9, 17, ..; task 7 sets 8, 16, .., 200; each in an order of its own, because a stride
                // that shares no factor with 25 visits every step once.
                let stride = [1, 2, 3, 4, 6, 7, 8, 9][usize::from(task)];
                for step in 0..25u64 {
                    let version = (step * stride % 25) * 8 + u64::from(task) + 1;
                    let outcome = cache.set_if_newer(&ctx, &key, entry(version), None).await.expect("versioned set");
                    assert!(version < 200 || outcome == SetOutcome::Stored, "nothing supersedes the highest");
                }
            }
        })
        .await;
        assert_eq!(cache.get(&ctx(), &key).await.expect("get"), Some(entry(200)));
    }
}

/// A plain set is atomic as well: a versioned set that compared before it and stored after it would undo it.
pub async fn versioned_sets_hold_against_plain_ones<C: Cache>(cache: &Arc<C>) {
    if !cache.capabilities().versioned_set {
        return;
    }
    let keys = Keys::new("plain");
    for round in 0..50 {
        let key = keys.key(round);
        cache.set(&ctx(), &key, entry(1), None).await.expect("set");
        at_once(cache, 4, |cache, task, ctx| {
            let key = key.clone();
            async move {
                if task == 0 {
                    cache.set(&ctx, &key, entry(100), None).await.expect("set");
                } else {
                    cache.set_if_newer(&ctx, &key, entry(u64::from(task) + 1), None).await.expect("versioned set");
                }
            }
        })
        .await;
        assert_eq!(cache.get(&ctx(), &key).await.expect("get"), Some(entry(100)), "an older version came over a newer");
    }
}
