//! What is put around a cache and a store keeps their contracts, with every policy on.

use crate::rig::{of_cache, of_store};
use cachemark_strategy::resilience::{ResilientCache, ResilientStore};
use cachemark_testkit::scripted::{ScriptedCache, ScriptedStore};
use std::sync::Arc;

async fn recommended_cache() -> (ResilientCache<ScriptedCache>, ()) {
    let policies = of_cache(
        "retry=recommended retry-gets=yes breaker=recommended",
        "outbox=recommended stale-if-error=recommended",
    );
    (ResilientCache::new(Arc::new(ScriptedCache::new()), policies), ())
}

async fn recommended_store() -> (ResilientStore<ScriptedStore>, ()) {
    let policies = of_store("retry=recommended breaker=recommended limit=recommended call-timeout-ms=60000");
    (ResilientStore::new(Arc::new(ScriptedStore::new()), policies), ())
}

async fn textbook_cache() -> (ResilientCache<ScriptedCache>, ()) {
    (
        ResilientCache::new(
            Arc::new(ScriptedCache::new()),
            of_cache("retry=textbook breaker=textbook", "outbox=textbook"),
        ),
        (),
    )
}

async fn textbook_store() -> (ResilientStore<ScriptedStore>, ()) {
    let policies = of_store("retry=textbook breaker=textbook limit=textbook");
    (ResilientStore::new(Arc::new(ScriptedStore::new()), policies), ())
}

cachemark_testkit::cache_conformance!(around_a_cache_as_recommended, recommended_cache);
cachemark_testkit::store_conformance!(around_a_store_as_recommended, recommended_store);
cachemark_testkit::cache_conformance!(around_a_cache_by_the_book, textbook_cache);
cachemark_testkit::store_conformance!(around_a_store_by_the_book, textbook_store);
