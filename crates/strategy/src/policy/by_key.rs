//! Maps from keys to what is going on with them, in shards so that two keys rarely wait for one lock.

use cachemark_core::Key;
use crossbeam_utils::CachePadded;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A power of two, well above the number of driver threads.
const SHARDS: usize = 64;

/// Keys bring a 64-bit hash of their own ([`Key::fingerprint`]); hashing it again would be waste.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Fingerprint(u64);

impl Hasher for Fingerprint {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        // A key writes its fingerprint and nothing else; this keeps the hasher right for any other use.
        for &byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(byte);
        }
    }

    fn write_u64(&mut self, fingerprint: u64) {
        self.0 = fingerprint;
    }
}

pub(super) type KeyMap<V> = HashMap<Key, V, BuildHasherDefault<Fingerprint>>;

#[derive(Debug)]
pub(super) struct ByKey<V>(Box<[CachePadded<Mutex<KeyMap<V>>>]>);

impl<V> ByKey<V> {
    pub(super) fn new() -> Self {
        Self((0..SHARDS).map(|_| CachePadded::new(Mutex::default())).collect())
    }

    /// The map in which `key` is. Never to be held across an await.
    pub(super) fn of(&self, key: &Key) -> MutexGuard<'_, KeyMap<V>> {
        // The map itself uses the lowest and the highest bits; these are between.
        let shard = (key.fingerprint() >> 40) as usize % SHARDS;
        // Only map operations run under the lock, and a panic in one leaves no half-made state.
        self.0[shard].lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn len(&self) -> usize {
        self.0.iter().map(|shard| shard.lock().unwrap_or_else(PoisonError::into_inner).len()).sum()
    }
}
