//! A strategy over its cache and store, with policies around them where an arm asks for any.

use cachemark_backend::{AnyCache, AnyStore};
use cachemark_bench::Composition;
use cachemark_core::{
    Bounded, CacheMeter, Clock, Key, Limited, Metered, OpContext, OpError, ReadOutcome, StoreMeter, Strategy,
    SystemClock, Value, WriteOutcome,
};
use cachemark_strategy::resilience::{Policies, Resilient};
use cachemark_strategy::{AnyStrategy, build};
use std::sync::Arc;

pub(crate) type MeteredCache = Metered<Limited<AnyCache>, CacheMeter>;
pub(crate) type MeteredStore = Metered<Bounded<AnyStore>, StoreMeter>;

/// One instance. Without policies it is the strategy over its cache and store as it ever was: their layers cost nothing where they are off.
pub(crate) enum Assembled {
    /// Without any.
    Plain(AnyStrategy<MeteredCache, MeteredStore>),
    /// With some.
    Resilient(Resilient<MeteredCache, MeteredStore>),
}

impl Assembled {
    /// One instance over its cache and its store, and the policies of it; none if there is no such strategy.
    pub(super) fn of(
        composition: &Composition,
        cache: Arc<MeteredCache>,
        store: Arc<MeteredStore>,
    ) -> Option<(Self, Option<Policies>)> {
        let (name, settings) = (composition.strategy.descriptor.name, &composition.strategy.settings);
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let of_cache = composition.cache.as_ref().map(|cache| &cache.settings);
        match Policies::from_settings(settings, of_cache, &composition.store.settings, &clock) {
            None => Some((Self::Plain(build(name, settings, cache, store, clock)?), None)),
            Some(policies) => {
                let resilient = policies.build(name, settings, cache, store, clock)?;
                Some((Self::Resilient(resilient), Some(policies)))
            }
        }
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
