//! Loading rows: steps L1 to L6 of the tier's protocol.

use super::{Loaded, Tier};
use crate::policy::{Boarding, KeyGuard, Lead, within};
use crate::read_path::Why;
use cachemark_core::{Cache, Key, OpContext, OpError, ReadOutcome, Row, Store};
use std::sync::Arc;

impl<C: Cache, S: Store> Tier<C, S> {
    /// Joins the flight of `key` or leads one, and waits for it until the caller's deadline. The load itself is a task
    /// with a deadline of its own: what a reader began and gave up on still fills the cache for the next.
    ///
    /// The load runs on the runtime of the reader that began it (in a task placement: of the tier), so that runtime
    /// must be kept running until the tier is drained. One that is shut down before takes its loads with it, and those
    /// who wait for them get [`OpError::Internal`].
    pub(super) async fn load(self: &Arc<Self>, ctx: &OpContext, key: &Key, why: Why) -> Result<ReadOutcome, OpError> {
        let (join, source) = match self.flights.board(key) {
            Boarding::Join(join) => (join, why.joined()),
            Boarding::Lead(lead, join) => {
                let load = Arc::clone(self).fly(ctx.detached(self.load_timeout), key.clone(), why, lead);
                tokio::spawn(load);
                (join, why.led())
            }
        };
        let loaded = within(ctx, join.wait())
            .await
            .ok_or(OpError::LoadTimeout)?
            .map_err(|_| OpError::Internal("the load died"))?;
        let row = loaded?;
        Ok(ReadOutcome::of(row, source))
    }

    async fn fly(self: Arc<Self>, ctx: OpContext, key: Key, why: Why, lead: Lead<Loaded>) {
        let loaded = self.store.read(&ctx, &key).await;
        if let Ok(row) = &loaded
            && why.refills()
        {
            self.fill(&ctx, &key, row, &lead).await;
        }
        lead.finish(loaded);
    }

    async fn fill(&self, ctx: &OpContext, key: &Key, row: &Row, lead: &Lead<Loaded>) {
        let Some(fill) = self.rules.expiry.of_row(ctx, key, row) else { return };
        let Some(_lock) = self.lock_to_fill(ctx, key).await else { return };
        if !lead.is_superseded() {
            // A refill that fails costs the next reader a miss, and those who wait nothing.
            let _ = self.cache.set(ctx, key, fill.entry, fill.ttl).await;
        }
    }

    /// The key's lock for a fill; none where there is to be no fill: the row itself is good for those who wait.
    async fn lock_to_fill(&self, ctx: &OpContext, key: &Key) -> Option<KeyGuard<'_>> {
        if self.unstored.is_some() {
            // Whoever holds it may wait for a place in a queue, for as long as its own deadline lets it: no reader is kept from a row that is in
            // hand for that. As a rule the write supersedes the load, and a fill after it would come to nothing.
            return self.locks.try_lock(key);
        }
        self.lock(ctx, key).await.ok()
    }
}
