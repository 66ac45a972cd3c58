//! A lock for each key.

use super::by_key::ByKey;
use cachemark_core::Key;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use tokio::sync::{Mutex, OwnedMutexGuard};

/// Locks by key: two keys never wait for each other, and those who wait for one key get it in the order in which
/// they came. A key that nobody holds or waits for takes no memory.
#[derive(Debug)]
pub struct KeyLocks(ByKey<Slot>);

#[derive(Debug)]
struct Slot {
    lock: Arc<Mutex<()>>,
    /// Those who hold the lock or wait for it.
    users: usize,
}

/// Holds the lock of one key until it is dropped.
#[must_use = "the key is locked for as long as the guard lives"]
#[derive(Debug)]
pub struct KeyGuard<'a> {
    // Dropped first: the next in line is woken before the slot is looked at.
    _held: OwnedMutexGuard<()>,
    _place: Place<'a>,
}

/// Keeps a key's slot alive.
#[derive(Debug)]
struct Place<'a> {
    locks: &'a KeyLocks,
    key: Key,
}

impl KeyLocks {
    /// No key is locked.
    #[must_use]
    pub fn new() -> Self {
        Self(ByKey::new())
    }

    /// Waits for the lock of `key`. Dropping the future leaves the line.
    pub async fn lock(&self, key: &Key) -> KeyGuard<'_> {
        let (lock, place) = self.enter(key);
        KeyGuard { _held: lock.lock_owned().await, _place: place }
    }

    /// The lock of `key` if nobody holds it or waits for it; none else.
    pub fn try_lock(&self, key: &Key) -> Option<KeyGuard<'_>> {
        let (lock, place) = self.enter(key);
        Some(KeyGuard { _held: lock.try_lock_owned().ok()?, _place: place })
    }

    /// How many keys are locked or waited for.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether no key is locked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn enter(&self, key: &Key) -> (Arc<Mutex<()>>, Place<'_>) {
        let mut slots = self.0.of(key);
        let slot = slots.entry(key.clone()).or_insert_with(|| Slot { lock: Arc::default(), users: 0 });
        slot.users += 1;
        (Arc::clone(&slot.lock), Place { locks: self, key: key.clone() })
    }
}

impl Default for KeyLocks {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if let Entry::Occupied(mut slot) = self.locks.0.of(&self.key).entry(self.key.clone()) {
            slot.get_mut().users -= 1;
            if slot.get().users == 0 {
                slot.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use std::sync::Mutex as SyncMutex;
    use std::sync::atomic::{AtomicU64, Ordering};
    use tokio::task::yield_now;

    fn key(name: &'static str) -> Key {
        Key::new(name).unwrap()
    }

    #[tokio::test]
    async fn two_keys_do_not_wait_for_each_other() {
        let locks = KeyLocks::new();
        let first = locks.lock(&key("k1")).await;
        let second = locks.lock(&key("k2")).now_or_never().expect("k2 is free");
        assert!(locks.lock(&key("k1")).now_or_never().is_none());
        drop((first, second));
        assert!(locks.is_empty());
    }

    #[tokio::test]
    async fn a_key_is_given_in_the_order_of_asking() {
        let (locks, order) = (Arc::new(KeyLocks::new()), Arc::new(SyncMutex::new(Vec::new())));
        let held = locks.lock(&key("k1")).await;
        let mut tasks = Vec::new();
        for place in 0..10 {
            let (locks, order) = (Arc::clone(&locks), Arc::clone(&order));
            tasks.push(tokio::spawn(async move {
                let _guard = locks.lock(&key("k1")).await;
                order.lock().unwrap().push(place);
            }));
            yield_now().await;
        }
        drop(held);
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(*order.lock().unwrap(), (0..10).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn one_who_does_not_wait_gets_what_is_free_and_overtakes_nobody() {
        let locks = KeyLocks::new();
        let k1 = key("k1");
        let held = locks.try_lock(&k1).expect("k1 is free");
        assert!(locks.try_lock(&k1).is_none() && locks.try_lock(&key("k2")).is_some());
        let mut next = Box::pin(locks.lock(&k1));
        assert!(next.as_mut().now_or_never().is_none());
        drop(held);
        assert!(locks.try_lock(&k1).is_none(), "it is the next one's");
        drop(next.await);
        assert!(locks.is_empty());
    }

    #[tokio::test]
    async fn one_who_gives_up_leaves_nothing_behind() {
        let locks = KeyLocks::new();
        let held = locks.lock(&key("k1")).await;
        assert!(locks.lock(&key("k1")).now_or_never().is_none());
        assert_eq!(locks.len(), 1);
        drop(held);
        assert!(locks.is_empty());
        assert!(locks.lock(&key("k1")).now_or_never().is_some());
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn a_key_has_one_holder_and_no_slot_leaks() {
        let locks = Arc::new(KeyLocks::new());
        let inside = Arc::new(AtomicU64::new(0));
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let (locks, inside) = (Arc::clone(&locks), Arc::clone(&inside));
                tokio::spawn(async move {
                    for _ in 0..500 {
                        let guard = locks.lock(&key("k1")).await;
                        assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                        yield_now().await;
                        inside.fetch_sub(1, Ordering::SeqCst);
                        drop(guard);
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert!(locks.is_empty());
    }
}
