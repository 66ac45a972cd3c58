//! What the in-process cache tells of itself.

use super::InProcess;
use cachemark_core::{CacheError, CacheProbe, Counters, Entry, Key, Probe, ProbeFuture};
use moka::notification::RemovalCause;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Why entries left, counted by moka's listener.
#[derive(Debug, Default)]
pub(super) struct Removals {
    evicted: AtomicU64,
    expired: AtomicU64,
}

impl Removals {
    pub(super) fn count(&self, cause: RemovalCause) {
        match cause {
            RemovalCause::Size => self.evicted.fetch_add(1, Ordering::Relaxed),
            RemovalCause::Expired => self.expired.fetch_add(1, Ordering::Relaxed),
            RemovalCause::Explicit | RemovalCause::Replaced => 0,
        };
    }
}

impl InProcess {
    /// Empties the map, for real: moka's invalidation alone would leave the entries to its housekeeping.
    fn empty(&self) -> Result<(), CacheError> {
        // One round of housekeeping removes a batch; the bound is for a map that others keep filling.
        const MOST_ROUNDS: u32 = 10_000;
        self.map.invalidate_all();
        for _ in 0..MOST_ROUNDS {
            self.map.run_pending_tasks();
            if self.map.entry_count() == 0 {
                return Ok(());
            }
        }
        Err(CacheError::Rejected("the in-process cache is still being filled while it is cleared".to_owned()))
    }
}

impl Probe<CacheError> for InProcess {
    fn ping(&self) -> ProbeFuture<'_, Duration, CacheError> {
        Box::pin(async {
            let began = Instant::now();
            std::hint::black_box(self.map.policy());
            Ok(began.elapsed())
        })
    }

    fn version(&self) -> ProbeFuture<'_, String, CacheError> {
        Box::pin(async { Ok(format!("moka {MOKA}")) })
    }

    fn settings(&self) -> ProbeFuture<'_, BTreeMap<String, String>, CacheError> {
        Box::pin(async {
            let capacity = self.map.policy().max_capacity().map_or_else(|| "unbounded".to_owned(), |n| n.to_string());
            Ok(BTreeMap::from([
                ("policy".to_owned(), self.policy.name().to_owned()),
                ("capacity".to_owned(), capacity),
            ]))
        })
    }

    /// `entries`, `evictions`, `expired`. Gets and hits are ours to count: the library does not.
    fn counters(&self) -> ProbeFuture<'_, Counters, CacheError> {
        Box::pin(async {
            // Both the number of entries and the listener lag behind until the log has been worked through.
            self.map.run_pending_tasks();
            Ok(Counters(BTreeMap::from([
                ("entries", self.map.entry_count()),
                ("evictions", self.removals.evicted.load(Ordering::Relaxed)),
                ("expired", self.removals.expired.load(Ordering::Relaxed)),
            ])))
        })
    }
}

impl CacheProbe for InProcess {
    /// Leaves TinyLFU's memory of past frequencies: only a new cache has none.
    fn clear(&self) -> ProbeFuture<'_, (), CacheError> {
        Box::pin(async { self.empty() })
    }

    /// Counts as a use for the eviction policy: moka can look without recording only by walking the whole map.
    fn inspect<'a>(&'a self, key: &'a Key) -> ProbeFuture<'a, Option<Entry>, CacheError> {
        Box::pin(async { Ok(self.map.get(key).map(|held| held.entry)) })
    }
}

/// The library's version: it exports none, so the test below holds this to the lock file.
const MOKA: &str = "0.12.16";

#[cfg(test)]
mod tests {
    #[test]
    fn the_version_is_the_one_in_the_lock_file() {
        let lock = include_str!("../../../../Cargo.lock");
        assert!(
            lock.contains(&format!("name = \"moka\"\nversion = \"{}\"", super::MOKA)),
            "set MOKA to the locked version"
        );
    }
}
