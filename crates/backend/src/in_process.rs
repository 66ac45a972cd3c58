//! A cache in this process: a concurrent map with a bound, an eviction policy and an expiry for each entry (moka).
//!
//! What moka does differently from a server, and what follows from it here:
//! * **Room** is counted in entries. Moka evicts in batches, from a log that it works through every few hundred
//!   milliseconds or operations, so the map stands over its bound for moments.
//! * **Atomicity.** Moka keeps an entry's expiry beside its value, not in it, and its compute calls exclude each other
//!   but not a plain insert. So every change of a key takes one of 256 locks first (about 20 ns); gets take none.
//! * **TTL** is exact to the clock: an entry is never returned after its time, and never lost to it before.
//! * Evictions include entries that TinyLFU did not admit: moka reports both as one.

mod fingerprint;
mod probe;

use cachemark_core::{
    Cache, CacheError, Capabilities, Descriptor, Entry, HitModel, Key, OpContext, PartKind, SetOutcome, Setting,
    Settings,
};
use fingerprint::ByFingerprint;
use moka::Expiry;
use moka::notification::RemovalCause;
use moka::policy::EvictionPolicy;
use probe::Removals;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How many locks the keys share for changes. With as many driver threads as a machine has cores, two of them meet on
/// one lock in a few percent of changes at most.
const STRIPES: usize = 256;

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
    kind: PartKind::Cache,
    name: "in-process",
    summary: "A bounded concurrent map in this process (moka).",
    settings: &[POLICY, CAPACITY],
    needs: Capabilities { ttl: false, versioned_set: false, shared: false, largest_entry: None },
    hit_model: HitModel::Never,
    colour: [0x4c, 0x78, 0xa8],
};

/// What the in-process cache can do.
pub const CAPABILITIES: Capabilities =
    Capabilities { ttl: true, versioned_set: true, shared: false, largest_entry: None };

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
}

/// A cache in this process; see the [module](self) for what its figures mean.
#[derive(Debug)]
pub struct InProcess {
    map: moka::sync::Cache<Key, Held, ByFingerprint>,
    stripes: Box<[Mutex<()>]>,
    removals: Arc<Removals>,
    policy: Policy,
}

/// An entry with the lifetime that it was set with.
#[derive(Debug, Clone)]
struct Held {
    entry: Entry,
    ttl: Option<Duration>,
}

/// Tells moka each entry's own lifetime.
struct OwnTtl;

impl Expiry<Key, Held> for OwnTtl {
    fn expire_after_create(&self, _key: &Key, held: &Held, _now: Instant) -> Option<Duration> {
        held.ttl
    }

    fn expire_after_update(&self, _: &Key, held: &Held, _: Instant, _before: Option<Duration>) -> Option<Duration> {
        held.ttl
    }
}

impl InProcess {
    /// An empty cache.
    #[must_use]
    pub fn new(options: InProcessOptions) -> Self {
        let removals = Arc::new(Removals::default());
        let counted = Arc::clone(&removals);
        let mut builder = moka::sync::Cache::builder()
            .eviction_policy(match options.policy {
                Policy::Lru => EvictionPolicy::lru(),
                Policy::TinyLfu => EvictionPolicy::tiny_lfu(),
            })
            .expire_after(OwnTtl)
            .eviction_listener(move |_key, _held, cause: RemovalCause| counted.count(cause));
        if let Some(capacity) = options.capacity.filter(|&capacity| capacity > 0) {
            builder = builder.max_capacity(capacity);
        }
        Self {
            map: builder.build_with_hasher(ByFingerprint),
            stripes: (0..STRIPES).map(|_| Mutex::default()).collect(),
            removals,
            policy: options.policy,
        }
    }

    /// Holds off every other change of `key`.
    fn changing(&self, key: &Key) -> MutexGuard<'_, ()> {
        // The fingerprint's low bits choose; what a lock protects is in the map, so a poisoned one is as good as new.
        let stripe = key.fingerprint() as usize % STRIPES;
        self.stripes[stripe].lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn insert(&self, key: &Key, entry: Entry, ttl: Option<Duration>) {
        self.map.insert(key.clone(), Held { entry, ttl: ttl.map(|ttl| ttl.min(LONGEST_TTL)) });
    }
}

impl Cache for InProcess {
    fn capabilities(&self) -> Capabilities {
        CAPABILITIES
    }

    async fn get(&self, _ctx: &OpContext, key: &Key) -> Result<Option<Entry>, CacheError> {
        Ok(self.map.get(key).map(|held| held.entry))
    }

    async fn set(&self, _ctx: &OpContext, key: &Key, entry: Entry, ttl: Option<Duration>) -> Result<(), CacheError> {
        let _changing = self.changing(key);
        self.insert(key, entry, ttl);
        Ok(())
    }

    async fn set_if_newer(
        &self,
        _ctx: &OpContext,
        key: &Key,
        entry: Entry,
        ttl: Option<Duration>,
    ) -> Result<SetOutcome, CacheError> {
        let _changing = self.changing(key);
        if self.map.get(key).is_some_and(|held| entry.is_superseded_by(held.entry.version)) {
            return Ok(SetOutcome::Superseded);
        }
        self.insert(key, entry, ttl);
        Ok(SetOutcome::Stored)
    }

    async fn delete(&self, _ctx: &OpContext, key: &Key) -> Result<(), CacheError> {
        let _changing = self.changing(key);
        self.map.invalidate(key);
        Ok(())
    }
}
