//! Faults planted into the shelf are found: a suite that passes everything proves nothing.

use cachemark_core::anomaly::READ_YOUR_WRITES;
use cachemark_core::{Cache, CacheError, Capabilities, Entry, Key, OpContext, Settings, SystemClock};
use cachemark_example_library::shelf::Shelf;
use cachemark_strategy::{CacheAside, Parts, cache_aside};
use cachemark_testkit::anomaly::Suite;
use cachemark_testkit::conformance;
use cachemark_testkit::scripted::ScriptedStore;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

/// What is wrong with a shelf.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    /// A delete leaves the entry.
    DeafDelete,
    /// Entries never expire.
    NoExpiry,
    /// Keys that differ in case are one.
    OneCase,
    /// It says that it can hand out leases, and can't.
    EmptyPromise,
}

struct Faulty(Shelf, Fault);

impl Faulty {
    fn with(fault: Fault) -> Self {
        Self(Shelf::default(), fault)
    }

    fn key(&self, key: &Key) -> Key {
        match self.1 {
            Fault::OneCase => Key::new(key.as_bytes().to_ascii_lowercase()).unwrap(),
            _ => key.clone(),
        }
    }
}

impl Cache for Faulty {
    fn capabilities(&self) -> Capabilities {
        Capabilities { lease: self.1 == Fault::EmptyPromise, ..self.0.capabilities() }
    }

    async fn get(&self, ctx: &OpContext, key: &Key) -> Result<Option<Entry>, CacheError> {
        self.0.get(ctx, &self.key(key)).await
    }

    async fn set(&self, ctx: &OpContext, key: &Key, entry: Entry, ttl: Option<Duration>) -> Result<(), CacheError> {
        let ttl = ttl.filter(|_| self.1 != Fault::NoExpiry);
        self.0.set(ctx, &self.key(key), entry, ttl).await
    }

    async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<(), CacheError> {
        match self.1 {
            Fault::DeafDelete => Ok(()),
            _ => self.0.delete(ctx, &self.key(key)).await,
        }
    }
}

/// Whether a check passes: one that fails panics.
async fn passes(check: impl Future<Output = ()> + Send + 'static) -> bool {
    tokio::spawn(check).await.is_ok()
}

#[tokio::test]
async fn each_planted_fault_fails_the_check_that_it_is_about() {
    use conformance::cache;
    let checked = async |fault| {
        let shelf = || Arc::new(Faulty::with(fault));
        let (a, b, c, d) = (shelf(), shelf(), shelf(), shelf());
        [
            passes(async move { cache::a_delete_removes_and_deleting_nothing_is_no_error(&a).await }).await,
            passes(async move { cache::an_entry_expires_in_time_and_not_before(&b).await }).await,
            passes(async move { cache::keys_are_told_apart(&c).await }).await,
            passes(async move { cache::leases_agree_with_the_capabilities(&d).await }).await,
        ]
    };
    assert_eq!(checked(Fault::None).await, [true; 4]);
    assert_eq!(checked(Fault::DeafDelete).await, [false, true, false, true]);
    assert_eq!(checked(Fault::NoExpiry).await, [true, false, true, true]);
    assert_eq!(checked(Fault::OneCase).await, [true, true, false, true]);
    assert_eq!(checked(Fault::EmptyPromise).await, [true, true, true, false]);
}

#[tokio::test]
async fn a_cache_that_deletes_nothing_shows_as_an_anomaly_that_the_strategy_does_not_declare() {
    let settings = Settings::defaults(cache_aside::DESCRIPTOR.settings);
    for (fault, expected) in [(Fault::None, false), (Fault::DeafDelete, true)] {
        let suite = Suite::over(Arc::new(Faulty::with(fault)), Arc::new(ScriptedStore::new()), |cache, store| {
            CacheAside::new(&settings, Parts { cache, store, clock: Arc::new(SystemClock::new()) })
        });
        let verdict = suite.provoke(&READ_YOUR_WRITES, 1).await;
        assert_eq!(verdict.is_seen(), expected, "{fault:?}: {verdict}");
    }
}
