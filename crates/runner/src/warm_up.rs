//! How a comparison is warmed: settled before the run, by theory and by what is known of its caches.
//!
//! A warm-up must leave the cache as it is in the long run, and be the same for all that is compared. It is counted in
//! operations, for a cache does not know the time (without a TTL):
//! - **Room for every key.** Whether an entry is there depends on the key's last operations alone. Each key is read once, then
//!   gets one operation of the mix ([`cachemark_workload::KeyPass`]): that is the stationary state, whatever a write does to
//!   the entry. By themselves rare keys would need many times as many operations to come up.
//! - **Room for some of them**, by least recent use: after one characteristic time T every entry that is older has left, and
//!   the cache is as it will be (Che's approximation, [`predict::warm`]). [`CHARACTERISTIC_TIMES`] of them are run, for T is
//!   a mean over a cache that is full. Other evictions are taken for the same, having no theory.
//! - Where writes remove so many entries that the room is hardly filled, T is far longer than it takes to ask for each key:
//!   both are done, and the second is bounded by [`MOST_A_KEY`].
//!
//! The cache is never filled from what is predicted: it comes to its state by operations, and may disagree.

use crate::definition::{Chosen, Definition};
use cachemark_core::HitModel;
use cachemark_workload::predict::{self, Popularity};

/// How many characteristic times an LRU is run.
const CHARACTERISTIC_TIMES: f64 = 1.5;
/// The most operations of the mix that a warm-up makes for each key.
const MOST_A_KEY: u64 = 10;
/// The fewest operations: a connection, an allocator, a query plan want some too, and so does the test of steadiness.
const FEWEST: u64 = 2_000;
/// What an entry takes at a server besides its value, in bytes: key, header, hash slot, allocator. Redis and Memcached take
/// some 100 for short keys; twice that, for the room must suffice in any case.
const ENTRY_OVERHEAD: u64 = 200;

/// What is done before the window, beside a load that begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WarmUp {
    /// Whether every key is read once, and then gets one operation of the mix.
    pub every_key: bool,
    /// Operations of the workload after that, of all clients together.
    pub operations: u64,
}

/// How many entries a cache has room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    /// Every key.
    All,
    /// So many, by least recent use.
    Lru(u64),
    /// About so many, by another law.
    About(u64),
}

impl Room {
    /// The room of `cache`. A server's is in bytes, as the definition has it: of a server of others it is not known.
    pub(crate) fn of(cache: &Chosen, definition: &Definition) -> Self {
        let entries = if cache.settings.iter().any(|(name, _)| name == "capacity") {
            Some(cache.settings.integer("capacity")).filter(|&entries| entries > 0)
        } else {
            let bytes = definition.servers.cache_memory_mib << 20;
            let entries = bytes / (u64::from(definition.value_bytes) + ENTRY_OVERHEAD);
            // Memory is split into classes and pages; half of it must do.
            Some(entries / 2)
        };
        match entries {
            None => Self::All,
            Some(entries) if entries >= definition.keys => Self::All,
            Some(entries) if cache.settings.text("policy") == "lru" => Self::Lru(entries),
            Some(entries) => Self::About(entries),
        }
    }
}

/// What a write does to the entry: a setting has the last word, without one the strategy's own model holds.
pub(crate) fn hit_model(strategy: &Chosen) -> HitModel {
    match (strategy.descriptor.hit_model, strategy.settings.text("on-write")) {
        (HitModel::Never, _) => HitModel::Never,
        (_, "invalidate") => HitModel::InvalidatedByWrites,
        (_, "update" | "none") => HitModel::KeptByWrites,
        (model, _) => model,
    }
}

impl WarmUp {
    /// The warm-up of everything that is compared at `read_ratio`: enough for each strategy over each cache. None where the
    /// definition gives a time, or measures a cold start.
    pub(crate) fn of(definition: &Definition, popularity: &Popularity, read_ratio: f64) -> Self {
        let driving = &definition.driving;
        if driving.warm_up.is_some() {
            return Self { every_key: false, operations: 0 };
        }
        let mut warm_up = Self { every_key: driving.warm_up_scan, operations: FEWEST };
        for strategy in &definition.strategies {
            let model = hit_model(strategy);
            for cache in definition.caches.iter().filter(|_| model != HitModel::Never) {
                let room = match Room::of(cache, definition) {
                    Room::All => None,
                    Room::Lru(entries) | Room::About(entries) => Some(entries),
                };
                warm_up = warm_up.and(Self::by_time(
                    predict::warm(popularity, read_ratio, model, room).characteristic_time,
                    definition.keys,
                ));
            }
        }
        warm_up
    }

    /// Of a characteristic time in operations.
    fn by_time(time: f64, keys: u64) -> Self {
        let most = keys.saturating_mul(MOST_A_KEY);
        let operations = (CHARACTERISTIC_TIMES * time).ceil();
        if time.is_infinite() {
            Self { every_key: true, operations: 0 }
        } else if operations > most as f64 {
            Self { every_key: true, operations: most }
        } else {
            Self { every_key: false, operations: operations as u64 }
        }
    }

    fn and(self, other: Self) -> Self {
        Self { every_key: self.every_key || other.every_key, operations: self.operations.max(other.operations) }
    }

    /// All operations of it, over `keys` keys.
    #[must_use]
    pub fn total(&self, keys: u64) -> u64 {
        self.operations.saturating_add(if self.every_key { keys.saturating_mul(2) } else { 0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_never_ends_is_every_key_s_turn() {
        assert_eq!(WarmUp::by_time(f64::INFINITY, 100), WarmUp { every_key: true, operations: 0 });
        assert_eq!(WarmUp::by_time(200.0, 100), WarmUp { every_key: false, operations: 300 });
        assert_eq!(WarmUp::by_time(5_000.0, 100), WarmUp { every_key: true, operations: 1_000 });
    }

    #[test]
    fn the_longest_serves_all() {
        let both = WarmUp::by_time(200.0, 100).and(WarmUp::by_time(f64::INFINITY, 100));
        assert_eq!((both, both.total(100)), (WarmUp { every_key: true, operations: 300 }, 500));
    }
}
