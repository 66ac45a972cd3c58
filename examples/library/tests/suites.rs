//! The shelf is held to what every cache must do, and a strategy over it to what it declares.

use cachemark_core::{Deployment::OneProcess, Settings, SystemClock};
use cachemark_example_library::shelf::Shelf;
use cachemark_strategy::{CacheAside, Parts, cache_aside};
use cachemark_testkit::{anomaly::Suite, cache_conformance, scripted::ScriptedStore};
use std::sync::Arc;

async fn shelf() -> (Shelf, ()) {
    (Shelf::default(), ())
}

cache_conformance!(the_shelf, shelf);

#[tokio::test]
async fn cache_aside_over_the_shelf_has_the_anomalies_that_it_declares_and_no_other() {
    let settings = Settings::defaults(cache_aside::DESCRIPTOR.settings);
    let suite = Suite::over(Arc::new(Shelf::default()), Arc::new(ScriptedStore::new()), |cache, store| {
        CacheAside::new(&settings, Parts { cache, store, clock: Arc::new(SystemClock::new()) })
    });
    for (anomaly, verdict) in suite.provoke_all(1).await {
        let declared = cache_aside::DESCRIPTOR.has(&anomaly, OneProcess, &settings);
        assert_eq!(verdict.is_seen(), declared, "{}: {verdict}", anomaly.name);
    }
}
