//! The suite over one strategy.

use super::actor::Boxed;
use super::list::PROVOCATIONS;
use super::provocation::{Plain, Provocation};
use super::scene::{Found, Process, RowWriter, Scene};
use super::{Absence, Verdict};
use crate::scripted::{CallLog, GatedCache, GatedStore, ScriptedCache, ScriptedStore};
use cachemark_core::{ANOMALIES, Anomaly, Cache, Key, OpContext, Store, Strategy, Value};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// How long nothing has to happen before an operation is taken to wait for another.
const PATIENCE: Duration = Duration::from_secs(1);

/// A strategy to be held to the anomalies, over a cache and a store of any kind.
///
/// `make` makes one instance of it: what a process has of its own (locks, loads under way, a cache in its memory). It is given
/// the cache and the store behind gates. See the [module](super) for an example.
pub struct Suite<C, S, M> {
    cache_of_a_process: Box<dyn Fn() -> Arc<C> + Send + Sync>,
    store: Arc<S>,
    make: M,
    patience: Duration,
    replicated: bool,
    run: u64,
    scenes: AtomicU64,
}

impl<M, T> Suite<ScriptedCache, ScriptedStore, M>
where
    M: Fn(Arc<GatedCache<ScriptedCache>>, Arc<GatedStore<ScriptedStore>>) -> T,
    T: Strategy,
{
    /// Over a cache and a store in memory.
    #[must_use]
    pub fn new(make: M) -> Self {
        Self::over(Arc::new(ScriptedCache::new()), Arc::new(ScriptedStore::new()), make)
    }
}

impl<C, S, M, T> Suite<C, S, M>
where
    C: Cache,
    S: Store,
    M: Fn(Arc<GatedCache<C>>, Arc<GatedStore<S>>) -> T,
    T: Strategy,
{
    /// Over one cache, which all processes ask. Keys are the suite's own, so what is in cache and store stays.
    #[must_use]
    pub fn over(cache: Arc<C>, store: Arc<S>, make: M) -> Self {
        Self::with_caches(move || Arc::clone(&cache), store, make)
    }

    /// Over caches that `cache` makes, one for each process.
    #[must_use]
    pub fn with_caches(cache: impl Fn() -> Arc<C> + Send + Sync + 'static, store: Arc<S>, make: M) -> Self {
        let run = RandomState::new().build_hasher().finish();
        let (cache_of_a_process, scenes) = (Box::new(cache), AtomicU64::new(0));
        Self { cache_of_a_process, store, make, patience: PATIENCE, replicated: false, run, scenes }
    }

    /// The same with another patience (1 s if not said): how long nothing has to happen before an operation is taken to wait for
    /// another. Nothing else depends on time. Calls to the suite's cache and store are seen, however long they take; a strategy
    /// that works or sleeps by itself for longer needs more patience.
    #[must_use]
    pub fn patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// The same where reads of the store come from a replica, which lags behind it in the scenes that are about that. Without
    /// this a read sees whatever was acknowledged before it, and those anomalies are not reached.
    #[must_use]
    pub fn reading_a_replica(self) -> Self {
        Self { replicated: true, ..self }
    }

    /// Goes through the steps of `anomaly` with so many processes, one or two.
    ///
    /// # Panics
    /// With no process or more than two, and outside a runtime.
    pub async fn provoke(&self, anomaly: &Anomaly, processes: u8) -> Verdict {
        assert!((1..=2).contains(&processes), "the steps of anomalies are for one process or two");
        let provocation = PROVOCATIONS.iter().find(|provocation| provocation.anomaly == *anomaly);
        let provocation = provocation.expect("every anomaly of the list can be provoked");
        let acknowledges_first = Arc::<AtomicBool>::default();
        let (_, plain) = self.run(provocation, processes, false, &acknowledges_first).await;
        match (plain, provocation.plain) {
            (Err(absence), _) => return Verdict::Absent(absence),
            (Ok(Some(evidence)), Plain::Masks) => return Verdict::Absent(Absence::Masked(evidence)),
            (Ok(Some(evidence)), Plain::Shows) => return Verdict::Seen(evidence),
            (Ok(None), _) => {}
        }
        match self.run(provocation, processes, true, &acknowledges_first).await {
            (_, Err(absence)) => Verdict::Absent(absence),
            (_, Ok(Some(evidence))) => Verdict::Seen(evidence),
            (true, Ok(None)) => Verdict::Absent(Absence::Ordered),
            (false, Ok(None)) => Verdict::Absent(Absence::Right),
        }
    }

    /// The same for every anomaly of the list.
    ///
    /// # Panics
    /// As [`Suite::provoke`].
    pub async fn provoke_all(&self, processes: u8) -> Vec<(Anomaly, Verdict)> {
        let mut verdicts = Vec::with_capacity(ANOMALIES.len());
        for anomaly in ANOMALIES {
            verdicts.push((*anomaly, self.provoke(anomaly, processes).await));
        }
        verdicts
    }

    /// One run of the steps, in a scene of its own: whether the strategy held a step back, and what was found.
    async fn run(
        &self,
        provocation: &Provocation,
        processes: u8,
        provoked: bool,
        acknowledges_first: &Arc<AtomicBool>,
    ) -> (bool, Found) {
        let mut scene = Scene { acknowledges_first: Arc::clone(acknowledges_first), ..self.scene(processes, provoked) };
        let found = (provocation.steps)(&mut scene).await;
        (scene.ordered, found)
    }

    fn scene(&self, processes: u8, provoked: bool) -> Scene {
        let number = self.scenes.fetch_add(1, Ordering::Relaxed);
        let key = format!("cm:anomaly:{:016x}:{number}", self.run);
        let log = CallLog::new();
        Scene {
            provoked,
            replicated: self.replicated,
            key: Key::new(key).expect("the suite's keys are short printable text"),
            processes: (0..processes).map(|_| self.process(&log)).collect(),
            log,
            write_row: row_writer(&self.store),
            patience: self.patience,
            begun: 0,
            ordered: false,
            acknowledges_first: Arc::default(),
        }
    }

    fn process(&self, log: &CallLog) -> Process {
        let inner = (self.cache_of_a_process)();
        let cache = Arc::new(GatedCache::new(Arc::clone(&inner), log));
        let store = Arc::new(GatedStore::new(Arc::clone(&self.store), log));
        let evict = move |key: Key| -> Boxed<_> {
            let cache = Arc::clone(&inner);
            Box::pin(async move { cache.delete(&OpContext::new(0), &key).await })
        };
        let (cache_script, store_script) = (Arc::clone(&cache.script), Arc::clone(&store.script));
        let replica = Arc::clone(&store.replica);
        let strategy = Arc::new((self.make)(cache, store));
        Process { strategy, cache: cache_script, store: store_script, replica, evict: Box::new(evict) }
    }
}

fn row_writer<S: Store>(store: &Arc<S>) -> RowWriter {
    let store = Arc::clone(store);
    Box::new(move |key: Key, value: Value| -> Boxed<_> {
        let store = Arc::clone(&store);
        Box::pin(async move { store.write(&OpContext::new(0), &key, value).await })
    })
}
