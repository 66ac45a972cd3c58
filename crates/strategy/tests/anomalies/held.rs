//! An arm held to the suite.

use crate::arms::Arm;
use crate::unreached;
use cachemark_core::{ANOMALIES, Anomaly, Cache, Clock, Deployment, Store};
use cachemark_strategy::{AnyStrategy, build};
use cachemark_testkit::anomaly::{Absence, Suite, Verdict};
use cachemark_testkit::scripted::{GatedCache, GatedStore, ManualClock};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Makes instances of an arm behind gates.
type Make<C, S> = Box<dyn Fn(Arc<GatedCache<C>>, Arc<GatedStore<S>>) -> Gated<C, S> + Send + Sync>;
type Gated<C, S> = AnyStrategy<GatedCache<C>, GatedStore<S>>;

/// The clock of all processes: nothing grows old by it, and of two who ask for the date the second gets a later one.
#[derive(Debug, Default)]
pub(crate) struct Calendar(AtomicU64);

impl Clock for Calendar {
    fn now_ns(&self) -> u64 {
        0
    }

    fn calendar_us(&self) -> u64 {
        ManualClock::new().calendar_us() + self.0.fetch_add(1, Ordering::SeqCst)
    }
}

/// The suite over an arm, with caches that `cache` makes, one for each process.
pub(crate) fn suite<C: Cache, S: Store>(
    arm: &Arm,
    cache: impl Fn() -> Arc<C> + Send + Sync + 'static,
    store: Arc<S>,
) -> Suite<C, S, Make<C, S>> {
    let (arm, calendar) = (arm.clone(), Arc::<Calendar>::default());
    let make: Make<C, S> = Box::new(move |cache, store| {
        let clock = Arc::<Calendar>::clone(&calendar);
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
    differences_of(ANOMALIES, arm, deployment, cache, store).await
}

/// The same of some anomalies.
pub(crate) async fn differences_of<C: Cache, S: Store>(
    anomalies: &[Anomaly],
    arm: &Arm,
    deployment: Deployment,
    cache: impl Fn() -> Arc<C> + Send + Sync + 'static,
    store: Arc<S>,
) -> Vec<String> {
    let (suite, mut differences) = (suite(arm, cache, store), Vec::new());
    let (suite, of_one) = match deployment {
        Deployment::Replica => (suite.reading_a_replica(), Deployment::Replica),
        _ => (suite, Deployment::OneProcess),
    };
    for anomaly in anomalies {
        let mut verdicts = vec![suite.provoke(anomaly, 1).await];
        if !verdicts[0].is_seen() && deployment.processes() > 1 {
            // Several processes have what each of them has alone.
            verdicts.push(suite.provoke(anomaly, deployment.processes()).await);
        }
        let declared = arm.strategy.has(anomaly, deployment, &arm.settings);
        let told = |(alone, verdict): (bool, &Verdict)| {
            let deployment = if alone { of_one } else { deployment };
            is_told(arm, deployment, anomaly, verdict)
        };
        let all_told = verdicts.iter().enumerate().all(|(place, verdict)| told((place == 0, verdict)));
        let verdict = &verdicts[verdicts.len() - 1];
        if !all_told || verdict.is_seen() != declared {
            let (says, name) = (if declared { "declared" } else { "not declared" }, arm.name());
            let verdicts: Vec<String> = verdicts.iter().map(ToString::to_string).collect();
            let verdicts = verdicts.join("; ");
            differences.push(format!("{name}, {}: {} is {says}; {verdicts}", deployment.name(), anomaly.name));
        }
    }
    differences
}

/// Whether a verdict tells of the anomaly: one that could not be told, or was not provoked though nobody knows of that, does not.
fn is_told(arm: &Arm, deployment: Deployment, anomaly: &Anomaly, verdict: &Verdict) -> bool {
    match verdict {
        Verdict::Absent(Absence::CannotTell(_)) => false,
        Verdict::Absent(Absence::NotReached(step)) => unreached::is_known(arm, deployment, anomaly, step),
        Verdict::Absent(Absence::Right | Absence::Ordered | Absence::NotAcknowledged | Absence::Masked(_))
        | Verdict::Seen(_) => true,
    }
}
