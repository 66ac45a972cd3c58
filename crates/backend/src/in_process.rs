//! A cache in this process: a map with a bound, an eviction policy and an expiry for each entry.
//!
//! What holds here that does not hold for a server:
//! * **Room** is counted in entries. Policy `lru` with a bound is an exact LRU behind one lock (`lru`): never more
//!   entries than the bound, at any moment. Policy `tiny-lfu`, and either policy without a bound, is a concurrent map
//!   (moka, `concurrent`); with a bound of n it holds at most n, one in a hundred of n (rounded down), and one more
//!   for each thread that is setting. The most that were held at once are among the counters (`entries-peak`).
//! * **One lock** is what exactness costs: an LRU in shards evicts by shards, and lists that are put in order later evict
//!   late. It is held for a look-up and some pointers (about 50 ns); threads beyond a handful would wait for each other.
//! * **TTL** is exact to the clock: an entry is never returned after its time, and never lost to it before.
//! * **Leases** stand beside the entries: they take no room, and none ends before its time.
//! * Evictions include entries that TinyLFU did not admit: moka reports both as one.

mod concurrent;
mod fingerprint;
mod leases;
mod lru;
mod probe;
mod removals;

use cachemark_core::{
    Cache, CacheError, Capabilities, Descriptor, Entry, Key, LeaseToken, Leased, Model, OpContext, PartKind, Room,
    SetOutcome, Setting, Settings,
};
use concurrent::Concurrent;
use lru::Lru;
use std::time::Duration;

/// Longer lifetimes are cut to this (a century), so that no addition to a clock can overflow.
const LONGEST_TTL: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

const POLICY: Setting = Setting::choice(
    "policy",
    &["lru", "tiny-lfu"],
    "Which entry leaves a full cache: the least recently used, or by TinyLFU.",
);
const CAPACITY: Setting =
    Setting::integer("capacity", 0, 1 << 32, 10_000, "The most entries that the cache holds; 0 means no bound.");

/// What the in-process cache says of itself.
pub const DESCRIPTOR: Descriptor = Descriptor {
    settings: &[POLICY, CAPACITY],
    model: |settings| InProcessOptions::from_settings(settings).model(),
    colour: [0x4c, 0x78, 0xa8],
    ..Descriptor::of(PartKind::Cache, "in-process", "A bounded map in this process: an exact LRU, or TinyLFU (moka).")
};

/// What the in-process cache can do.
pub const CAPABILITIES: Capabilities =
    Capabilities { ttl: true, versioned_set: true, lease: true, touch: true, ..Capabilities::NONE };

/// Which entry leaves a full cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// The least recently used.
    Lru,
    /// TinyLFU: admission by estimated frequency, eviction by recency.
    TinyLfu,
}

impl Policy {
    /// The word for it in settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Lru => "lru",
            Self::TinyLfu => "tiny-lfu",
        }
    }
}

/// How an in-process cache is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InProcessOptions {
    /// The eviction policy.
    pub policy: Policy,
    /// The most entries, or `None` for no bound. `Some(0)` counts as `None`.
    pub capacity: Option<u64>,
}

impl InProcessOptions {
    /// Reads the settings of [`DESCRIPTOR`].
    #[must_use]
    pub fn from_settings(settings: &Settings) -> Self {
        let policy = if settings.text(POLICY.name) == Policy::TinyLfu.name() { Policy::TinyLfu } else { Policy::Lru };
        Self { policy, capacity: Some(settings.integer(CAPACITY.name)) }
    }

    fn model(&self) -> Model {
        let room = match (self.room(), self.policy) {
            (None, _) => Room::Unbounded,
            (Some(entries), Policy::Lru) => Room::Lru(entries),
            (Some(entries), Policy::TinyLfu) => Room::Entries(entries),
        };
        Model { room, ..Model::none() }
    }

    /// The most entries, if there is a bound.
    fn room(&self) -> Option<u64> {
        self.capacity.filter(|&capacity| capacity > 0)
    }
}

/// A cache in this process; see the [module](self) for what its figures mean.
#[derive(Debug)]
pub struct InProcess {
    options: InProcessOptions,
    map: Map,
}

#[derive(Debug)]
enum Map {
    Lru(Box<Lru>),
    Concurrent(Concurrent),
}

impl InProcess {
    /// An empty cache.
    #[must_use]
    pub fn new(options: InProcessOptions) -> Self {
        let map = match (options.policy, options.room()) {
            (Policy::Lru, Some(room)) => Map::Lru(Box::new(Lru::new(room))),
            (policy, room) => Map::Concurrent(Concurrent::new(policy, room)),
        };
        Self { options, map }
    }
}

/// How long an entry lives, cut to what a clock can count.
fn within_reach(ttl: Option<Duration>) -> Option<Duration> {
    ttl.map(|ttl| ttl.min(LONGEST_TTL))
}

impl Cache for InProcess {
    fn capabilities(&self) -> Capabilities {
        CAPABILITIES
    }

    async fn get(&self, _ctx: &OpContext, key: &Key) -> Result<Option<Entry>, CacheError> {
        Ok(match &self.map {
            Map::Lru(lru) => lru.get(key),
            Map::Concurrent(map) => map.get(key),
        })
    }

    async fn set(&self, _ctx: &OpContext, key: &Key, entry: Entry, ttl: Option<Duration>) -> Result<(), CacheError> {
        match &self.map {
            Map::Lru(lru) => lru.set(key, entry, within_reach(ttl)),
            Map::Concurrent(map) => map.set(key, entry, within_reach(ttl)),
        }
        Ok(())
    }

    async fn set_if_newer(
        &self,
        _ctx: &OpContext,
        key: &Key,
        entry: Entry,
        ttl: Option<Duration>,
    ) -> Result<SetOutcome, CacheError> {
        Ok(match &self.map {
            Map::Lru(lru) => lru.set_if_newer(key, entry, within_reach(ttl)),
            Map::Concurrent(map) => map.set_if_newer(key, entry, within_reach(ttl)),
        })
    }

    async fn get_or_lease(&self, _ctx: &OpContext, key: &Key, lease: Duration) -> Result<Leased, CacheError> {
        let lease = lease.min(LONGEST_TTL);
        Ok(match &self.map {
            Map::Lru(lru) => lru.get_or_lease(key, lease),
            Map::Concurrent(map) => map.get_or_lease(key, lease),
        })
    }

    async fn set_leased(
        &self,
        _ctx: &OpContext,
        key: &Key,
        entry: Entry,
        ttl: Option<Duration>,
        token: LeaseToken,
    ) -> Result<SetOutcome, CacheError> {
        Ok(match &self.map {
            Map::Lru(lru) => lru.set_leased(key, entry, within_reach(ttl), token),
            Map::Concurrent(map) => map.set_leased(key, entry, within_reach(ttl), token),
        })
    }

    async fn get_and_touch(&self, _ctx: &OpContext, key: &Key, ttl: Duration) -> Result<Option<Entry>, CacheError> {
        let ttl = ttl.min(LONGEST_TTL);
        Ok(match &self.map {
            Map::Lru(lru) => lru.get_and_touch(key, ttl),
            Map::Concurrent(map) => map.get_and_touch(key, ttl),
        })
    }

    async fn delete(&self, _ctx: &OpContext, key: &Key) -> Result<(), CacheError> {
        match &self.map {
            Map::Lru(lru) => lru.delete(key),
            Map::Concurrent(map) => map.delete(key),
        }
        Ok(())
    }
}
