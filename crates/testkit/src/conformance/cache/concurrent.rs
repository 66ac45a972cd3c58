//! Many calls at once, calls without time, calls without a caller.

use crate::conformance::subject::{Keys, at_once, ctx, dropped_midway, keeps_deadlines, value};
use cachemark_core::{Cache, CacheError, Entry, Version};
use std::sync::Arc;
use std::time::Duration;

fn entry(version: u64) -> Entry {
    // Lengths differ, so that a mixture of two entries fits neither.
    Entry::live(Version(version), value(version, 100 + version as usize * 37))
}

/// What a get returns was set, whole, however many calls run on the key.
pub async fn concurrent_calls_on_one_key_give_whole_entries<C: Cache>(cache: &Arc<C>) {
    let key = Keys::new("one-key").key("a");
    at_once(cache, 16, |cache, task, ctx| {
        let key = key.clone();
        async move {
            for step in 0..40u64 {
                match (u64::from(task) + step) % 4 {
                    0 => cache.set(&ctx, &key, entry(u64::from(task) * 40 + step), None).await.expect("set"),
                    1 if step % 8 == 1 => cache.delete(&ctx, &key).await.expect("delete"),
                    _ => {
                        if let Some(found) = cache.get(&ctx, &key).await.expect("get") {
                            assert_eq!(found, entry(found.version.0), "an entry that nobody set");
                        }
                    }
                }
            }
        }
    })
    .await;
}

/// A call with hardly any time ends soon, in an answer or in a timeout; and the cache goes on.
pub async fn deadlines_are_kept<C: Cache>(cache: &Arc<C>) {
    let key = Keys::new("deadline").key("a");
    keeps_deadlines(async |ctx| cache.get(&ctx, &key).await.map(drop), CacheError::kind).await;
    keeps_deadlines(async |ctx| cache.set(&ctx, &key, entry(1), None).await, CacheError::kind).await;
    if cache.capabilities().versioned_set {
        let set = async |ctx| cache.set_if_newer(&ctx, &key, entry(1), None).await.map(drop);
        keeps_deadlines(set, CacheError::kind).await;
    }
    if cache.capabilities().lease {
        let lease = async |ctx| cache.get_or_lease(&ctx, &key, Duration::from_millis(1)).await.map(drop);
        keeps_deadlines(lease, CacheError::kind).await;
    }
    if cache.capabilities().touch {
        let touch = async |ctx| cache.get_and_touch(&ctx, &key, Duration::from_secs(60)).await.map(drop);
        keeps_deadlines(touch, CacheError::kind).await;
    }
    keeps_deadlines(async |ctx| cache.delete(&ctx, &key).await, CacheError::kind).await;
    super::an_entry_comes_back_whole(cache).await;
}

/// Calls dropped midway leave no answer behind for the next call to pick up.
pub async fn a_dropped_call_leaves_the_cache_usable<C: Cache>(cache: &Arc<C>) {
    let keys = Keys::new("dropped");
    for number in 1..20u64 {
        cache.set(&ctx(), &keys.key(number), entry(number), None).await.expect("set");
    }
    for number in 1..20u64 {
        let (left, wanted) = (keys.key(number), keys.key(20 - number));
        dropped_midway(number as u32 % 5, cache.get(&ctx(), &left)).await;
        dropped_midway(number as u32 % 3, cache.set(&ctx(), &left, entry(number), None)).await;
        let found = cache.get(&ctx(), &wanted).await.expect("get").expect("an entry");
        assert_eq!(found, entry(20 - number), "an answer to another call");
    }
}
