//! An arm held to the suite.

use crate::arms::Arm;
use cachemark_core::{ANOMALIES, Cache, Deployment, Store};
use cachemark_strategy::{AnyStrategy, build};
use cachemark_testkit::anomaly::{Absence, Suite, Verdict};
use cachemark_testkit::scripted::{GatedCache, GatedStore, ManualClock};
use std::sync::Arc;

/// Makes instances of an arm behind gates.
type Make<C, S> = Box<dyn Fn(Arc<GatedCache<C>>, Arc<GatedStore<S>>) -> Gated<C, S> + Send + Sync>;
type Gated<C, S> = AnyStrategy<GatedCache<C>, GatedStore<S>>;

/// The suite over an arm, with caches that `cache` makes, one for each process.
pub(crate) fn suite<C: Cache, S: Store>(
    arm: &Arm,
    cache: impl Fn() -> Arc<C> + Send + Sync + 'static,
    store: Arc<S>,
) -> Suite<C, S, Make<C, S>> {
    let arm = arm.clone();
    let make: Make<C, S> = Box::new(move |cache, store| {
        let clock = Arc::new(ManualClock::new());
        build(arm.strategy.name, &arm.settings, cache, store, clock).expect("a strategy of the list")
    });
    Suite::with_caches(cache, store, make)
}

/// Holds `arm` to every anomaly in `deployment`; what differs from the declaration, in words.
pub(crate) async fn differences<C: Cache, S: Store>(
    arm: &Arm,
    deployment: Deployment,
    cache: impl Fn() -> Arc<C> + Send + Sync + 'static,
    store: Arc<S>,
) -> Vec<String> {
    let (suite, mut differences) = (suite(arm, cache, store), Vec::new());
    for anomaly in ANOMALIES {
        let mut verdict = suite.provoke(anomaly, 1).await;
        if !verdict.is_seen() && deployment != Deployment::OneProcess {
            // Several processes have what each of them has alone.
            verdict = suite.provoke(anomaly, deployment.processes()).await;
        }
        let declared = arm.strategy.has(anomaly, deployment, &arm.settings);
        let untold = matches!(verdict, Verdict::Absent(Absence::CannotTell(_)));
        if untold || verdict.is_seen() != declared {
            let (says, name) = (if declared { "declared" } else { "not declared" }, arm.name());
            differences.push(format!("{name}, {}: {} is {says}; {verdict}", deployment.name(), anomaly.name));
        }
    }
    differences
}
