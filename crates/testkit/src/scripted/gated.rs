//! Gates and faults before and after the calls of any cache or store.

use super::cache::{lasting_call, set_call};
use super::call::{Call, CallLog, Op, Part};
use super::replica::Replica;
use super::script::{Script, scripting};
use super::{Gate, When};
use cachemark_core::{
    Applied, Cache, CacheError, Capabilities, Entry, Key, LeaseToken, Leased, OpContext, Row, SetOutcome, Store,
    StoreChange, StoreError, Value, Version,
};
use std::sync::Arc;
use std::time::Duration;

/// A cache of any kind whose calls a test can hold, fail or slow down. A call that is held before its effect has not
/// reached the cache, one that fails before it never does.
#[derive(Debug)]
pub struct GatedCache<C> {
    pub(crate) script: Arc<Script<CacheError>>,
    inner: Arc<C>,
}

/// A store of any kind whose calls a test can hold, fail or slow down. A call that is held before its effect has not
/// reached the store, one that fails before it never does.
#[derive(Debug)]
pub struct GatedStore<S> {
    pub(crate) script: Arc<Script<StoreError>>,
    pub(crate) replica: Arc<Replica>,
    inner: Arc<S>,
}

scripting!(GatedCache<C>, CacheError);
scripting!(GatedStore<S>, StoreError);

impl<C> GatedCache<C> {
    /// Puts gates before `inner`, and logs what it is asked to `log`.
    #[must_use]
    pub fn new(inner: Arc<C>, log: &CallLog) -> Self {
        Self { script: Arc::new(Script::new(log.clone())), inner }
    }

    /// The cache itself, past the script and the log.
    #[must_use]
    pub fn inner(&self) -> &Arc<C> {
        &self.inner
    }
}

impl<S> GatedStore<S> {
    /// Puts gates before `inner`, and logs what it is asked to `log`.
    #[must_use]
    pub fn new(inner: Arc<S>, log: &CallLog) -> Self {
        Self { script: Arc::new(Script::new(log.clone())), replica: Arc::default(), inner }
    }

    /// The store itself, past the script and the log.
    #[must_use]
    pub fn inner(&self) -> &Arc<S> {
        &self.inner
    }
}

impl<C: Cache> Cache for GatedCache<C> {
    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    async fn get(&self, ctx: &OpContext, key: &Key) -> Result<Option<Entry>, CacheError> {
        self.script.run(ctx, Call::new(Part::Cache, Op::Get, ctx, key), async { self.inner.get(ctx, key).await }).await
    }

    async fn set(&self, ctx: &OpContext, key: &Key, entry: Entry, ttl: Option<Duration>) -> Result<(), CacheError> {
        let call = set_call(Op::Set, ctx, key, &entry, ttl);
        self.script.run(ctx, call, async { self.inner.set(ctx, key, entry, ttl).await }).await
    }

    async fn set_if_newer(
        &self,
        ctx: &OpContext,
        key: &Key,
        entry: Entry,
        ttl: Option<Duration>,
    ) -> Result<SetOutcome, CacheError> {
        let call = set_call(Op::SetIfNewer, ctx, key, &entry, ttl);
        self.script.run(ctx, call, async { self.inner.set_if_newer(ctx, key, entry, ttl).await }).await
    }

    async fn get_or_lease(&self, ctx: &OpContext, key: &Key, lease: Duration) -> Result<Leased, CacheError> {
        let call = lasting_call(Op::GetOrLease, ctx, key, lease);
        self.script.lease(ctx, call, async { self.inner.get_or_lease(ctx, key, lease).await }).await
    }

    async fn set_leased(
        &self,
        ctx: &OpContext,
        key: &Key,
        entry: Entry,
        ttl: Option<Duration>,
        token: LeaseToken,
    ) -> Result<SetOutcome, CacheError> {
        let call = set_call(Op::SetLeased, ctx, key, &entry, ttl);
        self.script.run(ctx, call, async { self.inner.set_leased(ctx, key, entry, ttl, token).await }).await
    }

    async fn get_and_touch(&self, ctx: &OpContext, key: &Key, ttl: Duration) -> Result<Option<Entry>, CacheError> {
        let call = lasting_call(Op::GetAndTouch, ctx, key, ttl);
        self.script.run(ctx, call, async { self.inner.get_and_touch(ctx, key, ttl).await }).await
    }

    async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<(), CacheError> {
        self.script
            .run(ctx, Call::new(Part::Cache, Op::Delete, ctx, key), async { self.inner.delete(ctx, key).await })
            .await
    }
}

impl<S: Store> Store for GatedStore<S> {
    async fn read(&self, ctx: &OpContext, key: &Key) -> Result<Row, StoreError> {
        let effect = async {
            match self.replica.row(key) {
                Some(row) => Ok(row),
                None => self.inner.read(ctx, key).await,
            }
        };
        self.script.run(ctx, Call::new(Part::Store, Op::Read, ctx, key), effect).await
    }

    async fn write(&self, ctx: &OpContext, key: &Key, value: Value) -> Result<Version, StoreError> {
        self.script
            .run(ctx, Call::new(Part::Store, Op::Write, ctx, key), async { self.inner.write(ctx, key, value).await })
            .await
    }

    async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<Version, StoreError> {
        self.script
            .run(ctx, Call::new(Part::Store, Op::Delete, ctx, key), async { self.inner.delete(ctx, key).await })
            .await
    }

    async fn apply(&self, ctx: &OpContext, changes: &[StoreChange]) -> Result<Vec<Applied>, StoreError> {
        let calls = Call::of_changes(ctx, changes);
        self.script.run_together(ctx, calls, async { self.inner.apply(ctx, changes).await }).await
    }
}
