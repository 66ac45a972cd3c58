//! Rows that were acknowledged and are not in the store yet.

use super::Tier;
use crate::read_path::Why;
use cachemark_core::{Cache, Key, OpContext, Row, Store};
use std::fmt::Debug;

/// What has rows that the store does not have yet. Changes of a key come to it under the key's lock, and it has each of them until the
/// store does.
pub(crate) trait Unstored: Debug + Send + Sync {
    /// What the key will be in the store; none if that is what it is there, as far as is known here.
    fn row(&self, key: &Key) -> Option<Row>;
}

impl<C: Cache, S: Store> Tier<C, S> {
    /// The row of `key` that the store does not have yet, which is put into the cache as well, if it is there still and nobody is at
    /// work on the key: under the key's lock it is the last that was acknowledged, so no load and no order of loads is needed.
    pub(super) async fn unstored_row(&self, ctx: &OpContext, key: &Key, why: Why) -> Option<Row> {
        let unstored = self.unstored.as_ref()?;
        let row = unstored.row(key)?;
        if why.refills()
            && let Some(_lock) = self.locks.try_lock(key)
            && let Some(row) = unstored.row(key)
            && let Some(fill) = self.rules.expiry.of_row(ctx, key, &row)
        {
            // A refill that fails costs the next reader a miss, and this one nothing.
            let _ = self.cache.set(ctx, key, fill.entry, fill.ttl).await;
        }
        Some(row)
    }
}
