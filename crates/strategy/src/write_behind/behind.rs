//! The store as the tier sees it: the queue, and the store behind it.
//!
//! It keeps to the contract of [`Store`] in all but one thing: what it acknowledges is queued, and not yet durable. (The tier looks into the
//! queue itself before it begins a load; what is queued only then, the load finds here.) A read finds every change that was acknowledged, in the queue until the store has it, and in the store from then on. So what the tier promises of
//! its cache it promises over this as well.

use super::queue::Queue;
use crate::tier::Unstored;
use cachemark_core::{Applied, Key, OpContext, Row, Store, StoreChange, StoreError, Value, Version};
use std::sync::Arc;

#[derive(Debug)]
pub(super) struct Behind<S> {
    pub(super) store: Arc<S>,
    pub(super) queue: Arc<Queue>,
}

impl<S: Store> Store for Behind<S> {
    async fn read(&self, ctx: &OpContext, key: &Key) -> Result<Row, StoreError> {
        if let Some(row) = self.queue.row(key) {
            return Ok(row);
        }
        let row = self.store.read(ctx, key).await?;
        self.queue.met(row.version);
        Ok(row)
    }

    async fn write(&self, ctx: &OpContext, key: &Key, value: Value) -> Result<Version, StoreError> {
        self.queue.put(ctx, key, Some(value)).await
    }

    /// A key that was never written gets a row that is marked deleted: nobody asks the store whether it has one.
    async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<Version, StoreError> {
        self.queue.put(ctx, key, None).await
    }

    /// Past the queue.
    async fn apply(&self, ctx: &OpContext, changes: &[StoreChange]) -> Result<Vec<Applied>, StoreError> {
        self.store.apply(ctx, changes).await
    }
}
