//! A cache that is not waited for longer than it is worth.

use crate::{Cache, CacheError, Capabilities, Entry, Key, LeaseToken, Leased, OpContext, SetOutcome};
use std::time::Duration;

/// A cache each of whose calls has a time of its own, within the operation's deadline: a cache that hangs would otherwise
/// use up the deadline, and leave nothing for the store that is to answer in its place.
///
/// It sets the deadline of the call, which the cache keeps; it has no timer of its own.
#[derive(Debug)]
pub struct Limited<C> {
    inner: C,
    limit: Option<Duration>,
}

impl<C> Limited<C> {
    /// Gives each call of `inner` `limit` at most; `None` (for a cache that never waits) leaves them the operation's
    /// deadline, and reads no clock.
    pub fn new(inner: C, limit: Option<Duration>) -> Self {
        Self { inner, limit }
    }

    /// The cache itself.
    pub fn inner(&self) -> &C {
        &self.inner
    }

    fn context(&self, ctx: &OpContext) -> OpContext {
        self.limit.map_or(*ctx, |limit| ctx.within(limit))
    }
}

impl<C: Cache> Cache for Limited<C> {
    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    async fn get(&self, ctx: &OpContext, key: &Key) -> Result<Option<Entry>, CacheError> {
        self.inner.get(&self.context(ctx), key).await
    }

    async fn set(&self, ctx: &OpContext, key: &Key, entry: Entry, ttl: Option<Duration>) -> Result<(), CacheError> {
        self.inner.set(&self.context(ctx), key, entry, ttl).await
    }

    async fn set_if_newer(
        &self,
        ctx: &OpContext,
        key: &Key,
        entry: Entry,
        ttl: Option<Duration>,
    ) -> Result<SetOutcome, CacheError> {
        self.inner.set_if_newer(&self.context(ctx), key, entry, ttl).await
    }

    async fn get_or_lease(&self, ctx: &OpContext, key: &Key, lease: Duration) -> Result<Leased, CacheError> {
        self.inner.get_or_lease(&self.context(ctx), key, lease).await
    }

    async fn set_leased(
        &self,
        ctx: &OpContext,
        key: &Key,
        entry: Entry,
        ttl: Option<Duration>,
        token: LeaseToken,
    ) -> Result<SetOutcome, CacheError> {
        self.inner.set_leased(&self.context(ctx), key, entry, ttl, token).await
    }

    async fn get_and_touch(&self, ctx: &OpContext, key: &Key, ttl: Duration) -> Result<Option<Entry>, CacheError> {
        self.inner.get_and_touch(&self.context(ctx), key, ttl).await
    }

    async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<(), CacheError> {
        self.inner.delete(&self.context(ctx), key).await
    }
}
