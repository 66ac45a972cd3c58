//! The meter of a store.

use super::{Metered, Sharded, bump, counts};
use crate::{Hop, HopTimer, Key, OpContext, Row, Store, StoreError, Value, Version};

counts!(
    /// What was asked of a store.
    StoreCounts, StoreShard {
        /// Reads that were answered, of live rows or not.
        reads,
        /// Reads that found a live row.
        found,
        /// Writes that were acknowledged.
        writes,
        /// Deletes that were acknowledged.
        deletes,
        /// Calls that ended in an error.
        errors,
    }
);

impl StoreCounts {
    /// Every operation that reached an answer or an error.
    #[must_use]
    pub fn operations(&self) -> u64 {
        self.reads + self.writes + self.deletes + self.errors
    }
}

/// Counts the calls to a store.
#[derive(Debug, Default)]
pub struct StoreMeter(Sharded<StoreShard>);

impl StoreMeter {
    /// The counts so far.
    #[must_use]
    pub fn snapshot(&self) -> StoreCounts {
        let mut counts = StoreCounts::default();
        self.0.iter().for_each(|shard| counts.add(shard));
        counts
    }
}

impl<S: Store> Store for Metered<S, StoreMeter> {
    async fn read(&self, ctx: &OpContext, key: &Key) -> Result<Row, StoreError> {
        let timer = HopTimer::start(ctx.hops(), Hop::Store);
        let result = self.inner.read(ctx, key).await;
        drop(timer);
        let shard = self.meter.0.of(ctx);
        match &result {
            Ok(row) => {
                bump(&shard.reads);
                if row.value.is_some() {
                    bump(&shard.found);
                }
            }
            Err(_) => bump(&shard.errors),
        }
        result
    }

    async fn write(&self, ctx: &OpContext, key: &Key, value: Value) -> Result<Version, StoreError> {
        let timer = HopTimer::start(ctx.hops(), Hop::Store);
        let result = self.inner.write(ctx, key, value).await;
        drop(timer);
        let shard = self.meter.0.of(ctx);
        bump(if result.is_ok() { &shard.writes } else { &shard.errors });
        result
    }

    async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<Version, StoreError> {
        let timer = HopTimer::start(ctx.hops(), Hop::Store);
        let result = self.inner.delete(ctx, key).await;
        drop(timer);
        let shard = self.meter.0.of(ctx);
        bump(if result.is_ok() { &shard.deletes } else { &shard.errors });
        result
    }
}
