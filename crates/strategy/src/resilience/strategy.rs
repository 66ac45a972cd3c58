//! A strategy with policies around it, and around its cache and its store.

use super::{CachePolicies, ResilientCache, ResilientStore, StorePolicies, outbox, stale, throttle, with_settings};
use crate::policy::Throttle;
use crate::read_path::answer;
use crate::{AnyStrategy, build};
use cachemark_core::{
    Cache, CacheEffect, Clock, Descriptor, EntryBody, ErrorKind, Key, OpContext, OpError, ReadOutcome, Setting,
    Settings, Source, Store, Strategy, Value, WriteOutcome,
};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::time::Instant;

/// Those whose entries cannot outlive their lifetime without a change of what they are: they date them themselves, or hold them by a lease, a
/// version or a touch.
const OF_THEIR_OWN_LIFETIMES: [&str; 6] =
    ["refresh-ahead", "stale-while-revalidate", "xfetch", "lease", "versioned", "sliding-ttl"];

/// `strategies` with the settings of the policies that are put around each: a throttle around all, what is about a cache around those that ask
/// one.
#[must_use]
pub fn strategies_with_policies(strategies: &[Descriptor]) -> Vec<Descriptor> {
    let with = |strategy: &Descriptor| {
        let mut settings = throttle::SETTINGS.to_vec();
        if strategy.asks_cache() {
            settings.extend(outbox::SETTINGS);
            if !OF_THEIR_OWN_LIFETIMES.contains(&strategy.name) {
                settings.extend(stale::SETTINGS);
            }
        }
        with_settings(std::slice::from_ref(strategy), &settings)
    };
    strategies.iter().flat_map(with).collect()
}

/// Every setting of policies around a strategy.
#[must_use]
pub fn strategy_settings() -> Vec<Setting> {
    [&throttle::SETTINGS[..], &outbox::SETTINGS, &stale::SETTINGS].concat()
}

/// The policies of one instance, which tell what they have done.
#[derive(Debug, Clone, Default)]
pub struct Policies {
    throttle: Option<Arc<Entrance>>,
    cache: Arc<CachePolicies>,
    store: Arc<StorePolicies>,
}

/// A throttle, and the clock that it goes by: tokio's, so many times faster.
#[derive(Debug)]
struct Entrance {
    throttle: Throttle,
    began: Instant,
    scale: u64,
}

impl Entrance {
    fn admits(&self) -> bool {
        let elapsed_ns = u64::try_from(self.began.elapsed().as_nanos()).unwrap_or(u64::MAX);
        // The product of two numbers of 64 bits has 128: a fast clock never comes to its end.
        self.throttle.admits(u128::from(elapsed_ns) * u128::from(self.scale))
    }
}

impl Policies {
    /// Those that the settings of a strategy, its cache (if it asks one) and its store ask for; none if they ask for none. `clock` tells when
    /// entries expire.
    #[must_use]
    pub fn from_settings(
        strategy: &Settings,
        cache: Option<&Settings>,
        store: &Settings,
        clock: &Arc<dyn Clock>,
    ) -> Option<Self> {
        let throttle = throttle::from(strategy)
            .map(|(throttle, scale)| Arc::new(Entrance { throttle, began: Instant::now(), scale }));
        let of_cache = cache.and_then(|cache| CachePolicies::from_settings(cache, strategy, clock));
        let of_store = StorePolicies::from_settings(store);
        let any = throttle.is_some() || of_cache.is_some() || of_store.is_some();
        any.then(|| Self {
            throttle,
            cache: Arc::new(of_cache.unwrap_or_default()),
            store: Arc::new(of_store.unwrap_or_default()),
        })
    }

    /// Adds what they have done so far to `told`, by name, as settings are named: `cache.retries`, `store.retries`, `outbox-put`.
    pub fn tell(&self, told: &mut BTreeMap<String, u64>) {
        let (mut strategy, mut cache, mut store) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        self.cache.tell_outbox(&mut strategy);
        self.cache.tell(&mut cache);
        self.store.tell(&mut store);
        if let Some(entrance) = &self.throttle {
            strategy.insert("throttle-shed", entrance.throttle.shed());
        }
        for (of, counts) in [("", strategy), ("cache.", cache), ("store.", store)] {
            for (name, count) in counts {
                *told.entry(format!("{of}{name}")).or_default() += count;
            }
        }
    }

    /// The strategy called `name` over `cache` and `store`, with these policies around each; none if there is none of that name.
    ///
    /// # Panics
    /// As [`build`].
    #[must_use]
    pub fn build<C: Cache, S: Store>(
        &self,
        name: &str,
        settings: &Settings,
        cache: Arc<C>,
        store: Arc<S>,
        clock: Arc<dyn Clock>,
    ) -> Option<Resilient<C, S>> {
        let cache = Arc::new(ResilientCache::new(cache, Arc::clone(&self.cache)));
        let store = Arc::new(ResilientStore::new(store, Arc::clone(&self.store)));
        let inner = build(name, settings, Arc::clone(&cache), store, clock)?;
        Some(Resilient { inner, cache, throttle: self.throttle.clone() })
    }
}

/// A strategy with policies around it, its cache and its store.
///
/// An operation is let in by the throttle or shed before any work. A read that the store fails is answered from an entry that has expired, where
/// those are kept. A write whose cache step failed leaves the invalidation in the outbox; `drain` waits until that is empty.
#[derive(Debug)]
pub struct Resilient<C, S> {
    inner: AnyStrategy<ResilientCache<C>, ResilientStore<S>>,
    cache: Arc<ResilientCache<C>>,
    throttle: Option<Arc<Entrance>>,
}

impl<C: Cache, S: Store> Resilient<C, S> {
    fn enter(&self) -> Result<(), OpError> {
        match &self.throttle {
            Some(entrance) if !entrance.admits() => Err(OpError::Shed("the throttle lets no more in")),
            _ => Ok(()),
        }
    }

    /// The answer of an entry that has expired, in the place of `error`; that where there is none.
    #[cold]
    async fn stale(&self, ctx: &OpContext, key: &Key, error: OpError) -> Result<ReadOutcome, OpError> {
        if !is_of_a_failing_store(&error) || ctx.is_over() {
            return Err(error);
        }
        // A second fault, of the cache, would tell the caller nothing more.
        match self.cache.get_expired(ctx, key).await {
            Ok(Some(entry)) if matches!(entry.body, EntryBody::Live(_)) => Ok(answer(entry, Source::StaleServed)),
            Ok(_) | Err(_) => Err(error),
        }
    }

    /// Leaves in the outbox what the cache was not told of a write.
    fn settle(
        &self,
        ctx: &OpContext,
        key: &Key,
        outcome: Result<WriteOutcome, OpError>,
    ) -> Result<WriteOutcome, OpError> {
        if let Ok(WriteOutcome { cache: CacheEffect::Failed(_), .. })
        | Err(OpError::AfterCommit(_) | OpError::AfterQueueing(_)) = &outcome
        {
            self.cache.invalidate_later(ctx, key);
        }
        outcome
    }
}

/// Whether the store has not answered, as against having refused.
fn is_of_a_failing_store(error: &OpError) -> bool {
    match error {
        OpError::Store(error) => matches!(
            error.kind(),
            ErrorKind::Timeout
                | ErrorKind::QueueTimeout
                | ErrorKind::Unavailable
                | ErrorKind::ConnectionLost
                | ErrorKind::Transient
                | ErrorKind::Shed
                | ErrorKind::BreakerOpen
        ),
        OpError::LoadTimeout => true,
        _ => false,
    }
}

impl<C: Cache, S: Store> Strategy for Resilient<C, S> {
    async fn read(&self, ctx: &OpContext, key: &Key) -> Result<ReadOutcome, OpError> {
        self.enter()?;
        match self.inner.read(ctx, key).await {
            Err(error) => self.stale(ctx, key, error).await,
            answer => answer,
        }
    }

    async fn write(&self, ctx: &OpContext, key: &Key, value: Value) -> Result<WriteOutcome, OpError> {
        self.enter()?;
        self.settle(ctx, key, self.inner.write(ctx, key, value).await)
    }

    async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<WriteOutcome, OpError> {
        self.enter()?;
        self.settle(ctx, key, self.inner.delete(ctx, key).await)
    }

    async fn drain(&self, ctx: &OpContext) -> Result<(), OpError> {
        let inner = self.inner.drain(ctx).await;
        OpError::of_drains(inner, self.cache.drain(ctx).await)
    }
}
