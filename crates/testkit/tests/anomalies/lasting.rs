//! A cache whose entries have a lifetime, whatever the strategy says.

use cachemark_core::{Cache, CacheError, Capabilities, Entry, Key, OpContext};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// The first entry's; each further one lives for `step` longer.
pub(crate) const LIFETIME: Duration = Duration::from_secs(60);

pub(crate) struct Lasting<C> {
    inner: Arc<C>,
    step: Duration,
    sets: AtomicU32,
}

impl<C: Cache> Lasting<C> {
    pub(crate) fn new(inner: Arc<C>, step: Duration) -> Self {
        Self { inner, step, sets: AtomicU32::new(0) }
    }
}

impl<C: Cache> Cache for Lasting<C> {
    fn capabilities(&self) -> Capabilities {
        Capabilities { versioned_set: false, lease: false, touch: false, ..self.inner.capabilities() }
    }

    async fn get(&self, ctx: &OpContext, key: &Key) -> Result<Option<Entry>, CacheError> {
        self.inner.get(ctx, key).await
    }

    async fn set(&self, ctx: &OpContext, key: &Key, entry: Entry, _ttl: Option<Duration>) -> Result<(), CacheError> {
        let lifetime = LIFETIME + self.step * self.sets.fetch_add(1, Ordering::Relaxed);
        self.inner.set(ctx, key, entry, Some(lifetime)).await
    }

    async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<(), CacheError> {
        self.inner.delete(ctx, key).await
    }
}
