//! What a cell is built over, kept for its probes.

use super::assembled::{MeteredCache, MeteredStore};
use cachemark_bench::{Probes, TargetError};
use cachemark_core::{CacheProbe, LaneWaits, Probe, StoreProbe};
use cachemark_results::Server;
use cachemark_strategy::resilience::Policies;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::Arc;

pub(super) struct Backends {
    pub(super) caches: Vec<Arc<MeteredCache>>,
    pub(super) store: Arc<MeteredStore>,
    /// Of each instance, where there are any.
    pub(super) policies: Vec<Policies>,
}

impl Probes for Backends {
    fn caches(&self) -> Vec<&dyn CacheProbe> {
        self.caches.iter().map(|cache| cache.inner().inner().probe()).collect()
    }

    fn store(&self) -> &dyn StoreProbe {
        self.store.inner().inner().probe()
    }

    fn lane_waits(&self) -> (LaneWaits, LaneWaits) {
        // The caches of several instances are in this process, and have no lanes.
        let cache = self.caches.first().map_or_else(LaneWaits::default, |cache| cache.inner().inner().lanes().queued());
        (cache, self.store.inner().inner().spare_lanes().queued())
    }

    fn policies(&self) -> BTreeMap<String, u64> {
        let mut told = BTreeMap::new();
        self.policies.iter().for_each(|policies| policies.tell(&mut told));
        told
    }
}

/// A cache or store in its own words.
pub(super) async fn describe<E: Display, P: Probe<E> + ?Sized>(
    kind: &str,
    name: &str,
    probe: &P,
) -> Result<Server, TargetError> {
    let failed = |error: E| TargetError::new(name, "asking", error);
    let version = probe.version().await.map_err(failed)?;
    let settings = probe.settings().await.map_err(failed)?;
    let settings = settings.into_iter().map(|(name, value)| (name, value.into())).collect();
    Ok(Server { kind: kind.into(), name: name.into(), version, settings })
}
