//! Changing rows: steps W1 to W6 of the tier's protocol.

use super::Tier;
use crate::policy::within;
use crate::write_path::{Change, commit, settle};
use cachemark_core::{Cache, Key, OpContext, OpError, Store, WriteOutcome};

impl<C: Cache, S: Store> Tier<C, S> {
    /// Changes the row under the key's lock. A caller whose deadline passes in the line for the lock gets
    /// [`OpError::LineTimeout`]: nothing was sent.
    ///
    /// Where writers are not ordered the lock is taken once the store has spoken, and a deadline that passes in its
    /// line changes nothing any more.
    pub(crate) async fn change(&self, ctx: &OpContext, key: &Key, what: Change) -> Result<WriteOutcome, OpError> {
        let in_line = if self.orders_writers { Some(self.lock(ctx, key).await?) } else { None };
        let committed = commit(&*self.store, ctx, key, what).await;
        let surely_unchanged = committed.is_surely_unchanged();
        let _lock = match in_line {
            None if !surely_unchanged => within(ctx, self.locks.lock(key)).await,
            lock => lock,
        };
        let outcome = settle(&*self.cache, &self.rules, ctx, key, committed).await;
        if !surely_unchanged {
            self.flights.supersede(key);
        }
        outcome
    }

    /// Takes the entry of `key` out of the cache, and keeps the load that is under way from filling it: what it says is not so.
    ///
    /// # Errors
    /// [`OpError::LineTimeout`] if the key's lock is not had by the deadline, or the cache's error.
    pub(crate) async fn forget(&self, ctx: &OpContext, key: &Key) -> Result<(), OpError> {
        let _lock = self.lock(ctx, key).await?;
        self.flights.supersede(key);
        Ok(self.cache.delete(ctx, key).await?)
    }
}
