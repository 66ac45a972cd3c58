//! The application's own calls to cache and store: what cache-aside and its relatives are made of.
//!
//! Each caller loads for itself, within its own deadline. What a strategy adds stands in its file; what may be added
//! here is a guard of the fills ([`FillGuard`]) and entries that say how old they are ([`Aside::dating`]).

use crate::Parts;
use crate::policy::{Fill, FillGuard, Loading};
use crate::read_path::{Asked, Looked, Why, ask, look};
use crate::rules::Rules;
use crate::write_path::{Change, change, commit, settle};
use cachemark_core::{
    Cache, Clock, Freshness, Key, OpContext, OpError, ReadOutcome, Row, Store, StoreError, WriteOutcome,
};
use std::sync::Arc;
use std::time::Duration;

/// One application's use of its cache and store.
#[derive(Debug)]
pub(crate) struct Aside<C, S> {
    pub(crate) cache: Arc<C>,
    pub(crate) store: Arc<S>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) rules: Rules,
    guard: Option<FillGuard>,
    /// How much longer than it is fresh an entry with a value lives; none where entries are not dated.
    grace: Option<Duration>,
}

impl<C: Cache, S: Store> Aside<C, S> {
    pub(crate) fn new(parts: Parts<C, S>, rules: Rules) -> Self {
        let Parts { cache, store, clock } = parts;
        Self { cache, store, clock, rules, guard: None, grace: None }
    }

    /// The same with a guard: what was loaded before a change by this process is not put into the cache after it.
    pub(crate) fn guarded(self) -> Self {
        Self { guard: Some(FillGuard::new()), ..self }
    }

    /// The same with entries that say when they were filled, what their load cost, and for how long they are fresh:
    /// for the lifetime that the rules give them. Those with a value live for `grace` longer than that.
    pub(crate) fn dating(self, grace: Duration) -> Self {
        Self { grace: Some(grace), ..self }
    }

    pub(crate) async fn read(&self, ctx: &OpContext, key: &Key) -> Result<ReadOutcome, OpError> {
        match ask(&*self.cache, self.rules.on_read_error, ctx, key).await? {
            Asked::Hit(outcome) => Ok(outcome),
            Asked::Load(why) => self.led(ctx, key, why).await,
        }
    }

    /// What the cache has, entry and all.
    pub(crate) async fn look(&self, ctx: &OpContext, key: &Key) -> Result<Looked, OpError> {
        look(&*self.cache, self.rules.on_read_error, ctx, key).await
    }

    /// The answer of a load of the caller's own.
    pub(crate) async fn led(&self, ctx: &OpContext, key: &Key, why: Why) -> Result<ReadOutcome, OpError> {
        Ok(ReadOutcome::of(self.load(ctx, key, why).await?, why.led()))
    }

    /// Loads the row, and fills the cache with it.
    pub(crate) async fn load(&self, ctx: &OpContext, key: &Key, why: Why) -> Result<Row, StoreError> {
        let loading = self.begin(key);
        let (row, cost_ns) = self.fetch(ctx, key).await?;
        if why.refills()
            && let Some(fill) = self.fill(ctx, key, &row, cost_ns)
        {
            self.put(ctx, key, Some(fill), loading).await;
        }
        Ok(row)
    }

    /// Loads the row in place of the entry that the cache has: a row that is not to be kept takes it out.
    pub(crate) async fn reload(&self, ctx: &OpContext, key: &Key) -> Result<Row, StoreError> {
        let loading = self.begin(key);
        let (row, cost_ns) = self.fetch(ctx, key).await?;
        let fill = self.fill(ctx, key, &row, cost_ns);
        self.put(ctx, key, fill, loading).await;
        Ok(row)
    }

    /// Changes the row, then the entry.
    pub(crate) async fn change(&self, ctx: &OpContext, key: &Key, what: Change) -> Result<WriteOutcome, OpError> {
        let (cache, store, rules) = (&*self.cache, &*self.store, &self.rules);
        let Some(guard) = &self.guard else { return change(cache, store, rules, ctx, key, what).await };
        let committed = commit(store, ctx, key, what).await;
        let _order = if committed.is_surely_unchanged() { None } else { guard.supersede(ctx, key).await };
        settle(cache, rules, ctx, key, committed).await
    }

    /// Nothing to wait for: every load is awaited by the operation that began it.
    pub(crate) async fn drain(&self, _ctx: &OpContext) -> Result<(), OpError> {
        Ok(())
    }

    fn begin(&self, key: &Key) -> Option<Loading<'_>> {
        self.guard.as_ref().map(|guard| guard.begin(key))
    }

    /// The row, and what it cost in nanoseconds if that is asked for.
    async fn fetch(&self, ctx: &OpContext, key: &Key) -> Result<(Row, u64), StoreError> {
        let began_ns = self.grace.map(|_| self.clock.now_ns());
        let row = self.store.read(ctx, key).await?;
        Ok((row, began_ns.map_or(0, |began_ns| self.clock.now_ns().saturating_sub(began_ns))))
    }

    /// What is to be kept of a row, with its date if that is asked for.
    fn fill(&self, ctx: &OpContext, key: &Key, row: &Row, load_cost_ns: u64) -> Option<Fill> {
        let mut fill = self.rules.expiry.of_row(ctx, key, row)?;
        if let (Some(grace), Some(fresh_for)) = (self.grace, fill.ttl) {
            let fresh_for_ns = u64::try_from(fresh_for.as_nanos()).unwrap_or(u64::MAX);
            fill.entry.freshness = Freshness { filled_at_ns: self.clock.now_ns(), load_cost_ns, fresh_for_ns };
            if row.value.is_some() {
                fill.ttl = Some(fresh_for.saturating_add(grace));
            }
        }
        Some(fill)
    }

    async fn put(&self, ctx: &OpContext, key: &Key, fill: Option<Fill>, loading: Option<Loading<'_>>) {
        // The key's lock, where there is a guard: held to the end.
        let order = match &loading {
            Some(loading) => loading.may_fill(ctx).await,
            None => None,
        };
        if loading.is_some() && order.is_none() {
            return;
        }
        // The row is in hand: a refill that fails costs the next reader a miss, and this one nothing.
        let _ = match fill {
            Some(fill) => self.cache.set(ctx, key, fill.entry, fill.ttl).await,
            None => self.cache.delete(ctx, key).await,
        };
    }
}
