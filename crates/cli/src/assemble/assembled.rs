//! A strategy over its cache and store, with policies around them where an arm asks for any.

use cachemark_backend::{AnyCache, AnyStore};
use cachemark_bench::Composition;
use cachemark_core::{
    Bounded, CacheMeter, Key, Limited, Metered, OpContext, OpError, ReadOutcome, StoreMeter, Strategy, SystemClock,
    Value, WriteOutcome,
};
use cachemark_strategy::resilience::{CachePolicies, ResilientCache, ResilientStore, StorePolicies};
use cachemark_strategy::{AnyStrategy, build};
use std::sync::Arc;

pub(crate) type MeteredCache = Metered<Limited<AnyCache>, CacheMeter>;
pub(crate) type MeteredStore = Metered<Bounded<AnyStore>, StoreMeter>;

/// One instance. Without policies it is the strategy over its cache and store as it ever was: their layers cost nothing where they are off.
pub(crate) enum Assembled {
    /// Without any.
    Plain(AnyStrategy<MeteredCache, MeteredStore>),
    /// With some.
    Resilient(AnyStrategy<ResilientCache<MeteredCache>, ResilientStore<MeteredStore>>),
}

/// The policies of one instance, which tell what they have done.
pub(crate) struct Policies {
    pub(super) cache: Arc<CachePolicies>,
    pub(super) store: Arc<StorePolicies>,
}

impl Assembled {
    /// One instance over its cache and its store, and the policies of it; none if there is no such strategy.
    pub(super) fn of(
        composition: &Composition,
        cache: Arc<MeteredCache>,
        store: Arc<MeteredStore>,
    ) -> Option<(Self, Option<Policies>)> {
        let (name, settings) = (composition.strategy.descriptor.name, &composition.strategy.settings);
        let clock = Arc::new(SystemClock::new());
        let of_cache = composition.cache.as_ref().and_then(|cache| CachePolicies::from_settings(&cache.settings));
        let of_store = StorePolicies::from_settings(&composition.store.settings);
        if of_cache.is_none() && of_store.is_none() {
            return Some((Self::Plain(build(name, settings, cache, store, clock)?), None));
        }
        let of =
            Policies { cache: Arc::new(of_cache.unwrap_or_default()), store: Arc::new(of_store.unwrap_or_default()) };
        let cache = Arc::new(ResilientCache::new(cache, Arc::clone(&of.cache)));
        let store = Arc::new(ResilientStore::new(store, Arc::clone(&of.store)));
        Some((Self::Resilient(build(name, settings, cache, store, clock)?), Some(of)))
    }
}

impl Strategy for Assembled {
    async fn read(&self, ctx: &OpContext, key: &Key) -> Result<ReadOutcome, OpError> {
        match self {
            Self::Plain(strategy) => strategy.read(ctx, key).await,
            Self::Resilient(strategy) => strategy.read(ctx, key).await,
        }
    }

    async fn write(&self, ctx: &OpContext, key: &Key, value: Value) -> Result<WriteOutcome, OpError> {
        match self {
            Self::Plain(strategy) => strategy.write(ctx, key, value).await,
            Self::Resilient(strategy) => strategy.write(ctx, key, value).await,
        }
    }

    async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<WriteOutcome, OpError> {
        match self {
            Self::Plain(strategy) => strategy.delete(ctx, key).await,
            Self::Resilient(strategy) => strategy.delete(ctx, key).await,
        }
    }

    async fn drain(&self, ctx: &OpContext) -> Result<(), OpError> {
        match self {
            Self::Plain(strategy) => strategy.drain(ctx).await,
            Self::Resilient(strategy) => strategy.drain(ctx).await,
        }
    }
}
