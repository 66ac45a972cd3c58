//! A guard against putting an old row into the cache after a change of this process has told it.
//!
//! # Why no old row is put into the cache
//!
//! A load runs through: (L1) [`FillGuard::begin`], (L2) read the store, (L3) [`Loading::may_fill`], which takes the
//! key's lock, (L4) fill the cache, if it may, (L5) unlock. A change runs through: (W1) change the store, (W2)
//! [`FillGuard::supersede`], which takes the same lock, (W3) tell the cache, (W4) unlock, (W5) acknowledge.
//!
//! Take a load that read the row of before W1. Then its L1 came before W2, which marks it. L3 to L5 and W2 to W4
//! exclude each other: either the old row was in the cache when W3 removed or replaced it, or L3 says no. So once W4
//! is done no load puts a row into the cache that is older than the change.
//!
//! The lock is held for a call to the cache, and never for one to the store: a change waits for a fill of its key,
//! not for a load, and two writers of a key are ordered by the store alone. What this does not cover is what the
//! tier's does not either: other processes, and a call that is carried out after its caller has given it up.

use super::by_key::ByKey;
use super::deadline::within;
use super::key_lock::{KeyGuard, KeyLocks};
use cachemark_core::{Key, OpContext};
use std::collections::hash_map::Entry;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The loads of each key that are under way, and the order of fills and changes. A key that nobody loads or changes
/// takes no memory.
#[derive(Debug)]
pub struct FillGuard {
    loading: ByKey<Loads>,
    locks: KeyLocks,
}

/// The loads of a key that began since its last change; they share a mark.
#[derive(Debug, Default)]
struct Loads {
    superseded: Arc<AtomicBool>,
    count: usize,
}

/// A load under way.
#[derive(Debug)]
pub struct Loading<'a> {
    guard: &'a FillGuard,
    key: Key,
    superseded: Arc<AtomicBool>,
}

impl FillGuard {
    /// No key is loaded or changed.
    #[must_use]
    pub fn new() -> Self {
        Self { loading: ByKey::new(), locks: KeyLocks::new() }
    }

    /// Begins a load of `key`; to be called before the store is asked.
    #[must_use = "a load counts for as long as this lives"]
    pub fn begin(&self, key: &Key) -> Loading<'_> {
        let mut loading = self.loading.of(key);
        let loads = loading.entry(key.clone()).or_default();
        loads.count += 1;
        Loading { guard: self, key: key.clone(), superseded: Arc::clone(&loads.superseded) }
    }

    /// Ends the right to fill of every load of `key` that has begun; to be called once the store is changed, or may
    /// be. Nothing fills for as long as what it returns lives; none if the context's deadline passed in line behind a
    /// fill, and the change goes on without: a cache that holds a fill up so long will hold up what comes next, too.
    pub async fn supersede(&self, ctx: &OpContext, key: &Key) -> Option<KeyGuard<'_>> {
        let lock = within(ctx, self.locks.lock(key)).await;
        if let Some(loads) = self.loading.of(key).remove(key) {
            loads.superseded.store(true, Ordering::Release);
        }
        lock
    }

    /// How many keys are loaded or changed.
    #[must_use]
    pub fn len(&self) -> usize {
        self.loading.len() + self.locks.len()
    }

    /// Whether no key is loaded or changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Default for FillGuard {
    fn default() -> Self {
        Self::new()
    }
}

impl Loading<'_> {
    /// Whether a change of the key has come since the load began.
    #[must_use]
    pub fn is_superseded(&self) -> bool {
        self.superseded.load(Ordering::Acquire)
    }

    /// The right to fill, for as long as it lives: none if the key was changed since the load began, or the context's
    /// deadline passed in line.
    pub async fn may_fill(&self, ctx: &OpContext) -> Option<KeyGuard<'_>> {
        let lock = within(ctx, self.guard.locks.lock(&self.key)).await?;
        (!self.is_superseded()).then_some(lock)
    }
}

impl Drop for Loading<'_> {
    fn drop(&mut self) {
        // Loads that were superseded have left the map, and others may stand in their place.
        if let Entry::Occupied(mut loads) = self.guard.loading.of(&self.key).entry(self.key.clone())
            && Arc::ptr_eq(&loads.get().superseded, &self.superseded)
        {
            loads.get_mut().count -= 1;
            if loads.get().count == 0 {
                loads.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    fn key() -> Key {
        Key::new("k").unwrap()
    }

    #[tokio::test]
    async fn a_change_ends_the_right_to_fill_of_loads_from_before_it() {
        let (guard, ctx) = (FillGuard::new(), OpContext::new(1));
        let (first, second) = (guard.begin(&key()), guard.begin(&key()));
        drop(first);
        assert!(second.may_fill(&ctx).await.is_some());
        drop(guard.supersede(&ctx, &key()).await);
        let third = guard.begin(&key());
        assert!(second.may_fill(&ctx).await.is_none() && third.may_fill(&ctx).await.is_some());
        drop(second);
        assert!(third.may_fill(&ctx).await.is_some(), "its mark is another");
        drop(third);
        assert!(guard.is_empty());
    }

    #[tokio::test]
    async fn a_fill_and_a_change_wait_for_each_other_and_other_keys_do_not() {
        let (guard, ctx, other) = (FillGuard::new(), OpContext::new(1), Key::new("other").unwrap());
        let load = guard.begin(&key());
        let filling = load.may_fill(&ctx).await;
        assert!(guard.supersede(&ctx, &key()).now_or_never().is_none());
        assert!(guard.supersede(&ctx, &other).now_or_never().is_some());
        drop(filling);
        let telling = guard.supersede(&ctx, &key()).await;
        let late = guard.begin(&key());
        assert!(late.may_fill(&ctx).now_or_never().is_none());
        drop(telling);
        assert!(late.may_fill(&ctx).await.is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn a_change_that_waits_too_long_goes_on_and_ends_the_right_all_the_same() {
        let (guard, ctx) = (FillGuard::new(), OpContext::new(1));
        let (load, other) = (guard.begin(&key()), guard.begin(&key()));
        let _filling = load.may_fill(&ctx).await;
        let hurried = ctx.detached(std::time::Duration::from_millis(10));
        assert!(guard.supersede(&hurried, &key()).await.is_none());
        assert!(other.is_superseded());
    }
}
