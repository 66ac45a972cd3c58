//! What a strategy is built from.

use cachemark_core::Clock;
use std::sync::Arc;

/// The pieces that a strategy joins; a strategy takes those that it needs.
#[derive(Debug)]
pub struct Parts<C, S> {
    /// The cache.
    pub cache: Arc<C>,
    /// The store.
    pub store: Arc<S>,
    /// The clock of logical expiry.
    pub clock: Arc<dyn Clock>,
}

impl<C, S> Clone for Parts<C, S> {
    fn clone(&self) -> Self {
        Self { cache: Arc::clone(&self.cache), store: Arc::clone(&self.store), clock: Arc::clone(&self.clock) }
    }
}
