//! What the in-process cache tells of itself.

use super::{InProcess, Map};
use cachemark_core::{CacheError, CacheProbe, Counters, Entry, Held, Key, Probe, ProbeFuture, Recency, Seeing};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

impl Probe<CacheError> for InProcess {
    fn ping(&self) -> ProbeFuture<'_, Duration, CacheError> {
        Box::pin(async {
            let began = Instant::now();
            std::hint::black_box(&self.map);
            Ok(began.elapsed())
        })
    }

    fn version(&self) -> ProbeFuture<'_, String, CacheError> {
        let version = match &self.map {
            Map::Lru(_) => format!("hashlink {HASHLINK}"),
            Map::Concurrent(_) => format!("moka {MOKA}"),
        };
        Box::pin(async { Ok(version) })
    }

    fn settings(&self) -> ProbeFuture<'_, BTreeMap<String, String>, CacheError> {
        Box::pin(async {
            let capacity = self.options.room().map_or_else(|| "unbounded".to_owned(), |room| room.to_string());
            Ok(BTreeMap::from([
                ("policy".to_owned(), self.options.policy.name().to_owned()),
                ("capacity".to_owned(), capacity),
            ]))
        })
    }

    /// `entries`, `entries-peak`, `evictions`, `expired`. Gets and hits are ours to count: no library does.
    fn counters(&self) -> ProbeFuture<'_, Counters, CacheError> {
        Box::pin(async {
            let figures = match &self.map {
                Map::Lru(lru) => lru.figures(),
                Map::Concurrent(map) => map.figures(),
            };
            Ok(Counters(BTreeMap::from([
                ("entries", figures.entries),
                ("entries-peak", figures.peak),
                ("evictions", figures.evicted),
                ("expired", figures.expired),
            ])))
        })
    }
}

impl CacheProbe for InProcess {
    /// Leaves TinyLFU's memory of past frequencies: only a new cache has none.
    fn clear(&self) -> ProbeFuture<'_, (), CacheError> {
        Box::pin(async {
            match &self.map {
                Map::Lru(lru) => lru.clear(),
                Map::Concurrent(map) => map.clear(),
            }
            Ok(())
        })
    }

    /// They are removed, and counted as expired.
    fn expire<'a>(&'a self, keys: Option<&'a [Key]>) -> ProbeFuture<'a, (), CacheError> {
        Box::pin(async move {
            match &self.map {
                Map::Lru(lru) => lru.expire(keys),
                Map::Concurrent(map) => map.expire(keys),
            }
            Ok(())
        })
    }

    /// A map of moka's keeps the bound that it was made with.
    fn cut_room(&self, share: f64) -> ProbeFuture<'_, (), CacheError> {
        Box::pin(async move {
            match &self.map {
                Map::Lru(lru) => {
                    lru.cut_room(share);
                    Ok(())
                }
                Map::Concurrent(_) => Err(CacheError::Unsupported("changing its room, which moka fixes for good")),
            }
        })
    }

    /// Counts as a use with moka, which can look without recording only by walking the whole map.
    fn inspect<'a>(&'a self, key: &'a Key) -> ProbeFuture<'a, Option<Entry>, CacheError> {
        Box::pin(async {
            Ok(match &self.map {
                Map::Lru(lru) => lru.peek(key),
                Map::Concurrent(map) => map.get(key),
            })
        })
    }

    /// Walks the whole map with moka.
    fn look<'a>(
        &'a self,
        keys: &'a [Key],
        see: &'a mut Seeing<'a, Option<Held>>,
    ) -> ProbeFuture<'a, Recency, CacheError> {
        Box::pin(async {
            match &self.map {
                Map::Lru(lru) => keys.iter().enumerate().for_each(|(at, key)| see(at, lru.look(key))),
                Map::Concurrent(map) => map.look(keys, see),
            }
            Ok(Recency::Kept)
        })
    }
}

/// The libraries' versions: they export none, so the test below holds these to the lock file.
const MOKA: &str = "0.12.16";
const HASHLINK: &str = "0.11.1";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_versions_are_those_in_the_lock_file() {
        let lock = include_str!("../../../../Cargo.lock");
        for (name, version) in [("moka", MOKA), ("hashlink", HASHLINK)] {
            let locked = lock.contains(&format!("name = \"{name}\"\nversion = \"{version}\""));
            assert!(locked, "set the version of {name} to the locked one");
        }
    }
}
