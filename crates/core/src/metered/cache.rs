//! The meter of a cache.

use super::{FailureLog, Failures, Metered, Sharded, bump, counts};
use crate::{Cache, CacheError, Capabilities, Entry, Hop, HopTimer, Key, LeaseToken, Leased, OpContext, SetOutcome};
use std::time::Duration;

counts!(
    /// What was asked of a cache.
    CacheCounts, CacheShard {
        /// Gets that were answered, those among them that lease or touch.
        gets,
        /// Gets that found an entry.
        hits,
        /// Sets that stored their entry: plain, versioned, under a lease.
        sets,
        /// Versioned sets that found a newer version, and sets under a lease that was no longer valid.
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

    /// The calls that ended in an error so far: `get` (one that leases or touches too), `set` (versioned, under a lease, or
    /// plain), `delete`. Their sum is [`CacheCounts::errors`].
    #[must_use]
    pub fn failures(&self) -> Failures {
        self.failures.snapshot()
    }

    fn got<T>(&self, ctx: &OpContext, result: &Result<T, CacheError>, is_hit: impl FnOnce(&T) -> bool) {
        let shard = self.counts.of(ctx);
        match result {
            Ok(found) => {
                bump(&shard.gets);
                if is_hit(found) {
                    bump(&shard.hits);
                }
            }
            Err(error) => self.fail(shard, "get", error),
        }
    }

    /// Of a set that may be refused.
    fn set(&self, ctx: &OpContext, result: &Result<SetOutcome, CacheError>) {
        let shard = self.counts.of(ctx);
        match result {
            Ok(SetOutcome::Stored) => bump(&shard.sets),
            Ok(SetOutcome::Superseded) => bump(&shard.superseded),
            Err(error) => self.fail(shard, "set", error),
        }
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
        self.meter.got(ctx, &result, Option::is_some);
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
        self.meter.set(ctx, &result);
        result
    }

    async fn get_or_lease(&self, ctx: &OpContext, key: &Key, lease: Duration) -> Result<Leased, CacheError> {
        let timer = HopTimer::start(ctx.hops(), Hop::Cache);
        let result = self.inner.get_or_lease(ctx, key, lease).await;
        drop(timer);
        self.meter.got(ctx, &result, |found| matches!(found, Leased::Hit(_)));
        result
    }

    async fn set_leased(
        &self,
        ctx: &OpContext,
        key: &Key,
        entry: Entry,
        ttl: Option<Duration>,
        token: LeaseToken,
    ) -> Result<SetOutcome, CacheError> {
        let timer = HopTimer::start(ctx.hops(), Hop::Cache);
        let result = self.inner.set_leased(ctx, key, entry, ttl, token).await;
        drop(timer);
        self.meter.set(ctx, &result);
        result
    }

    async fn get_and_touch(&self, ctx: &OpContext, key: &Key, ttl: Duration) -> Result<Option<Entry>, CacheError> {
        let timer = HopTimer::start(ctx.hops(), Hop::Cache);
        let result = self.inner.get_and_touch(ctx, key, ttl).await;
        drop(timer);
        self.meter.got(ctx, &result, Option::is_some);
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
