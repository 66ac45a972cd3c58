//! The meter of a store.

use super::loads::{LoadCounts, Loads};
use super::over_time::OverTime;
use super::{FailureLog, Failures, Metered, Sharded, bump, counts};
use crate::{Applied, Hop, HopTimer, Key, OpContext, Row, Store, StoreChange, StoreError, Value, Version};
use std::time::Duration;

counts!(
    /// What was asked of a store.
    StoreCounts, StoreShard {
        /// Reads that were answered, of live rows or not; and changes of a batch that found a row that was no older, and left it.
        reads,
        /// Reads that found a live row.
        found,
        /// Writes that were acknowledged, each row that a batch wrote by itself.
        writes,
        /// Deletes that were acknowledged, each row that a batch marked by itself.
        deletes,
        /// Calls that ended in an error, a batch as so many as it has changes.
        errors,
    }
);

impl StoreCounts {
    /// Every operation that reached an answer or an error.
    #[must_use]
    pub fn operations(&self) -> u64 {
        self.reads + self.writes + self.deletes + self.errors
    }
}

/// Counts the calls to a store. A batch ([`Store::apply`]) counts as one operation for each of its rows, so that the load on the
/// store means the same of all strategies: what is spared by making them together is not told by a count.
#[derive(Debug, Default)]
pub struct StoreMeter {
    counts: Sharded<StoreShard>,
    failures: FailureLog,
    loads: Loads,
    over_time: OverTime,
}

/// What a store was asked in a window, in more than sums.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoreWindow {
    /// Its reads by key: how many came for each load, and how many at once.
    pub loads: LoadCounts,
    /// Calls that ended in each step of the window: [`StoreCounts::operations`] over time.
    pub operations: Vec<u64>,
}

impl StoreMeter {
    /// Begins the window that [`StoreMeter::window`] tells of, as so many steps of that length.
    pub fn open_window(&self, step: Duration, steps: usize) {
        self.loads.open_window();
        self.over_time.open_window(step, steps);
    }

    /// What was seen in the window so far.
    #[must_use]
    pub fn window(&self) -> StoreWindow {
        StoreWindow { loads: self.loads.counts(), operations: self.over_time.counts() }
    }

    /// The counts so far.
    #[must_use]
    pub fn snapshot(&self) -> StoreCounts {
        let mut counts = StoreCounts::default();
        self.counts.iter().for_each(|shard| counts.add(shard));
        counts
    }

    /// The calls that ended in an error so far: `read`, `write`, `delete`. Their sum is [`StoreCounts::errors`].
    #[must_use]
    pub fn failures(&self) -> Failures {
        self.failures.snapshot()
    }

    fn fail(&self, shard: &StoreShard, call: &'static str, error: &StoreError) {
        bump(&shard.errors);
        self.failures.count(call, error.kind(), error);
    }
}

impl<S: Store> Store for Metered<S, StoreMeter> {
    async fn read(&self, ctx: &OpContext, key: &Key) -> Result<Row, StoreError> {
        let load = self.meter.loads.begin(key);
        let timer = HopTimer::start(ctx.hops(), Hop::Store);
        let result = self.inner.read(ctx, key).await;
        drop(timer);
        drop(load);
        self.meter.over_time.ended(ctx);
        let shard = self.meter.counts.of(ctx);
        match &result {
            Ok(row) => {
                bump(&shard.reads);
                if row.value.is_some() {
                    bump(&shard.found);
                }
            }
            Err(error) => self.meter.fail(shard, "read", error),
        }
        result
    }

    async fn write(&self, ctx: &OpContext, key: &Key, value: Value) -> Result<Version, StoreError> {
        let timer = HopTimer::start(ctx.hops(), Hop::Store);
        let result = self.inner.write(ctx, key, value).await;
        drop(timer);
        self.meter.over_time.ended(ctx);
        let shard = self.meter.counts.of(ctx);
        match &result {
            Ok(_) => bump(&shard.writes),
            Err(error) => self.meter.fail(shard, "write", error),
        }
        result
    }

    async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<Version, StoreError> {
        let timer = HopTimer::start(ctx.hops(), Hop::Store);
        let result = self.inner.delete(ctx, key).await;
        drop(timer);
        self.meter.over_time.ended(ctx);
        let shard = self.meter.counts.of(ctx);
        match &result {
            Ok(_) => bump(&shard.deletes),
            Err(error) => self.meter.fail(shard, "delete", error),
        }
        result
    }

    async fn apply(&self, ctx: &OpContext, changes: &[StoreChange]) -> Result<Vec<Applied>, StoreError> {
        let timer = HopTimer::start(ctx.hops(), Hop::Store);
        let result = self.inner.apply(ctx, changes).await;
        drop(timer);
        changes.iter().for_each(|_| self.meter.over_time.ended(ctx));
        let shard = self.meter.counts.of(ctx);
        match &result {
            Ok(applied) => {
                for (change, applied) in changes.iter().zip(applied) {
                    bump(match applied {
                        Applied::Superseded => &shard.reads,
                        Applied::Put if change.value.is_some() => &shard.writes,
                        Applied::Put => &shard.deletes,
                    });
                }
            }
            Err(error) => changes.iter().for_each(|change| {
                let call = if change.value.is_some() { "write" } else { "delete" };
                self.meter.fail(shard, call, error);
            }),
        }
        result
    }
}
