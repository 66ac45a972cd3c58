//! The meter of a cache.

use super::{Metered, Sharded, bump, counts};
use crate::{Cache, CacheError, Capabilities, Entry, Hop, HopTimer, Key, OpContext, SetOutcome};
use std::time::Duration;

counts!(
    /// What was asked of a cache.
    CacheCounts, CacheShard {
        /// Gets that were answered.
        gets,
        /// Gets that found an entry.
        hits,
        /// Sets and versioned sets that stored their entry.
        sets,
        /// Versioned sets that found a newer version.
        superseded,
        /// Deletes that were answered.
        deletes,
        /// Calls that ended in an error.
        errors,
    }
);

/// Counts the calls to a cache.
#[derive(Debug, Default)]
pub struct CacheMeter(Sharded<CacheShard>);

impl CacheMeter {
    /// The counts so far.
    #[must_use]
    pub fn snapshot(&self) -> CacheCounts {
        let mut counts = CacheCounts::default();
        self.0.iter().for_each(|shard| counts.add(shard));
        counts
    }
}

impl<C: Cache> Cache for Metered<C, CacheMeter> {
    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    async fn get(&self, ctx: &OpContext, key: &Key) -> Result<Option<Entry>, CacheError> {
        let timer = HopTimer::start(ctx.hops(), Hop::Cache);
        let result = self.inner.get(ctx, key).await;
        drop(timer);
        let shard = self.meter.0.of(ctx);
        match &result {
            Ok(found) => {
                bump(&shard.gets);
                if found.is_some() {
                    bump(&shard.hits);
                }
            }
            Err(_) => bump(&shard.errors),
        }
        result
    }

    async fn set(&self, ctx: &OpContext, key: &Key, entry: Entry, ttl: Option<Duration>) -> Result<(), CacheError> {
        let timer = HopTimer::start(ctx.hops(), Hop::Cache);
        let result = self.inner.set(ctx, key, entry, ttl).await;
        drop(timer);
        let shard = self.meter.0.of(ctx);
        bump(if result.is_ok() { &shard.sets } else { &shard.errors });
        result
    }

    async fn set_if_newer(
        &self,
        ctx: &OpContext,
        key: &Key,
        entry: Entry,
        ttl: Option<Duration>,
    ) -> Result<SetOutcome, CacheError> {
        let timer = HopTimer::start(ctx.hops(), Hop::Cache);
        let result = self.inner.set_if_newer(ctx, key, entry, ttl).await;
        drop(timer);
        let shard = self.meter.0.of(ctx);
        bump(match result {
            Ok(SetOutcome::Stored) => &shard.sets,
            Ok(SetOutcome::Superseded) => &shard.superseded,
            Err(_) => &shard.errors,
        });
        result
    }

    async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<(), CacheError> {
        let timer = HopTimer::start(ctx.hops(), Hop::Cache);
        let result = self.inner.delete(ctx, key).await;
        drop(timer);
        let shard = self.meter.0.of(ctx);
        bump(if result.is_ok() { &shard.deletes } else { &shard.errors });
        result
    }
}
