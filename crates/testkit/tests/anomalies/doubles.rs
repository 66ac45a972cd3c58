//! Strategies with a mistake each, and one without.

use cachemark_core::{
    Cache, CacheEffect, Entry, EntryBody, Key, OpContext, OpError, ReadOutcome, Row, Source, Store, Strategy, Value,
    Version, WriteOutcome,
};
use std::collections::HashMap;
use std::sync::{Arc, Mutex as StdMutex};
use tokio::sync::{Mutex, OnceCell};

/// What a double does in which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// Removes the entry, then commits.
    InvalidatesFirst,
    /// Commits, then puts the value into the cache, without a lock and whatever is there.
    UpdatesUnlocked,
    /// The same under a lock for writers, which each process has for itself.
    UpdatesUnderLock,
    /// The same without a lock, comparing versions, also where a reader refills.
    UpdatesByVersion,
    /// Puts the value into the cache, then commits.
    CacheFirst,
    /// Commits, then removes the entry. Readers of one key join one load, which a write does not end.
    JoinsWithoutForgetting,
    /// Removes the entry and is acknowledged; the store gets the write afterwards.
    AcknowledgesFirst,
    /// Every operation under one lock, to its end whoever gives up on it; absence is remembered and no fault concealed.
    OneAtATime,
}

pub(crate) struct Double<C, S>(Arc<Parts<C, S>>);

struct Parts<C, S> {
    way: Way,
    cache: Arc<C>,
    store: Arc<S>,
    lock: Mutex<()>,
    loads: StdMutex<HashMap<Key, Arc<OnceCell<Row>>>>,
}

impl<C: Cache, S: Store> Double<C, S> {
    pub(crate) fn new(way: Way, cache: Arc<C>, store: Arc<S>) -> Self {
        Self(Arc::new(Parts { way, cache, store, lock: Mutex::new(()), loads: StdMutex::default() }))
    }
}

impl<C: Cache, S: Store> Parts<C, S> {
    async fn hit(&self, ctx: &OpContext, key: &Key) -> Result<Option<ReadOutcome>, OpError> {
        Ok(self.cache.get(ctx, key).await?.map(|entry| {
            let (value, version) = (entry.value().cloned(), Some(entry.version));
            ReadOutcome { value, version, source: Source::Hit }
        }))
    }

    async fn load(&self, ctx: &OpContext, key: &Key) -> Result<Row, OpError> {
        let row = self.store.read(ctx, key).await?;
        let body = row.value.clone().map_or(EntryBody::Absent, EntryBody::Live);
        let entry = Entry { body, ..Entry::absent(row.version) };
        match (self.way, &row.value) {
            (Way::OneAtATime, _) => self.cache.set(ctx, key, entry, None).await?,
            (_, None) => {}
            (Way::UpdatesByVersion, Some(_)) => {
                self.cache.set_if_newer(ctx, key, entry, None).await?;
            }
            (_, Some(_)) => self.cache.set(ctx, key, entry, None).await?,
        }
        Ok(row)
    }

    async fn joined_load(&self, ctx: &OpContext, key: &Key) -> Result<Row, OpError> {
        let load = Arc::clone(self.loads.lock().unwrap().entry(key.clone()).or_default());
        let row = load.get_or_try_init(|| self.load(ctx, key)).await?.clone();
        self.loads.lock().unwrap().remove(key);
        Ok(row)
    }

    async fn read(&self, ctx: &OpContext, key: &Key) -> Result<ReadOutcome, OpError> {
        let _alone = if self.way == Way::OneAtATime { Some(self.lock.lock().await) } else { None };
        if let Some(hit) = self.hit(ctx, key).await? {
            return Ok(hit);
        }
        let row = match self.way {
            Way::JoinsWithoutForgetting => self.joined_load(ctx, key).await?,
            _ => self.load(ctx, key).await?,
        };
        Ok(ReadOutcome::of(row, Source::MissLed))
    }

    async fn commit(&self, ctx: &OpContext, key: &Key, value: Option<Value>) -> Result<Version, OpError> {
        Ok(match value {
            Some(value) => self.store.write(ctx, key, value).await?,
            None => self.store.delete(ctx, key).await?,
        })
    }

    async fn change(&self, ctx: &OpContext, key: &Key, value: Option<Value>) -> Result<WriteOutcome, OpError> {
        let entry = |version| value.clone().map(|value| Entry::live(version, value));
        let version = match self.way {
            Way::InvalidatesFirst => {
                self.cache.delete(ctx, key).await?;
                self.commit(ctx, key, value).await?
            }
            Way::CacheFirst => {
                match entry(Version(u64::MAX)) {
                    Some(entry) => self.cache.set(ctx, key, entry, None).await?,
                    None => self.cache.delete(ctx, key).await?,
                }
                self.commit(ctx, key, value).await?
            }
            Way::UpdatesUnlocked | Way::UpdatesUnderLock | Way::UpdatesByVersion => {
                let _alone = if self.way == Way::UpdatesUnderLock { Some(self.lock.lock().await) } else { None };
                let version = self.commit(ctx, key, value.clone()).await?;
                match entry(version) {
                    Some(entry) if self.way == Way::UpdatesByVersion => {
                        self.cache.set_if_newer(ctx, key, entry, None).await?;
                    }
                    Some(entry) => self.cache.set(ctx, key, entry, None).await?,
                    None => self.cache.delete(ctx, key).await?,
                }
                version
            }
            Way::JoinsWithoutForgetting | Way::AcknowledgesFirst => {
                let version = self.commit(ctx, key, value).await?;
                self.cache.delete(ctx, key).await?;
                version
            }
            Way::OneAtATime => {
                let _alone = self.lock.lock().await;
                let version = self.commit(ctx, key, value).await?;
                self.cache.delete(ctx, key).await?;
                version
            }
        };
        Ok(WriteOutcome::committed(version, CacheEffect::Updated))
    }
}

impl<C: Cache, S: Store> Double<C, S> {
    async fn change(&self, ctx: &OpContext, key: &Key, value: Option<Value>) -> Result<WriteOutcome, OpError> {
        if self.0.way == Way::AcknowledgesFirst {
            self.0.cache.delete(ctx, key).await?;
            let (parts, ctx, key) = (Arc::clone(&self.0), *ctx, key.clone());
            tokio::spawn(async move { parts.commit(&ctx, &key, value).await });
            return Ok(WriteOutcome { version: None, durable: false, cache: CacheEffect::Invalidated });
        }
        if self.0.way != Way::OneAtATime {
            return self.0.change(ctx, key, value).await;
        }
        let (parts, ctx, key) = (Arc::clone(&self.0), *ctx, key.clone());
        let write = tokio::spawn(async move { parts.change(&ctx, &key, value).await });
        write.await.map_err(|_| OpError::Internal("the write died"))?
    }
}

impl<C: Cache, S: Store> Strategy for Double<C, S> {
    async fn read(&self, ctx: &OpContext, key: &Key) -> Result<ReadOutcome, OpError> {
        self.0.read(ctx, key).await
    }

    async fn write(&self, ctx: &OpContext, key: &Key, value: Value) -> Result<WriteOutcome, OpError> {
        self.change(ctx, key, Some(value)).await
    }

    async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<WriteOutcome, OpError> {
        self.change(ctx, key, None).await
    }

    async fn drain(&self, _ctx: &OpContext) -> Result<(), OpError> {
        Ok(())
    }
}
