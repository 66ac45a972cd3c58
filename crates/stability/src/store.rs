//! A store in memory, in which every key has a row.

use crate::Cost;
use crate::pause::Pauses;
use cachemark_core::{Applied, Key, OpContext, Row, Store, StoreChange, StoreError, Value, Version};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// What one value is: its length has no cost here.
pub(crate) fn value() -> Value {
    Value::new(&b"a row"[..])
}

/// Reads and changes take their time. All rows share one version, which each change counts up: nobody asks here how fresh a read is.
#[derive(Debug)]
pub(crate) struct TimedStore {
    pauses: Arc<Pauses>,
    read_cost: Cost,
    write_cost: Duration,
    version: AtomicU64,
    reads: Arc<AtomicU64>,
}

impl TimedStore {
    /// One that counts the reads that it has done in `reads`.
    pub(crate) fn new(pauses: Arc<Pauses>, read_cost: Cost, write_cost: Duration, reads: Arc<AtomicU64>) -> Self {
        Self { pauses, read_cost, write_cost, version: AtomicU64::new(1), reads }
    }

    async fn change(&self) -> Version {
        self.pauses.pause(self.write_cost).await;
        Version(self.version.fetch_add(1, Ordering::Relaxed) + 1)
    }
}

impl Store for TimedStore {
    async fn read(&self, _ctx: &OpContext, _key: &Key) -> Result<Row, StoreError> {
        self.pauses.spend(self.read_cost).await;
        self.reads.fetch_add(1, Ordering::Relaxed);
        Ok(Row { version: Version(self.version.load(Ordering::Relaxed)), value: Some(value()) })
    }

    async fn write(&self, _ctx: &OpContext, _key: &Key, _value: Value) -> Result<Version, StoreError> {
        Ok(self.change().await)
    }

    async fn delete(&self, _ctx: &OpContext, _key: &Key) -> Result<Version, StoreError> {
        Ok(self.change().await)
    }

    async fn apply(&self, _ctx: &OpContext, changes: &[StoreChange]) -> Result<Vec<Applied>, StoreError> {
        self.change().await;
        Ok(vec![Applied::Put; changes.len()])
    }
}
