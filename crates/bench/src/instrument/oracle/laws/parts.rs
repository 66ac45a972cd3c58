//! A store that keeps no log, for millions of operations, and a cache that what goes wrong is put into.

use super::watch::loaded;
use cachemark_core::{
    Applied, Cache, CacheError, Capabilities, Entry, Key, OpContext, Row, Store, StoreChange, StoreError, Value,
    Version,
};
use cachemark_testkit::scripted::ScriptedCache;
use cachemark_workload::{Keyspace, Seed};
use rand::Rng;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Rows behind a lock each.
pub(super) struct Rows(HashMap<Key, Mutex<Row>>);

impl Rows {
    pub(super) fn loaded(keys: &Keyspace) -> Arc<Self> {
        let row = |(index, key): (u64, Key)| {
            let row = Row { version: Version(1), value: Some(loaded(&key, index)) };
            (key, Mutex::new(row))
        };
        Arc::new(Self((0..).zip(keys.keys()).map(row).collect()))
    }

    fn change(&self, key: &Key, value: Option<Value>) -> Version {
        let mut row = self.0[key].lock().unwrap();
        *row = Row { version: Version(row.version.0 + 1), value };
        row.version
    }
}

impl Store for Rows {
    async fn read(&self, _ctx: &OpContext, key: &Key) -> Result<Row, StoreError> {
        Ok(self.0[key].lock().unwrap().clone())
    }

    async fn write(&self, _ctx: &OpContext, key: &Key, value: Value) -> Result<Version, StoreError> {
        Ok(self.change(key, Some(value)))
    }

    async fn delete(&self, _ctx: &OpContext, key: &Key) -> Result<Version, StoreError> {
        Ok(self.change(key, None))
    }

    async fn apply(&self, _ctx: &OpContext, changes: &[StoreChange]) -> Result<Vec<Applied>, StoreError> {
        let apply = |change: &StoreChange| {
            let mut row = self.0[&change.key].lock().unwrap();
            if row.version >= change.version {
                return Applied::Superseded;
            }
            *row = Row { version: change.version, value: change.value.clone() };
            Applied::Put
        };
        Ok(changes.iter().map(apply).collect())
    }
}

/// What chance is drawn from.
pub(super) type Draws = dyn Rng + Send;

/// Known before each set and each delete: how long it waits first, and whether it is carried out at all.
type Fault = fn(&mut Draws) -> (Duration, bool);

/// A scripted cache whose sets and deletes go as `Fault`s say.
pub(super) struct FaultyCache {
    inner: ScriptedCache,
    draws: Mutex<Box<Draws>>,
    on_set: Fault,
    on_delete: Fault,
    /// How long all sets have waited, and how many there were.
    pub(super) waited: Mutex<(Duration, u32)>,
}

/// At once, and carried out.
pub(super) const AT_ONCE: Fault = |_| (Duration::ZERO, true);

impl FaultyCache {
    pub(super) fn new(seed: Seed, on_set: Fault, on_delete: Fault) -> Arc<Self> {
        let draws: Box<Draws> = Box::new(seed.rng());
        let (inner, draws) = (ScriptedCache::new(), Mutex::new(draws));
        Arc::new(Self { inner, draws, on_set, on_delete, waited: Mutex::default() })
    }

    /// Whether it is to happen.
    async fn wait(&self, fault: Fault) -> bool {
        let (wait, happens) = fault(&mut **self.draws.lock().unwrap());
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
        self.inner.log().clear();
        happens
    }
}

impl Cache for FaultyCache {
    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    async fn get(&self, ctx: &OpContext, key: &Key) -> Result<Option<Entry>, CacheError> {
        self.inner.get(ctx, key).await
    }

    async fn set(&self, ctx: &OpContext, key: &Key, entry: Entry, ttl: Option<Duration>) -> Result<(), CacheError> {
        let began = tokio::time::Instant::now();
        let happens = self.wait(self.on_set).await;
        {
            let mut waited = self.waited.lock().unwrap();
            *waited = (waited.0 + began.elapsed(), waited.1 + 1);
        }
        if happens { self.inner.set(ctx, key, entry, ttl).await } else { Ok(()) }
    }

    async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<(), CacheError> {
        let happens = self.wait(self.on_delete).await;
        if happens { self.inner.delete(ctx, key).await } else { Ok(()) }
    }
}

/// A time of the exponential law, of the given mean.
pub(super) fn exponential(draws: &mut Draws, mean: Duration) -> Duration {
    let unit = (draws.next_u64() >> 11) as f64 / (1u64 << 53) as f64;
    mean.mul_f64(-(1.0 - unit).ln())
}
