//! moka's `try_get_with`: a cache in the process's memory, which joins the loads of a key; writes invalidate.

use cachemark_core::{
    CacheEffect, Key, OpContext, OpError, ReadOutcome, Source, Store, StoreError, Strategy, Value, WriteOutcome,
};
use moka::future::Cache;
use std::sync::Arc;

const CAPACITY: u64 = 10_000;

/// A cache of values in front of a store.
#[derive(Debug)]
pub(crate) struct TryGetWith<S> {
    values: Cache<Key, Value>,
    store: Arc<S>,
}

/// Why a load brings no value. Neither is cached.
#[derive(Debug, Clone)]
enum NoValue {
    Absent,
    Failed(StoreError),
}

impl<S: Store> TryGetWith<S> {
    pub(crate) fn new(store: Arc<S>) -> Self {
        Self { values: Cache::new(CAPACITY), store }
    }

    async fn load(&self, ctx: &OpContext, key: &Key) -> Result<Value, NoValue> {
        self.store.read(ctx, key).await.map_err(NoValue::Failed)?.value.ok_or(NoValue::Absent)
    }
}

impl<S: Store> Strategy for TryGetWith<S> {
    async fn read(&self, ctx: &OpContext, key: &Key) -> Result<ReadOutcome, OpError> {
        // moka does not say whether it loaded.
        let source = if self.values.contains_key(key) { Source::Hit } else { Source::MissLed };
        let value = match self.values.try_get_with(key.clone(), self.load(ctx, key)).await {
            Ok(value) => Some(value),
            Err(why) => match &*why {
                NoValue::Absent => None,
                NoValue::Failed(error) => return Err(error.clone().into()),
            },
        };
        Ok(ReadOutcome { value, version: None, source })
    }

    async fn write(&self, ctx: &OpContext, key: &Key, value: Value) -> Result<WriteOutcome, OpError> {
        let version = self.store.write(ctx, key, value).await?;
        self.values.invalidate(key).await;
        Ok(WriteOutcome::committed(version, CacheEffect::Invalidated))
    }

    async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<WriteOutcome, OpError> {
        let version = self.store.delete(ctx, key).await?;
        self.values.invalidate(key).await;
        Ok(WriteOutcome::committed(version, CacheEffect::Invalidated))
    }

    async fn drain(&self, _ctx: &OpContext) -> Result<(), OpError> {
        Ok(())
    }
}
