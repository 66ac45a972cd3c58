//! The servers' own word: reached off the hot path, so futures are boxed and probes can be held as objects.

use crate::{CacheError, Entry, Key, Row, StoreError, Value};
use futures::future::BoxFuture;
use std::collections::BTreeMap;
use std::slice;
use std::time::Duration;

/// A probe's answer to come.
pub type ProbeFuture<'a, T, E> = BoxFuture<'a, Result<T, E>>;

/// Figures that a server keeps of itself, by name: `gets`, `hits`, `sets`, `deletes`, `evictions`, `expired`,
/// `entries`, `entries-peak` (the most at once since the cache was cleared), `memory-bytes`, `rows-read`, `rows-written` where
/// it knows them. Counts grow from the server's start.
///
/// Beside them stand, counting from the connecting, what our own way of using it cost: `lane-waits` (operations that found
/// no free lane), `lane-wait-ns` (the time that they queued, summed), `lanes-connected`, `lanes-discarded` (thrown away with
/// an operation in flight), `lanes-found-closed` (closed by the server while they were free, and replaced: their operations
/// were asked again), and `versioned-sets` and `versioned-set-round-trips` where a versioned set takes several.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counters(pub BTreeMap<&'static str, u64>);

impl Counters {
    /// What was added between `earlier` and `self`, of what both know; figures that are levels (`entries`, `entries-peak`,
    /// `memory-bytes`) stay as they are now.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        let level = |name: &str| matches!(name, "entries" | "entries-peak" | "memory-bytes");
        Self(
            self.0
                .iter()
                .filter_map(|(&name, &now)| {
                    let before = if level(name) { 0 } else { *earlier.0.get(name)? };
                    Some((name, now.saturating_sub(before)))
                })
                .collect(),
        )
    }
}

/// What caches and stores tell of themselves alike. `E` is the backend's error.
pub trait Probe<E>: Send + Sync {
    /// Asks the server for a sign of life and says how long that took.
    fn ping(&self) -> ProbeFuture<'_, Duration, E>;

    /// Name and version of the server or library.
    fn version(&self) -> ProbeFuture<'_, String, E>;

    /// The settings that matter for a comparison, by the server's own names; none where it does not tell.
    fn settings(&self) -> ProbeFuture<'_, BTreeMap<String, String>, E> {
        Box::pin(async { Ok(BTreeMap::new()) })
    }

    /// The server's own figures; none where it does not tell.
    fn counters(&self) -> ProbeFuture<'_, Counters, E> {
        Box::pin(async { Ok(Counters::default()) })
    }
}

/// What a cache holds under a key, seen from outside of any operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The entry; none if what is there is no entry of ours.
    pub entry: Option<Entry>,
    /// How long until it expires by itself, in the cache's own step of time; none if it never does.
    pub remaining: Option<Duration>,
}

/// What a look at many entries did to the cache's choice of what to evict next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Recency {
    /// Nothing.
    Kept,
    /// Each entry that was looked at counts as used: the server offers no other way to read it.
    Touched,
}

/// Is told what is under each key of a look, by the key's place among those that were asked for.
pub type Seeing<'a, T> = dyn FnMut(usize, T) + Send + 'a;

/// The probe of a cache.
pub trait CacheProbe: Probe<CacheError> {
    /// Removes every entry of ours. May be called while operations run: what they set meanwhile may stay or go.
    fn clear(&self) -> ProbeFuture<'_, (), CacheError>;

    /// The entry under `key`, read without touching recency or expiry where the server allows it.
    fn inspect<'a>(&'a self, key: &'a Key) -> ProbeFuture<'a, Option<Entry>, CacheError>;

    /// Every key of ours under which there is something, each once.
    ///
    /// # Errors
    /// [`CacheError::Unsupported`] where that cannot be asked.
    fn keys(&self) -> ProbeFuture<'_, Vec<Key>, CacheError> {
        Box::pin(async { Err(CacheError::Unsupported("listing its keys")) })
    }

    /// Makes the entries under `keys` expire now, or every entry of ours: as if their lifetimes had ended. May be called while
    /// operations run.
    ///
    /// # Errors
    /// [`CacheError::Unsupported`] where that cannot be asked.
    fn expire<'a>(&'a self, _keys: Option<&'a [Key]>) -> ProbeFuture<'a, (), CacheError> {
        Box::pin(async { Err(CacheError::Unsupported("making entries expire")) })
    }

    /// Cuts the room for entries to `share` of what it is set to, 0 to 1, so that some are evicted; 1 gives it back. May be called while
    /// operations run.
    ///
    /// # Errors
    /// [`CacheError::Unsupported`] where its room cannot be changed, as that of a server that is not ours.
    fn cut_room(&self, _share: f64) -> ProbeFuture<'_, (), CacheError> {
        Box::pin(async { Err(CacheError::Unsupported("changing its room")) })
    }

    /// Tells `see` what is under each of `keys`, once a key, in any order: many keys in each question. No entry is changed, nor
    /// when it expires; what becomes of recency is the answer. If the look fails or is dropped, some keys were not told of.
    fn look<'a>(
        &'a self,
        keys: &'a [Key],
        see: &'a mut Seeing<'a, Option<Held>>,
    ) -> ProbeFuture<'a, Recency, CacheError>;
}

/// Rows for a preload, made on demand: a million of them need not be in memory at once.
pub trait PreloadRows: Send + Sync {
    /// How many rows there are.
    fn count(&self) -> u64;

    /// Row `index`, from 0; the same one each time.
    fn row(&self, index: u64) -> (Key, Value);

    /// Two preloads of the same identity hold the same rows, so a store may keep one ready and copy it.
    fn identity(&self) -> String;
}

/// The probe of a store.
pub trait StoreProbe: Probe<StoreError> {
    /// Empties our table and loads `rows` into it, each at version 1. Not to be called while operations run.
    fn reset<'a>(&'a self, rows: &'a dyn PreloadRows) -> ProbeFuture<'a, (), StoreError>;

    /// How many operations of ours the server is still at, now that nobody of this process waits for any: those that their
    /// clients gave up. What they change they may change after the next reset. 0 of a store whose reset they cannot outlive.
    fn unfinished(&self) -> ProbeFuture<'_, u64, StoreError> {
        Box::pin(async { Ok(0) })
    }

    /// The row of `key`.
    fn inspect<'a>(&'a self, key: &'a Key) -> ProbeFuture<'a, Row, StoreError> {
        Box::pin(async move {
            let mut row = Err(StoreError::Unsupported("showing its rows"));
            self.look(slice::from_ref(key), &mut |_, seen| row = Ok(seen)).await?;
            row
        })
    }

    /// The keys of the rows, deleted ones too, in their order: the first `most` of them.
    ///
    /// # Errors
    /// [`StoreError::Unsupported`] where that cannot be asked.
    fn keys(&self, _most: u64) -> ProbeFuture<'_, Vec<Key>, StoreError> {
        Box::pin(async { Err(StoreError::Unsupported("listing its keys")) })
    }

    /// Tells `see` the row of each of `keys`, once a key, in any order: many keys in each question, and none of the cost that
    /// may be added to reads. If the look fails or is dropped, some keys were not told of.
    fn look<'a>(&'a self, keys: &'a [Key], see: &'a mut Seeing<'a, Row>) -> ProbeFuture<'a, (), StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_differences_and_levels_are_not() {
        let before = Counters(BTreeMap::from([("gets", 10), ("entries", 5)]));
        let after = Counters(BTreeMap::from([("gets", 25), ("entries", 4), ("evictions", 2)]));
        // What was not counted before has no beginning to be counted from.
        assert_eq!(after.since(&before).0, BTreeMap::from([("gets", 15), ("entries", 4)]));
    }
}
