//! The meter of a cache.

use super::{FailureLog, Failures, Metered, Sharded, bump, counts};
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
pub struct CacheMeter {
    counts: Sharded<CacheShard>,
    failures: FailureLog,
}

impl CacheMeter {
    /// The counts so far.
    #[must_use]
    pub fn snapshot(&self) -> CacheCounts {
        let mut counts = CacheCounts::default();
        self.counts.iter().for_each(|shard| counts.add(shard));
        counts
    }

    /// The calls that ended in an error so far: `get`, `set` (versioned or not), `delete`. Their sum is
    /// [`CacheCounts::errors`].
    #[must_use]
    pub fn failures(&self) -> Failures {
        self.failures.snapshot()
    }

    fn fail(&self, shard: &CacheShard, call: &'static str, error: &CacheError) {
        bump(&shard.errors);
        self.failures.count(call, error.kind(), error);
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
        let shard = self.meter.counts.of(ctx);
        match &result {
            Ok(found) => {
                bump(&shard.gets);
                if found.is_some() {
                    bump(&shard.hits);
                }
            }
            Err(error) => self.meter.fail(shard, "get", error),
        }
        result
    }

    async fn set(&self, ctx: &OpContext, key: &Key, entry: Entry, ttl: Option<Duration>) -> Result<(), CacheError> {
        let timer = HopTimer::start(ctx.hops(), Hop::Cache);
        let result = self.inner.set(ctx, key, entry, ttl).await;
        drop(timer);
        let shard = self.meter.counts.of(ctx);
        match &result {
            Ok(()) => bump(&shard.sets),
            Err(error) => self.meter.fail(shard, "set", error),
        }
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
        let shard = self.meter.counts.of(ctx);
        match &result {
            Ok(SetOutcome::Stored) => bump(&shard.sets),
            Ok(SetOutcome::Superseded) => bump(&shard.superseded),
            Err(error) => self.meter.fail(shard, "set", error),
        }
        result
    }

    async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<(), CacheError> {
        let timer = HopTimer::start(ctx.hops(), Hop::Cache);
        let result = self.inner.delete(ctx, key).await;
        drop(timer);
        let shard = self.meter.counts.of(ctx);
        match &result {
            Ok(()) => bump(&shard.deletes),
            Err(error) => self.meter.fail(shard, "delete", error),
        }
        result
    }
}
