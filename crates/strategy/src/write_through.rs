//! Write-through: the tier of read-through, which on a write puts the new value into the cache instead of removing the
//! old one.
//!
//! - Read: as read-through.
//! - Write: under the key's lock, store write, then a versioned set (`on-write = update`) or a delete (`invalidate`);
//!   loads that may have read the old row are superseded before the acknowledgement. The store comes first: the other
//!   order would show values that never became durable.
//! - Delete: store delete, then delete of the entry, under the same lock.
//!
//! With `lock = false`, **a mistake** that is made in practice, the writers of a key are not ordered, and the set is
//! a plain one: two of them commit in one order and set in the other, and the older value stays. (A versioned set
//! alone would mend that for as long as the cache keeps the newer entry, so without the lock there is none; the cache
//! is asked for it all the same, so that both arms run over the same caches.) Fills are still ordered with what
//! writes do to entries: no refill covers an update of its process.
//!
//! The lock orders the writers of one instance; the versioned set orders those of several, for as long as the cache
//! keeps the newer entry: two instances don't invert their writes. The descriptor declares its anomalies, of which
//! these are the ones to know:
//! - With several instances over one cache, a reader's **refill covers the update** of a writer, and after a delete
//!   or an eviction the cache accepts an **older version** again: it remembers versions only of what it holds.
//! - With `invalidate`, several instances have what those of read-through have: stale sets, joined loads from before
//!   a write.
//! - The store commits and the cache fails, or the caller drops the write: a stale entry until its TTL (with
//!   `placement = task` the write goes on without its caller).

use crate::Parts;
use crate::declared::{
    ACKNOWLEDGES_ALL_THE_SAME, EXPIRES, FORGETS_ABSENCE, IN_PROCESS, INVALIDATES, REMEMBERS_ABSENCE, UNSPREAD, UPDATES,
};
use crate::model;
use crate::settings;
use crate::steps;
use crate::tier::{Placed, Tier};
use crate::write_path::Change;
use cachemark_core::{
    Cache, Capabilities, Condition, Declared, Descriptor, HitModel, Key, OpContext, OpError, PartKind, ReadOutcome,
    Setting, Settings, Store, Strategy, Value, WriteOutcome, anomaly,
};
use std::sync::Arc;

/// Whether the writers of a key are ordered.
pub const LOCK: Setting = Setting::flag(
    "lock",
    true,
    "Whether a write holds the lock of its key from before the store. Without it, a mistake, two writers may invert: \
     sets are not versioned then.",
);
const UNLOCKED: Condition = Condition::Off(LOCK.name);

/// What the strategy says of itself.
pub const DESCRIPTOR: Descriptor = Descriptor {
    settings: &[
        settings::ON_WRITE_UPDATE,
        settings::TTL_MS,
        settings::TTL_JITTER,
        settings::NEGATIVE_TTL_MS,
        settings::ON_CACHE_READ_ERROR,
        settings::ON_CACHE_WRITE_ERROR,
        settings::LOAD_TIMEOUT_MS,
        settings::PLACEMENT,
        LOCK,
    ],
    needs: Capabilities { versioned_set: true, ..Capabilities::NONE },
    model: |settings| model::of(settings, HitModel::InvalidatedWithLoads),
    anomalies: &[
        Declared::over_one_cache(anomaly::STALE_SET, &[INVALIDATES]),
        Declared::always(anomaly::WRITE_INVERSION, &[UPDATES, UNLOCKED]),
        Declared::over_one_cache(anomaly::FORGOTTEN_VERSION, &[UPDATES]),
        Declared::always(anomaly::FORGOTTEN_VERSION, &[UPDATES, UNLOCKED]),
        Declared::over_one_cache(anomaly::REFILL_OVER_UPDATE, &[UPDATES]),
        Declared::always(anomaly::LOST_INVALIDATION, &[ACKNOWLEDGES_ALL_THE_SAME]),
        Declared::always(anomaly::CANCELLED_WRITE, &[IN_PROCESS]),
        Declared::over_one_cache(anomaly::CRASH_AFTER_COMMIT, &[]),
        Declared::behind_a_replica(anomaly::REPLICA_LAG, &[INVALIDATES]),
        Declared::behind_a_replica(anomaly::REPLICA_RESURRECTION, &[]),
        Declared::with_own_caches(anomaly::READ_YOUR_WRITES, &[]),
        Declared::over_one_cache(anomaly::STALE_JOIN, &[INVALIDATES]),
        Declared::with_own_caches(anomaly::NON_MONOTONIC_READ, &[]),
        Declared::over_one_cache(anomaly::STAMPEDE, &[]),
        Declared::always(anomaly::PENETRATION, &[FORGETS_ABSENCE]),
        Declared::always(anomaly::AVALANCHE, &[EXPIRES, UNSPREAD]),
        Declared::over_one_cache(anomaly::RESURRECTED_DELETE, &[]),
        Declared::over_one_cache(anomaly::STALE_NEGATIVE, &[REMEMBERS_ABSENCE]),
        Declared::with_own_caches(anomaly::STALE_NEGATIVE, &[REMEMBERS_ABSENCE]),
    ],
    protocol: steps::UPDATING_TIER,
    formula: "Hit ratio 1 with room for all, once each key was read or written. With a lifetime T, which each write begins anew, of \
              a key that is read r times and written w times a second: E / (E + 1 / (r + w)), where E = (e^(w T) - 1) / w.",
    source: "Oracle Coherence, ReadWriteBackingMap (the store first); Amazon DynamoDB Accelerator (an item is cached after the \
             table has it).",
    colour: [0, 158, 115],
    ..Descriptor::of(
        PartKind::Strategy,
        "write-through",
        "A cache tier loads missing rows, and puts what is written into store and cache, the store first.",
    )
};

/// A tier that updates.
#[derive(Debug)]
pub struct WriteThrough<C, S> {
    tier: Placed<C, S>,
}

impl<C: Cache, S: Store> WriteThrough<C, S> {
    /// Takes the settings of the descriptor.
    ///
    /// # Panics
    /// With `placement = task` outside a runtime; the tier runs on the one where it is made.
    #[must_use]
    pub fn new(settings: &Settings, parts: Parts<C, S>) -> Self {
        let tier = Tier::new(settings, parts);
        let tier = if settings.flag(LOCK.name) { tier } else { tier.without_order(settings) };
        Self { tier: Placed::place(settings, Arc::new(tier)) }
    }
}

impl<C: Cache, S: Store> Strategy for WriteThrough<C, S> {
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
