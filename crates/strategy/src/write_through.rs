//! Write-through: the tier of read-through, which on a write puts the new value into the cache instead of removing the
//! old one.
//!
//! - Read: as read-through.
//! - Write: under the key's lock, store write, then a versioned set (`on-write = update`) or a delete (`invalidate`);
//!   loads that may have read the old row are superseded before the acknowledgement. The store comes first: the other
//!   order would show values that never became durable.
//! - Delete: store delete, then delete of the entry, under the same lock.
//!
//! The lock orders the writers of one instance; the versioned set orders those of several, for as long as the cache
//! keeps the newer entry. Known anomalies:
//! - With several instances over one cache, a reader's **refill can cover a writer's set**, and after a delete or an
//!   eviction the cache accepts an older version again: it remembers versions only of what it holds.
//! - The store commits and the cache fails: a stale entry until its TTL.

use crate::Parts;
use crate::model;
use crate::settings;
use crate::tier::Placed;
use crate::write_path::Change;
use cachemark_core::{
    Cache, Capabilities, Descriptor, HitModel, Key, OpContext, OpError, PartKind, ReadOutcome, Settings, Store,
    Strategy, Value, WriteOutcome,
};

/// What the strategy says of itself.
pub const DESCRIPTOR: Descriptor = Descriptor {
    kind: PartKind::Strategy,
    name: "write-through",
    summary: "A cache tier loads missing rows, and puts what is written into store and cache, the store first.",
    settings: &[
        settings::ON_WRITE_UPDATE,
        settings::TTL_MS,
        settings::TTL_JITTER,
        settings::NEGATIVE_TTL_MS,
        settings::ON_CACHE_READ_ERROR,
        settings::ON_CACHE_WRITE_ERROR,
        settings::LOAD_TIMEOUT_MS,
        settings::PLACEMENT,
    ],
    needs: Capabilities { ttl: false, versioned_set: true, shared: false, largest_entry: None, ttl_step: None },
    model: |settings| model::of(settings, HitModel::InvalidatedWithLoads),
    colour: [0, 158, 115],
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
        Self { tier: Placed::new(settings, parts) }
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
