//! What a service is made of, and what every request reaches.

use crate::limits::Limits;
use crate::metrics::Metrics;
use cachemark_core::{CacheMeter, StoreMeter};
use futures::future::BoxFuture;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64};
use tokio::sync::Semaphore;

/// Asks the backends for a sign of life. The text of the error is logged, never sent to a client; it must hold no
/// password.
pub type Readiness = Box<dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync>;

/// What a service is made of.
pub struct Parts<S> {
    /// Copies of the strategy, at least one; a session is served by the copy at its number modulo their count.
    pub instances: Vec<Arc<S>>,
    /// Counts what the strategy asks of its cache.
    pub cache_meter: Arc<CacheMeter>,
    /// Counts what the strategy asks of its store.
    pub store_meter: Arc<StoreMeter>,
    /// Whether the backends answer.
    pub readiness: Readiness,
}

/// What every request reaches.
pub(crate) struct Shared<S> {
    pub(crate) parts: Parts<S>,
    pub(crate) limits: Limits,
    pub(crate) metrics: Metrics,
    /// One permit for each operation that may run at once.
    pub(crate) slots: Arc<Semaphore>,
    pub(crate) stopping: AtomicBool,
    pub(crate) sequence: AtomicU64,
    pub(crate) connections_seen: AtomicU32,
}

impl<S> Shared<S> {
    pub(crate) fn new(parts: Parts<S>, limits: Limits) -> Self {
        Self {
            slots: Arc::new(Semaphore::new(limits.operations)),
            parts,
            limits,
            metrics: Metrics::default(),
            stopping: AtomicBool::new(false),
            sequence: AtomicU64::new(0),
            connections_seen: AtomicU32::new(0),
        }
    }
}

impl<S> fmt::Debug for Shared<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl<S> fmt::Debug for Parts<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts").field("instances", &self.instances.len()).finish_non_exhaustive()
    }
}
