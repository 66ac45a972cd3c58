//! What is put around every cache and store passes each call on: a method that it forgot would answer as the trait's default
//! does, that the cache cannot, while its capabilities say that it can.

use cachemark_core::{CacheMeter, Limited, Metered, StoreMeter};
use cachemark_testkit::scripted::{ScriptedCache, ScriptedStore};
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

cachemark_testkit::cache_conformance!(around_a_cache, cache);
cachemark_testkit::store_conformance!(around_a_store, store);
