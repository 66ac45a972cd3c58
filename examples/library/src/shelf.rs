//! A cache of one's own, as small as the contract allows.

use cachemark_core::{Cache, CacheError, Capabilities, Entry, Key, OpContext};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Entries by key, each with the time of its end. It knows no room: whoever needs one gives it one.
#[derive(Debug, Default)]
pub struct Shelf(Mutex<HashMap<Key, (Entry, Option<Instant>)>>);

impl Shelf {
    fn entries(&self) -> MutexGuard<'_, HashMap<Key, (Entry, Option<Instant>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Cache for Shelf {
    fn capabilities(&self) -> Capabilities {
        Capabilities { ttl: true, ..Capabilities::NONE }
    }

    async fn get(&self, _ctx: &OpContext, key: &Key) -> Result<Option<Entry>, CacheError> {
        let now = Instant::now();
        let lives = |end: &Option<Instant>| end.is_none_or(|end| now < end);
        Ok(self.entries().get(key).filter(|(_, end)| lives(end)).map(|(entry, _)| entry.clone()))
    }

    async fn set(&self, _ctx: &OpContext, key: &Key, entry: Entry, ttl: Option<Duration>) -> Result<(), CacheError> {
        self.entries().insert(key.clone(), (entry, ttl.map(|ttl| Instant::now() + ttl)));
        Ok(())
    }

    async fn delete(&self, _ctx: &OpContext, key: &Key) -> Result<(), CacheError> {
        self.entries().remove(key);
        Ok(())
    }
}
