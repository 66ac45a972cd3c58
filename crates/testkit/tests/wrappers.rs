//! What is put around every cache and store passes each call on: a method that it forgot would answer as the trait's default
//! does, that the cache cannot, while its capabilities say that it can.

use cachemark_core::{
    Bounded, CacheMeter, ErrorKind, Key, Limited, Metered, OpContext, Store, StoreChange, StoreCounts, StoreError,
    StoreMeter, Value, Version,
};
use cachemark_testkit::scripted::{Op, ScriptedCache, ScriptedStore};
use std::sync::Arc;
use std::time::Duration;

/// As a run puts them around a cache.
async fn cache() -> (Metered<Limited<ScriptedCache>, CacheMeter>, ()) {
    let limited = Limited::new(ScriptedCache::new(), Some(Duration::from_secs(60)));
    (Metered::new(limited, Arc::new(CacheMeter::default())), ())
}

async fn store() -> (Metered<ScriptedStore, StoreMeter>, ()) {
    (Metered::new(ScriptedStore::new(), Arc::new(StoreMeter::default())), ())
}

async fn store_with_workers() -> (Bounded<ScriptedStore>, ()) {
    (Bounded::new(ScriptedStore::new(), Some(2)), ())
}

cachemark_testkit::cache_conformance!(around_a_cache, cache);
cachemark_testkit::store_conformance!(around_a_store, store);
cachemark_testkit::store_conformance!(before_a_store, store_with_workers);

#[tokio::test]
async fn a_batch_is_counted_row_by_row() {
    let meter = Arc::<StoreMeter>::default();
    let store = Metered::new(ScriptedStore::new(), Arc::clone(&meter));
    let (ctx, key) = (OpContext::new(1), |name: &'static str| Key::new(name).unwrap());
    let change = |name, version, value: Option<&'static str>| StoreChange {
        key: key(name),
        version: Version(version),
        value: value.map(Value::new),
    };
    let changes = [change("a", 5, Some("x")), change("b", 5, Some("x")), change("c", 5, None)];
    store.apply(&ctx, &changes).await.unwrap();
    assert_eq!(meter.snapshot(), StoreCounts { writes: 2, deletes: 1, ..StoreCounts::default() });
    let newer = [change("a", 5, Some("y")), change("b", 6, Some("y"))];
    store.apply(&ctx, &newer).await.unwrap();
    let counted = StoreCounts { reads: 1, writes: 3, deletes: 1, ..StoreCounts::default() };
    assert_eq!(meter.snapshot(), counted, "one was no newer");
    store.inner().fail_next(Op::Delete, StoreError::Rejected("no room".into()));
    store.apply(&ctx, &changes).await.unwrap_err();
    assert_eq!(meter.snapshot(), StoreCounts { errors: 3, ..counted }, "none of them was applied");
    let failures: Vec<_> =
        meter.failures().0.iter().map(|((call, kind), failed)| (*call, *kind, failed.count)).collect();
    assert_eq!(failures, [("delete", ErrorKind::Rejected, 1), ("write", ErrorKind::Rejected, 2)]);
}
