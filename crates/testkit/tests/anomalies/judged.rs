//! What the suite sees in a strategy.

use cachemark_core::{Cache, Store, Strategy};
use cachemark_testkit::anomaly::{Absence, Suite, Verdict};
use cachemark_testkit::scripted::{GatedCache, GatedStore};
use std::sync::Arc;

/// The names of those that are seen, in the order of the list; the suite has to be able to tell of each.
pub(crate) async fn seen<C, S, M, T>(suite: &Suite<C, S, M>, processes: u8) -> Vec<&'static str>
where
    C: Cache,
    S: Store,
    M: Fn(Arc<GatedCache<C>>, Arc<GatedStore<S>>) -> T,
    T: Strategy,
{
    let verdicts = suite.provoke_all(processes).await;
    for (anomaly, verdict) in &verdicts {
        assert!(!matches!(verdict, Verdict::Absent(Absence::CannotTell(_))), "{}: {verdict}", anomaly.name);
    }
    verdicts.iter().filter(|(_, verdict)| verdict.is_seen()).map(|(anomaly, _)| anomaly.name).collect()
}
