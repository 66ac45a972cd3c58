//! No cache: every operation goes to the store.
//!
//! The strategy that the others are compared with. It has no anomaly of a cache: what a store promises, its client gets.

use crate::Parts;
use cachemark_core::{
    CacheEffect, Descriptor, Key, OpContext, OpError, PartKind, Protocol, ReadOutcome, Settings, Source, Step, Store,
    Strategy, Value, WriteOutcome,
};
use std::sync::Arc;

/// What the strategy says of itself.
pub const DESCRIPTOR: Descriptor = Descriptor {
    protocol: Protocol {
        hit: &[],
        miss: &[Step::Store("read"), Step::Answer],
        write: &[Step::Store("write"), Step::Answer],
        delete: &[Step::Store("delete"), Step::Answer],
    },
    formula: "Store load 1: each operation is one of the store's.",
    source: "What an application does before it has a cache.",
    colour: [100, 100, 100],
    ..Descriptor::of(PartKind::Strategy, "no-cache", "Every read and write goes to the store.")
};

/// Reads and writes the store. It holds no cache, so it cannot ask one.
#[derive(Debug)]
pub struct NoCache<S> {
    store: Arc<S>,
}

impl<S: Store> NoCache<S> {
    /// Takes the store of `parts`; there is nothing to set.
    #[must_use]
    pub fn new<C>(_settings: &Settings, parts: Parts<C, S>) -> Self {
        Self { store: parts.store }
    }
}

impl<S: Store> Strategy for NoCache<S> {
    async fn read(&self, ctx: &OpContext, key: &Key) -> Result<ReadOutcome, OpError> {
        let row = self.store.read(ctx, key).await?;
        Ok(ReadOutcome::of(row, Source::Bypass))
    }

    async fn write(&self, ctx: &OpContext, key: &Key, value: Value) -> Result<WriteOutcome, OpError> {
        let version = self.store.write(ctx, key, value).await?;
        Ok(WriteOutcome::committed(version, CacheEffect::Untouched))
    }

    async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<WriteOutcome, OpError> {
        let version = self.store.delete(ctx, key).await?;
        Ok(WriteOutcome::committed(version, CacheEffect::Untouched))
    }

    async fn drain(&self, _ctx: &OpContext) -> Result<(), OpError> {
        Ok(())
    }
}
