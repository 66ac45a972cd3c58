//! Cache-aside as it is written in applications: redis-rs, GET, SET with an expiry, DEL.

use cachemark_core::{
    Cache, CacheEffect, CacheError, Capabilities, Entry, Key, OpContext, OpError, ReadOutcome, Source, Store, Strategy,
    Value, Version, WriteOutcome,
};
use redis::AsyncCommands;
use redis::aio::MultiplexedConnection;
use std::sync::Arc;
use std::time::Duration;

const TTL: Duration = Duration::from_secs(60);

/// Values under keys, without versions. It stands behind the suite's trait so that its calls can be held and fail.
#[derive(Debug)]
pub(crate) struct PlainRedis(MultiplexedConnection);

impl PlainRedis {
    /// Connects to a Redis.
    pub(crate) async fn connect(url: &str) -> Result<Self, redis::RedisError> {
        Ok(Self(redis::Client::open(url)?.get_multiplexed_async_connection().await?))
    }
}

fn failed(error: redis::RedisError) -> CacheError {
    CacheError::ConnectionLost(error.to_string())
}

impl Cache for PlainRedis {
    fn capabilities(&self) -> Capabilities {
        Capabilities { ttl: true, shared: true, ..Capabilities::NONE }
    }

    async fn get(&self, _ctx: &OpContext, key: &Key) -> Result<Option<Entry>, CacheError> {
        let value: Option<Vec<u8>> = self.0.clone().get(key.as_bytes()).await.map_err(failed)?;
        Ok(value.map(|value| Entry::live(Version::NONE, Value::new(value))))
    }

    async fn set(&self, _ctx: &OpContext, key: &Key, entry: Entry, ttl: Option<Duration>) -> Result<(), CacheError> {
        let value = entry.value().map(Value::to_bytes).unwrap_or_default();
        let seconds = ttl.unwrap_or(TTL).as_secs();
        self.0.clone().set_ex(key.as_bytes(), &value[..], seconds).await.map_err(failed)
    }

    async fn delete(&self, _ctx: &OpContext, key: &Key) -> Result<(), CacheError> {
        self.0.clone().del(key.as_bytes()).await.map_err(failed)
    }
}

/// Reads ask the cache, then the store, and fill the cache; writes go to the store and remove the entry. A cache that fails
/// stops nobody.
#[derive(Debug)]
pub(crate) struct CacheAside<C, S> {
    cache: Arc<C>,
    store: Arc<S>,
}

impl<C: Cache, S: Store> CacheAside<C, S> {
    pub(crate) fn new(cache: Arc<C>, store: Arc<S>) -> Self {
        Self { cache, store }
    }
}

impl<C: Cache, S: Store> Strategy for CacheAside<C, S> {
    async fn read(&self, ctx: &OpContext, key: &Key) -> Result<ReadOutcome, OpError> {
        if let Ok(Some(entry)) = self.cache.get(ctx, key).await {
            return Ok(ReadOutcome { value: entry.value().cloned(), version: None, source: Source::Hit });
        }
        let row = self.store.read(ctx, key).await?;
        if let Some(value) = &row.value {
            let _ = self.cache.set(ctx, key, Entry::live(row.version, value.clone()), Some(TTL)).await;
        }
        Ok(ReadOutcome::of(row, Source::MissLed))
    }

    async fn write(&self, ctx: &OpContext, key: &Key, value: Value) -> Result<WriteOutcome, OpError> {
        let version = self.store.write(ctx, key, value).await?;
        let _ = self.cache.delete(ctx, key).await;
        Ok(WriteOutcome::committed(version, CacheEffect::Invalidated))
    }

    async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<WriteOutcome, OpError> {
        let version = self.store.delete(ctx, key).await?;
        let _ = self.cache.delete(ctx, key).await;
        Ok(WriteOutcome::committed(version, CacheEffect::Invalidated))
    }

    async fn drain(&self, _ctx: &OpContext) -> Result<(), OpError> {
        Ok(())
    }
}
