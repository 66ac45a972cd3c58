//! A cache with policies around it.

use super::guard::{Guard, through};
use super::{breaker, retry};
use crate::policy::{Repeatable, Retry, retrying};
use cachemark_core::{
    Cache, CacheError, Capabilities, Entry, Key, LeaseToken, Leased, OpContext, SetOutcome, Setting, Settings,
};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// What can be set of the policies around a cache.
#[must_use]
pub fn cache_settings() -> Vec<Setting> {
    [&retry::OF_CACHE[..], &breaker::SETTINGS].concat()
}

/// The policies around one cache, with what they have seen of it: one set for each instance of a service.
///
/// A call goes through its retries, where it has any, and each try asks the breaker. With an open breaker a call fails at once: reads go on
/// without the cache, as `on-cache-read-error` says, and an invalidation is lost.
#[derive(Debug, Default)]
pub struct CachePolicies {
    retry: Option<Retry>,
    retries_gets: bool,
    breaker: Option<Guard>,
}

impl CachePolicies {
    /// Those that the settings of a cache ask for; none if they ask for none.
    #[must_use]
    pub fn from_settings(settings: &Settings) -> Option<Self> {
        let policies = Self {
            retry: retry::from(settings),
            retries_gets: settings.text(retry::GETS) == "yes",
            breaker: breaker::from(settings).map(Guard::new),
        };
        (policies.retry.is_some() || policies.breaker.is_some()).then_some(policies)
    }

    /// Adds what they have done so far to `told`, by name.
    pub fn tell(&self, told: &mut BTreeMap<&'static str, u64>) {
        super::tell_retry(self.retry.as_ref(), told);
        super::tell_breaker(self.breaker.as_ref(), told);
    }

    fn retry_of_gets(&self) -> Option<&Retry> {
        self.retry.as_ref().filter(|_| self.retries_gets)
    }
}

/// A cache with policies around it.
#[derive(Debug)]
pub struct ResilientCache<C> {
    inner: Arc<C>,
    policies: Arc<CachePolicies>,
}

impl<C> ResilientCache<C> {
    /// Puts `policies` around `inner`.
    pub fn new(inner: Arc<C>, policies: Arc<CachePolicies>) -> Self {
        Self { inner, policies }
    }
}

/// Makes a call to the cache through its breaker, and again as `retry` says.
macro_rules! call {
    ($self:ident, $ctx:ident, $key:ident, $retry:expr, $ask:expr) => {
        retrying($retry, Repeatable::Always, $ctx, $key, CacheError::kind, || {
            through($self.policies.breaker.as_ref(), || $ask)
        })
        .await
    };
}

impl<C: Cache> Cache for ResilientCache<C> {
    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    async fn get(&self, ctx: &OpContext, key: &Key) -> Result<Option<Entry>, CacheError> {
        call!(self, ctx, key, self.policies.retry_of_gets(), self.inner.get(ctx, key))
    }

    async fn set(&self, ctx: &OpContext, key: &Key, entry: Entry, ttl: Option<Duration>) -> Result<(), CacheError> {
        through(self.policies.breaker.as_ref(), || self.inner.set(ctx, key, entry, ttl)).await
    }

    async fn set_if_newer(
        &self,
        ctx: &OpContext,
        key: &Key,
        entry: Entry,
        ttl: Option<Duration>,
    ) -> Result<SetOutcome, CacheError> {
        let retry = self.policies.retry.as_ref();
        call!(self, ctx, key, retry, self.inner.set_if_newer(ctx, key, entry.clone(), ttl))
    }

    /// Never again: after a try of unknown end the lease may be held by nobody who knows.
    async fn get_or_lease(&self, ctx: &OpContext, key: &Key, lease: Duration) -> Result<Leased, CacheError> {
        through(self.policies.breaker.as_ref(), || self.inner.get_or_lease(ctx, key, lease)).await
    }

    async fn set_leased(
        &self,
        ctx: &OpContext,
        key: &Key,
        entry: Entry,
        ttl: Option<Duration>,
        token: LeaseToken,
    ) -> Result<SetOutcome, CacheError> {
        through(self.policies.breaker.as_ref(), || self.inner.set_leased(ctx, key, entry, ttl, token)).await
    }

    async fn get_and_touch(&self, ctx: &OpContext, key: &Key, ttl: Duration) -> Result<Option<Entry>, CacheError> {
        call!(self, ctx, key, self.policies.retry_of_gets(), self.inner.get_and_touch(ctx, key, ttl))
    }

    async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<(), CacheError> {
        call!(self, ctx, key, self.policies.retry.as_ref(), self.inner.delete(ctx, key))
    }
}
