//! One strategy over one stack, from the first connection to the last.

use crate::ledger::Ledger;
use crate::load::{Counts, KEYS, Load, SESSIONS, Until, load};
use crate::memory::{growth, resident_kib};
use crate::stack::{Stack, descriptors};
use cachemark_backend::{AnyCache, AnyStore};
use cachemark_core::{OpContext, Store, Strategy, SystemClock};
use cachemark_strategy::Parts;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::time::{Instant, sleep};

const INSTANCES: usize = 2;
/// A drain has ended by then; it takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long a cell takes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    pub(crate) length: Length,
    /// Memory is compared between its middle and its end.
    pub(crate) watches_memory: bool,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Length {
    Time(Duration),
    Operations(u64),
}

impl Length {
    /// Until when so many halves of it go on.
    fn halves(self, began: Instant, halves: u32) -> Until {
        match self {
            Self::Time(length) => Until::Over(began + length * halves / 2),
            Self::Operations(most) => Until::Operations(most * u64::from(halves) / 2),
        }
    }
}

pub(crate) struct Cell<'a> {
    pub(crate) stack: &'a Stack,
    /// No other cell of the stack has it.
    pub(crate) number: u32,
    pub(crate) span: Span,
    /// How long what ends by itself is waited for.
    pub(crate) patience: Duration,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) faults: Vec<String>,
    pub(crate) counts: Counts,
}

impl Cell<'_> {
    /// Runs it with the instances that `make` makes. Nothing of it is left afterwards, or that is among the faults.
    pub(crate) fn run<T: Strategy>(&self, make: impl Fn(usize, Parts<AnyCache, AnyStore>) -> T) -> Outcome {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let before = descriptors();
        let mut outcome = runtime.block_on(self.hold(make));
        let alive = || runtime.metrics().num_alive_tasks();
        if !self.soon(&runtime, || alive() == 0) {
            outcome.faults.push(format!("{} tasks are alive though all was dropped", alive()));
        }
        if !self.soon(&runtime, || self.stack.connections().values().all(|&left| left == 0)) {
            outcome.faults.push(format!("connections are left: {:?}", self.stack.connections()));
        }
        if !self.soon(&runtime, || descriptors() <= before) {
            outcome.faults.push(format!("{} files are open, {before} were before", descriptors()));
        }
        outcome
    }

    /// Whether something holds before long. Once is enough: who looks is a connection himself, which the next look may still see.
    fn soon(&self, runtime: &Runtime, holds: impl Fn() -> bool) -> bool {
        let until = Instant::now() + self.patience;
        while !holds() {
            if Instant::now() >= until {
                return false;
            }
            runtime.block_on(async { sleep(Duration::from_millis(5)).await });
        }
        true
    }

    async fn hold<T: Strategy>(&self, make: impl Fn(usize, Parts<AnyCache, AnyStore>) -> T) -> Outcome {
        let (caches, store) = (self.stack.caches(INSTANCES).await, self.stack.store().await);
        let clock = Arc::new(SystemClock::new());
        let parts = |cache| Parts { cache, store: Arc::clone(&store), clock: Arc::<SystemClock>::clone(&clock) };
        let made = caches.iter().enumerate().map(|(number, cache)| make(number, parts(Arc::clone(cache))));
        let shared = Arc::new(Load {
            instances: made.collect(),
            ledger: Ledger::new(self.number, KEYS, SESSIONS as usize),
            counts: Counts::default(),
        });
        let mut faults = Vec::new();
        let began = Instant::now();
        load(&shared, self.span.length.halves(began, 1)).await;
        let middle = resident_kib();
        load(&shared, self.span.length.halves(began, 2)).await;
        faults.extend(growth(middle, resident_kib()).filter(|_| self.span.watches_memory));

        for instance in &shared.instances {
            if let Err(error) = instance.drain(&OpContext::new(0).until(Instant::now() + PATIENCE)).await {
                faults.push(format!("drained: {error}"));
            }
        }
        audit(&shared.ledger, &caches, &store).await;
        faults.extend(shared.ledger.faults());
        let shared = Arc::into_inner(shared).expect("every client has ended");
        drop(shared.instances);
        faults.extend(held(&caches, &store, self.patience).await);
        Outcome { faults, counts: shared.counts }
    }
}

/// Compares what store and caches have with what was acknowledged.
async fn audit(ledger: &Ledger, caches: &[Arc<AnyCache>], store: &AnyStore) {
    let ctx = OpContext::new(0);
    for place in 0..ledger.len() {
        match store.read(&ctx, ledger.key(place)).await {
            Ok(row) => ledger.compare(place, &row),
            Err(error) => ledger.fault(format!("the row of {:?} was not read: {error}", ledger.key(place))),
        }
        for cache in caches {
            match cache.probe().inspect(ledger.key(place)).await {
                Ok(Some(entry)) => ledger.compare_entry(place, entry.version, entry.value()),
                Ok(None) => {}
                Err(error) => ledger.fault(format!("the entry of {:?} was not read: {error}", ledger.key(place))),
            }
        }
    }
}

/// What still holds cache or store, now that the strategy is gone.
async fn held(caches: &[Arc<AnyCache>], store: &Arc<AnyStore>, patience: Duration) -> Option<String> {
    // Instances may share one cache.
    let held = || {
        let others = |cache: &Arc<AnyCache>| caches.iter().filter(|other| Arc::ptr_eq(cache, other)).count();
        let caches: usize = caches.iter().map(|cache| Arc::strong_count(cache) - others(cache)).sum();
        (caches, Arc::strong_count(store) - 1)
    };
    let until = Instant::now() + patience;
    while held() != (0, 0) && Instant::now() < until {
        sleep(Duration::from_millis(5)).await;
    }
    let (caches, stores) = held();
    ((caches, stores) != (0, 0)).then(|| format!("the dropped strategy holds {caches} caches and {stores} stores"))
}
