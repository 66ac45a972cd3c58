//! A cache with policies around it.

use super::guard::{Guard, UnderWay, through};
use super::outbox::{Deliver, Post, begin_to_empty, deliver, drain};
use super::stale::Dating;
use super::{breaker, outbox, retry, stale};
use crate::policy::{Due, Repeatable, Retry, Trying};
use cachemark_core::{
    Cache, CacheError, Capabilities, Clock, Entry, Key, LeaseToken, Leased, OpContext, OpError, SetOutcome, Setting,
    Settings,
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
/// without the cache, as `on-cache-read-error` says, and an invalidation is lost, unless there is an outbox: that of a delete that failed is
/// kept and tried again until the cache takes it. Whoever reads a key of which one is kept delivers it first, so that within a process no
/// entry is read that is known to be old.
#[derive(Debug, Default)]
pub struct CachePolicies {
    retry: Option<Retry>,
    retries_gets: bool,
    breaker: Option<Guard>,
    post: Option<Post>,
    dating: Option<Dating>,
}

impl CachePolicies {
    /// Those that the settings of a cache ask for, and those of the strategy over it that are about its cache; none if they ask for none.
    /// `clock` tells when entries expire.
    #[must_use]
    pub fn from_settings(settings: &Settings, of_strategy: &Settings, clock: &Arc<dyn Clock>) -> Option<Self> {
        let dating = stale::from(of_strategy).map(|grace| Dating { clock: Arc::clone(clock), grace });
        let policies = Self {
            retry: retry::from(settings),
            retries_gets: settings.text(retry::GETS) == "yes",
            breaker: breaker::from(settings).map(Guard::new),
            post: outbox::from(of_strategy),
            dating,
        };
        let Self { retry, breaker, post, dating, .. } = &policies;
        let any = retry.is_some() || breaker.is_some() || post.is_some() || dating.is_some();
        any.then_some(policies)
    }

    /// Adds what they have done so far to `told`, by name.
    pub fn tell(&self, told: &mut BTreeMap<&'static str, u64>) {
        super::tell_retry(self.retry.as_ref(), told);
        super::tell_breaker(self.breaker.as_ref(), told);
    }

    /// The same of the outbox.
    pub(super) fn tell_outbox(&self, told: &mut BTreeMap<&'static str, u64>) {
        if let Some(post) = &self.post {
            let counts = post.outbox.counts();
            for (name, count) in [
                ("outbox-put", counts.put),
                ("outbox-put-again", counts.again),
                ("outbox-delivered", counts.delivered),
                ("outbox-failed", counts.failed),
                ("outbox-lost", counts.lost),
            ] {
                *told.entry(name).or_default() += count;
            }
        }
    }

    fn retry_of_gets(&self) -> Option<&Retry> {
        self.retry.as_ref().filter(|_| self.retries_gets)
    }
}

/// Makes a call to the cache through its breaker, and again as `retry` says. Here and not in futures around each other: each would cost a
/// call some fifty instructions.
macro_rules! call {
    ($self:ident, $ctx:ident, $key:ident, $retry:expr, $inner:ident => $ask:expr) => {{
        let $inner = &*$self.0.inner;
        let mut trying = Trying::new($retry, Repeatable::Always);
        loop {
            let result = match UnderWay::begin($self.breaker()) {
                Ok(under_way) => {
                    let result = $ask.await;
                    under_way.end(&result);
                    result
                }
                Err(error) => Err(error),
            };
            let Some(wait) = trying.next(&result, CacheError::kind, $ctx, $key) else { break result };
            wait.await;
        }
    }};
}

/// Delivers the invalidation of a key that is kept, if one is, before the cache is asked for the key.
macro_rules! deliver_first {
    ($self:ident, $ctx:ident, $key:ident) => {
        if let Some((post, due)) = $self.due($key) {
            deliver(&*$self.0, post, $ctx, &due).await?;
        }
    };
}

/// A cache with policies around it.
#[derive(Debug)]
pub struct ResilientCache<C>(Arc<Around<C>>);

#[derive(Debug)]
struct Around<C> {
    inner: Arc<C>,
    policies: Arc<CachePolicies>,
}

impl<C: Cache> ResilientCache<C> {
    /// Puts `policies` around `inner`.
    pub fn new(inner: Arc<C>, policies: Arc<CachePolicies>) -> Self {
        Self(Arc::new(Around { inner, policies }))
    }

    /// Keeps the invalidation of `key` by the write of `ctx` until the cache takes it, where there is an outbox with room for it; a task
    /// tries from now on.
    ///
    /// # Panics
    /// Outside of a runtime.
    pub fn invalidate_later(&self, ctx: &OpContext, key: &Key) {
        if let Some(post) = &self.0.policies.post {
            post.outbox.put(key, ctx.write_id());
            begin_to_empty(&self.0);
        }
    }

    /// Waits until the outbox is empty.
    ///
    /// # Errors
    /// [`OpError::Deadline`] if that takes longer than the context allows.
    pub async fn drain(&self, ctx: &OpContext) -> Result<(), OpError> {
        drain(&*self.0, ctx).await
    }

    /// What the cache has of `key`, expired or not, where entries are kept for that.
    ///
    /// # Errors
    /// The cache's own.
    pub async fn get_expired(&self, ctx: &OpContext, key: &Key) -> Result<Option<Entry>, CacheError> {
        let Around { inner, policies } = &*self.0;
        if policies.dating.is_none() {
            return Ok(None);
        }
        deliver_first!(self, ctx, key);
        through(policies.breaker.as_ref(), inner.get(ctx, key)).await
    }

    /// The invalidation of `key` that is kept, if one is.
    fn due(&self, key: &Key) -> Option<(&Post, Due)> {
        let post = self.0.policies.post.as_ref()?;
        Some((post, post.outbox.of(key)?))
    }

    /// Dates the entry where entries outlive their lifetime; how long the cache is to keep it.
    fn date(&self, entry: &mut Entry, ttl: Option<Duration>) -> Option<Duration> {
        self.0.policies.dating.as_ref().map_or(ttl, |dating| dating.date(entry, ttl))
    }

    fn undated(&self, what: &'static str) -> Result<(), CacheError> {
        if self.0.policies.dating.is_some() { Err(CacheError::Unsupported(what)) } else { Ok(()) }
    }

    fn breaker(&self) -> Option<&Guard> {
        self.0.policies.breaker.as_ref()
    }
}

impl<C: Cache> Deliver for Around<C> {
    fn post(&self) -> Option<&Post> {
        self.policies.post.as_ref()
    }

    async fn deliver(&self, ctx: &OpContext, key: &Key) -> Result<(), CacheError> {
        through(self.policies.breaker.as_ref(), self.inner.delete(ctx, key)).await
    }
}

impl<C: Cache> Cache for ResilientCache<C> {
    /// Those of the cache. Where entries outlive their lifetime, it is not the cache that knows whether one is there: nothing can be leased or
    /// touched then.
    fn capabilities(&self) -> Capabilities {
        let inner = self.0.inner.capabilities();
        let dated = self.0.policies.dating.is_some();
        Capabilities { lease: inner.lease && !dated, touch: inner.touch && !dated, ..inner }
    }

    async fn get(&self, ctx: &OpContext, key: &Key) -> Result<Option<Entry>, CacheError> {
        deliver_first!(self, ctx, key);
        let policies = &self.0.policies;
        let found = call!(self, ctx, key, policies.retry_of_gets(), cache => cache.get(ctx, key))?;
        Ok(match &policies.dating {
            Some(dating) => found.and_then(|entry| dating.if_fresh(entry)),
            None => found,
        })
    }

    async fn set(&self, ctx: &OpContext, key: &Key, mut entry: Entry, ttl: Option<Duration>) -> Result<(), CacheError> {
        let ttl = self.date(&mut entry, ttl);
        let under_way = UnderWay::begin(self.breaker())?;
        let result = self.0.inner.set(ctx, key, entry, ttl).await;
        under_way.end(&result);
        result
    }

    async fn set_if_newer(
        &self,
        ctx: &OpContext,
        key: &Key,
        mut entry: Entry,
        ttl: Option<Duration>,
    ) -> Result<SetOutcome, CacheError> {
        let ttl = self.date(&mut entry, ttl);
        let retry = self.0.policies.retry.as_ref();
        call!(self, ctx, key, retry, cache => cache.set_if_newer(ctx, key, entry.clone(), ttl))
    }

    /// Never again: after a try of unknown end the lease may be held by nobody who knows.
    async fn get_or_lease(&self, ctx: &OpContext, key: &Key, lease: Duration) -> Result<Leased, CacheError> {
        self.undated("leases")?;
        deliver_first!(self, ctx, key);
        through(self.breaker(), self.0.inner.get_or_lease(ctx, key, lease)).await
    }

    async fn set_leased(
        &self,
        ctx: &OpContext,
        key: &Key,
        entry: Entry,
        ttl: Option<Duration>,
        token: LeaseToken,
    ) -> Result<SetOutcome, CacheError> {
        self.undated("leases")?;
        through(self.breaker(), self.0.inner.set_leased(ctx, key, entry, ttl, token)).await
    }

    async fn get_and_touch(&self, ctx: &OpContext, key: &Key, ttl: Duration) -> Result<Option<Entry>, CacheError> {
        self.undated("touch")?;
        deliver_first!(self, ctx, key);
        let retry = self.0.policies.retry_of_gets();
        call!(self, ctx, key, retry, cache => cache.get_and_touch(ctx, key, ttl))
    }

    async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<(), CacheError> {
        let policies = &self.0.policies;
        let due = policies.post.as_ref().and_then(|post| post.outbox.of(key));
        let deleted = call!(self, ctx, key, policies.retry.as_ref(), cache => cache.delete(ctx, key));
        match (&policies.post, due) {
            (Some(post), Some(due)) if deleted.is_ok() => post.outbox.delivered(&due),
            (Some(_), _) if deleted.is_err() => self.invalidate_later(ctx, key),
            _ => {}
        }
        deleted
    }
}
