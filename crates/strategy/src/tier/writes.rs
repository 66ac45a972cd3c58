//! Changing rows: steps W1 to W6 of the tier's protocol.

use super::Tier;
use crate::write_path::{Change, change};
use cachemark_core::{Cache, Key, OpContext, OpError, Store, WriteOutcome};

impl<C: Cache, S: Store> Tier<C, S> {
    /// Changes the row under the key's lock. A caller whose deadline passes in the line for the lock gets
    /// [`OpError::LineTimeout`]: nothing was sent.
    pub(crate) async fn change(&self, ctx: &OpContext, key: &Key, what: Change) -> Result<WriteOutcome, OpError> {
        let _lock = self.lock(ctx, key).await?;
        let outcome = change(&*self.cache, &*self.store, &self.rules, ctx, key, what).await;
        let surely_unchanged = matches!(&outcome, Err(error) if !error.is_unknown());
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
