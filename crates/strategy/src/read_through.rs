//! Read-through: a cache tier owns the loader. Readers ask the tier, and on a miss the tier loads the row, once for
//! all who wait for it, and fills the cache.
//!
//! - Read: get; on a miss, join the load of the key or begin one. A load outlives the reader that began it
//!   (`load-timeout-ms`).
//! - Write: under the key's lock, store write, then delete of the entry (`on-write = invalidate`), versioned set
//!   (`update`) or nothing (`none`); loads that may have read the old row are superseded before the acknowledgement.
//! - Delete: the same with the store's delete; the entry is deleted (or, with `none`, left).
//!
//! Within one instance no old row is ever put into the cache, and no reader joins a load that began before the last
//! acknowledged write of its key. The descriptor declares its anomalies, of which these are the ones to know:
//! - With several instances over one cache, what cache-aside has in one: **stale sets** after an invalidation, **refills over
//!   an update**, **resurrected deletes**: locks and loads are each instance's own. For the same reason a reader joins a load
//!   from before a write that another instance has acknowledged.
//! - With `update`, two instances don't invert their writes: the set is versioned. But once the newer entry is evicted, the
//!   cache takes the **older value** again.
//! - With `none`, every write leaves a stale entry until its TTL.
//! - A failed or lost invalidation leaves a stale entry until its TTL, and so does a write that its caller drops after the
//!   commit (with `placement = task` it goes on without its caller).
//!
//! `update` needs a cache with a versioned set. Over one without, the entry is deleted instead, and the outcome of each
//! write says so.

use crate::Parts;
use crate::declared::{
    ACKNOWLEDGES_ALL_THE_SAME, EXPIRES, FORGETS_ABSENCE, IN_PROCESS, INVALIDATES, LEAVES_THE_ENTRY, PUTS_NOTHING,
    REMEMBERS_ABSENCE, TELLS_THE_CACHE, UNSPREAD, UPDATES,
};
use crate::model;
use crate::settings;
use crate::steps;
use crate::tier::Placed;
use crate::write_path::Change;
use cachemark_core::{
    Cache, Declared, Descriptor, HitModel, Key, OpContext, OpError, PartKind, ReadOutcome, Settings, Store, Strategy,
    Value, WriteOutcome, anomaly,
};

/// What the strategy says of itself.
pub const DESCRIPTOR: Descriptor = Descriptor {
    settings: &[
        settings::ON_WRITE,
        settings::TTL_MS,
        settings::TTL_JITTER,
        settings::NEGATIVE_TTL_MS,
        settings::ON_CACHE_READ_ERROR,
        settings::ON_CACHE_WRITE_ERROR,
        settings::LOAD_TIMEOUT_MS,
        settings::PLACEMENT,
    ],
    model: |settings| model::of(settings, HitModel::InvalidatedWithLoads),
    anomalies: &[
        Declared::over_one_cache(anomaly::STALE_SET, &[INVALIDATES]),
        Declared::over_one_cache(anomaly::FORGOTTEN_VERSION, &[UPDATES]),
        Declared::over_one_cache(anomaly::REFILL_OVER_UPDATE, &[UPDATES]),
        Declared::always(anomaly::LOST_INVALIDATION, &[TELLS_THE_CACHE, ACKNOWLEDGES_ALL_THE_SAME]),
        Declared::always(anomaly::CANCELLED_WRITE, &[TELLS_THE_CACHE, IN_PROCESS]),
        Declared::over_one_cache(anomaly::CRASH_AFTER_COMMIT, &[TELLS_THE_CACHE]),
        Declared::behind_a_replica(anomaly::REPLICA_LAG, &[PUTS_NOTHING]),
        Declared::behind_a_replica(anomaly::REPLICA_RESURRECTION, &[]),
        Declared::always(anomaly::READ_YOUR_WRITES, &[LEAVES_THE_ENTRY]),
        Declared::with_own_caches(anomaly::READ_YOUR_WRITES, &[]),
        Declared::over_one_cache(anomaly::STALE_JOIN, &[INVALIDATES]),
        Declared::with_own_caches(anomaly::NON_MONOTONIC_READ, &[]),
        Declared::over_one_cache(anomaly::STAMPEDE, &[]),
        Declared::always(anomaly::PENETRATION, &[FORGETS_ABSENCE]),
        Declared::always(anomaly::AVALANCHE, &[EXPIRES, UNSPREAD]),
        Declared::over_one_cache(anomaly::RESURRECTED_DELETE, &[TELLS_THE_CACHE]),
        Declared::always(anomaly::STALE_NEGATIVE, &[LEAVES_THE_ENTRY, REMEMBERS_ABSENCE]),
        Declared::over_one_cache(anomaly::STALE_NEGATIVE, &[TELLS_THE_CACHE, REMEMBERS_ABSENCE]),
        Declared::with_own_caches(anomaly::STALE_NEGATIVE, &[TELLS_THE_CACHE, REMEMBERS_ABSENCE]),
    ],
    protocol: steps::TIER,
    formula: "Hit ratio as of cache-aside, r / (r + w), less what loads that a write overtakes do not fill. A key that expires \
              is loaded once by each instance at most.",
    source: "Oracle Coherence, ReadWriteBackingMap; Caffeine, LoadingCache.",
    colour: [213, 94, 0],
    ..Descriptor::of(
        PartKind::Strategy,
        "read-through",
        "A cache tier loads missing rows, once for all who wait, and removes the entry on a write.",
    )
};

/// A tier that invalidates.
#[derive(Debug)]
pub struct ReadThrough<C, S> {
    tier: Placed<C, S>,
}

impl<C: Cache, S: Store> ReadThrough<C, S> {
    /// Takes the settings of the descriptor.
    ///
    /// # Panics
    /// With `placement = task` outside a runtime; the tier runs on the one where it is made.
    #[must_use]
    pub fn new(settings: &Settings, parts: Parts<C, S>) -> Self {
        Self { tier: Placed::new(settings, parts) }
    }
}

impl<C: Cache, S: Store> Strategy for ReadThrough<C, S> {
    async fn read(&self, ctx: &OpContext, key: &Key) -> Result<ReadOutcome, OpError> {
        self.tier.read(ctx, key).await
    }

    async fn write(&self, ctx: &OpContext, key: &Key, value: Value) -> Result<WriteOutcome, OpError> {
        self.tier.change(ctx, key, Change::Write(value)).await
    }

    async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<WriteOutcome, OpError> {
        self.tier.change(ctx, key, Change::Delete).await
    }

    async fn drain(&self, ctx: &OpContext) -> Result<(), OpError> {
        self.tier.drain(ctx).await
    }
}
