//! A store with policies around it.

use super::guard::{Guard, UnderWay};
use super::{breaker, limit, retry};
use crate::policy::{Limit, Place, Repeatable, Retry, Trying, TurnedAway};
use cachemark_core::{Applied, Key, OpContext, Row, Setting, Settings, Store, StoreChange, StoreError, Value, Version};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// How long a call may take.
const TIMEOUT_MS: Setting = Setting::integer(
    "call-timeout-ms",
    0,
    600_000,
    0,
    "How long one call to the store may take, in milliseconds, within the operation's deadline; 0: as long as the operation.",
)
.quiet();

/// What can be set of the policies around a store.
#[must_use]
pub fn store_settings() -> Vec<Setting> {
    [&retry::OF_STORE[..], &breaker::SETTINGS, &limit::SETTINGS, &[TIMEOUT_MS]].concat()
}

/// The policies around one store, with what they have seen of it: one set for each instance of a service.
///
/// A call goes through them in this order: its retries, each of which asks the breaker, then waits for a place, and has a time of its own
/// once it has it. What waits for a place and what is turned away has not reached the store.
#[derive(Debug, Default)]
pub struct StorePolicies {
    retry: Option<Retry>,
    breaker: Option<Guard>,
    limit: Option<Limit>,
    limits_reads_alone: bool,
    timeout: Option<Duration>,
}

impl StorePolicies {
    /// Those that the settings of a store ask for; none if they ask for none.
    #[must_use]
    pub fn from_settings(settings: &Settings) -> Option<Self> {
        let (limit, limits_reads_alone) = limit::from(settings).unzip();
        let policies = Self {
            retry: retry::from(settings),
            breaker: breaker::from(settings).map(Guard::new),
            limit,
            limits_reads_alone: limits_reads_alone.unwrap_or(false),
            timeout: settings.millis(TIMEOUT_MS.name),
        };
        let Self { retry, breaker, limit, timeout, .. } = &policies;
        let any = retry.is_some() || breaker.is_some() || limit.is_some() || timeout.is_some();
        any.then_some(policies)
    }

    /// Adds what they have done so far to `told`, by name.
    pub fn tell(&self, told: &mut BTreeMap<&'static str, u64>) {
        super::tell_retry(self.retry.as_ref(), told);
        super::tell_breaker(self.breaker.as_ref(), told);
        if let Some(limit) = &self.limit {
            let counts = limit.counts();
            for (name, count) in [
                ("limit-shed", &counts.shed),
                ("limit-shed-late", &counts.shed_late),
                ("limit-queued", &counts.queued),
                ("limit-wait-ns", &counts.wait_ns),
            ] {
                *told.entry(name).or_default() += count.load(Ordering::Relaxed);
            }
        }
    }

    /// What limits a call, if anything does.
    fn limit_of(&self, is_read: bool) -> Option<&Limit> {
        self.limit.as_ref().filter(|_| is_read || !self.limits_reads_alone)
    }

    /// The context of one call, once it has its place.
    fn context(&self, ctx: &OpContext) -> OpContext {
        self.timeout.map_or(*ctx, |timeout| ctx.within(timeout))
    }
}

/// A store with policies around it.
#[derive(Debug)]
pub struct ResilientStore<S> {
    inner: Arc<S>,
    policies: Arc<StorePolicies>,
}

impl<S> ResilientStore<S> {
    /// Puts `policies` around `inner`.
    pub fn new(inner: Arc<S>, policies: Arc<StorePolicies>) -> Self {
        Self { inner, policies }
    }
}

/// Waits for a place.
async fn place<'a>(limit: &'a Limit, ctx: &OpContext) -> Result<Place<'a>, StoreError> {
    limit.enter(ctx.deadline()).await.map_err(|why| match why {
        TurnedAway::Full => StoreError::Shed("as many calls to it wait as may"),
        TurnedAway::Late => StoreError::Shed("no place for the call became free in time"),
    })
}

/// Makes a call to the store through its policies. Here and not in futures around each other: each would cost a call some fifty instructions.
macro_rules! call {
    ($self:ident, $ctx:ident, $key:expr, $repeatable:expr, $is_read:literal, $inner:ident => $ask:expr) => {{
        let policies = &*$self.policies;
        let mut trying = Trying::new(policies.retry.as_ref(), $repeatable);
        loop {
            let result = 'call: {
                let under_way = match UnderWay::begin(policies.breaker.as_ref()) {
                    Ok(under_way) => under_way,
                    Err(error) => break 'call Err(error),
                };
                let limit = policies.limit_of($is_read);
                let mut held = limit.and_then(Limit::enter_at_once);
                if let (Some(limit), None) = (limit, &held) {
                    match place(limit, $ctx).await {
                        Ok(place) => held = Some(place),
                        Err(error) => break 'call Err(error),
                    }
                }
                let ($inner, $ctx) = (&*$self.inner, &policies.context($ctx));
                let result = $ask.await;
                drop(held);
                under_way.end(&result);
                result
            };
            let Some(wait) = trying.next(&result, StoreError::kind, $ctx, $key) else { break result };
            wait.await;
        }
    }};
}

impl<S: Store> Store for ResilientStore<S> {
    async fn read(&self, ctx: &OpContext, key: &Key) -> Result<Row, StoreError> {
        call!(self, ctx, key, Repeatable::Always, true, store => store.read(ctx, key))
    }

    async fn write(&self, ctx: &OpContext, key: &Key, value: Value) -> Result<Version, StoreError> {
        call!(self, ctx, key, Repeatable::IfUnchanged, false, store => store.write(ctx, key, value.clone()))
    }

    async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<Version, StoreError> {
        call!(self, ctx, key, Repeatable::IfUnchanged, false, store => store.delete(ctx, key))
    }

    async fn apply(&self, ctx: &OpContext, changes: &[StoreChange]) -> Result<Vec<Applied>, StoreError> {
        // Applied again they change nothing, by the store's contract. Without a change there is nothing to ask.
        let Some(first) = changes.first() else { return self.inner.apply(ctx, changes).await };
        call!(self, ctx, &first.key, Repeatable::Always, false, store => store.apply(ctx, changes))
    }
}
