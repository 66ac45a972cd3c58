//! Cache-aside: the application asks the cache, and on a miss the store, and fills the cache itself.
//!
//! - Read: get; on a miss, store read, set, return. Each caller loads for itself within its own deadline: misses of one
//!   key at the same time are as many loads.
//! - Write: store write, then delete of the entry (`on-write = invalidate`), plain set (`update`) or nothing (`none`).
//! - Delete: store delete, then delete of the entry (or, with `none`, nothing).
//!
//! There is no lock and no version check, as in the applications that it stands for. With `fill-guard = process` a
//! refill is dropped if this process has written or deleted the key since the load began: fills and what changes do
//! to entries are put into an order, for a lock of the key that is held for one call to the cache. The descriptor
//! declares its anomalies, of which these are the ones to know:
//! - **Stale set after an invalidation**: a reader loads the old row, a writer commits and deletes the entry, the
//!   reader sets the old row. It stays until its TTL or the next write. A deleted row comes back in the same way. The
//!   guard keeps one process from it, and not several over one cache.
//! - With `update`, **double-write inversion**: two writers commit in one order and set in the other. The older value
//!   stays. The set is unversioned on purpose: this is what is written in practice.
//! - With `update`, a reader's **refill covers the update** of a writer, but where the guard is.
//! - With `none`, every write leaves a stale entry until its TTL.
//! - A failed, lost or cancelled invalidation leaves a stale entry until its TTL.

use crate::Parts;
use crate::aside::Aside;
use crate::declared::{
    ACKNOWLEDGES_ALL_THE_SAME, EXPIRES, FORGETS_ABSENCE, INVALIDATES, LEAVES_THE_ENTRY, PUTS_NOTHING,
    REMEMBERS_ABSENCE, TELLS_THE_CACHE, UNSPREAD, UPDATES,
};
use crate::delegate::delegate;
use crate::model;
use crate::rules::{Rules, Update};
use crate::settings;
use crate::steps;
use cachemark_core::{Cache, Condition, Declared, Descriptor, HitModel, PartKind, Setting, Settings, Store, anomaly};

/// Whether refills are guarded.
pub const FILL_GUARD: Setting = Setting::choice(
    "fill-guard",
    &["none", "process"],
    "Whether a refill is dropped if this process has written or deleted the key since its load began.",
);
const GUARDED: Condition = Condition::Is(FILL_GUARD.name, &["process"]);
const UNGUARDED: Condition = Condition::Is(FILL_GUARD.name, &["none"]);

/// What the strategy says of itself.
pub const DESCRIPTOR: Descriptor = Descriptor {
    settings: &[
        settings::ON_WRITE,
        settings::TTL_MS,
        settings::TTL_JITTER,
        settings::NEGATIVE_TTL_MS,
        settings::ON_CACHE_READ_ERROR,
        settings::ON_CACHE_WRITE_ERROR,
        FILL_GUARD,
    ],
    model: |settings| {
        let guarded = settings.text(FILL_GUARD.name) == "process";
        model::of(settings, if guarded { HitModel::InvalidatedWithLoads } else { HitModel::InvalidatedByWrites })
    },
    anomalies: &[
        Declared::always(anomaly::STALE_SET, &[INVALIDATES, UNGUARDED]),
        Declared::over_one_cache(anomaly::STALE_SET, &[INVALIDATES, GUARDED]),
        Declared::always(anomaly::WRITE_INVERSION, &[UPDATES]),
        Declared::always(anomaly::FORGOTTEN_VERSION, &[UPDATES]),
        Declared::always(anomaly::REFILL_OVER_UPDATE, &[UPDATES, UNGUARDED]),
        Declared::over_one_cache(anomaly::REFILL_OVER_UPDATE, &[UPDATES, GUARDED]),
        Declared::always(anomaly::LOST_INVALIDATION, &[TELLS_THE_CACHE, ACKNOWLEDGES_ALL_THE_SAME]),
        Declared::always(anomaly::CANCELLED_WRITE, &[TELLS_THE_CACHE]),
        Declared::over_one_cache(anomaly::CRASH_AFTER_COMMIT, &[TELLS_THE_CACHE]),
        Declared::behind_a_replica(anomaly::REPLICA_LAG, &[PUTS_NOTHING]),
        Declared::behind_a_replica(anomaly::REPLICA_RESURRECTION, &[]),
        Declared::always(anomaly::READ_YOUR_WRITES, &[LEAVES_THE_ENTRY]),
        Declared::with_own_caches(anomaly::READ_YOUR_WRITES, &[]),
        Declared::with_own_caches(anomaly::NON_MONOTONIC_READ, &[]),
        Declared::always(anomaly::STAMPEDE, &[]),
        Declared::always(anomaly::PENETRATION, &[FORGETS_ABSENCE]),
        Declared::always(anomaly::AVALANCHE, &[EXPIRES, UNSPREAD]),
        Declared::always(anomaly::RESURRECTED_DELETE, &[TELLS_THE_CACHE, UNGUARDED]),
        Declared::over_one_cache(anomaly::RESURRECTED_DELETE, &[TELLS_THE_CACHE, GUARDED]),
        Declared::always(anomaly::STALE_NEGATIVE, &[REMEMBERS_ABSENCE, UNGUARDED]),
        Declared::always(anomaly::STALE_NEGATIVE, &[LEAVES_THE_ENTRY, REMEMBERS_ABSENCE, GUARDED]),
        Declared::over_one_cache(anomaly::STALE_NEGATIVE, &[TELLS_THE_CACHE, REMEMBERS_ABSENCE, GUARDED]),
        Declared::with_own_caches(anomaly::STALE_NEGATIVE, &[TELLS_THE_CACHE, REMEMBERS_ABSENCE, GUARDED]),
    ],
    protocol: steps::ASIDE,
    formula: "Hit ratio of a key that is read r times and written w times a second, with room for all: r / (r + w). With a \
              lifetime T: r E / (1 + r E), where E = (1 - e^(-w T)) / w. A key that expires is loaded about 1 + r L times, \
              where a load takes L.",
    source: "Microsoft, Azure Architecture Center, Cache-Aside pattern; Nishtala et al., Scaling Memcache at Facebook, NSDI 2013 \
             (look-aside).",
    colour: [0, 114, 178],
    ..Descriptor::of(
        PartKind::Strategy,
        "cache-aside",
        "The application fills the cache on a miss and removes the entry on a write.",
    )
};

/// The application's own calls to cache and store.
#[derive(Debug)]
pub struct CacheAside<C, S>(Aside<C, S>);

impl<C: Cache, S: Store> CacheAside<C, S> {
    /// Takes the settings of the descriptor.
    #[must_use]
    pub fn new(settings: &Settings, parts: Parts<C, S>) -> Self {
        let aside = Aside::new(parts, Rules::new(settings, Update::Plain));
        Self(if settings.text(FILL_GUARD.name) == "process" { aside.guarded() } else { aside })
    }
}

delegate!(CacheAside);
