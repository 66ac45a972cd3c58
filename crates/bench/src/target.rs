//! What the bench is handed: it knows no strategy, backend or stack by name.

use crate::composition::Composition;
use crate::drive::Asked;
use cachemark_core::{CacheMeter, CacheProbe, LaneWaits, StoreMeter, StoreProbe};
use cachemark_results::Warning;
use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

/// Builds what an arm, a cache and a store come to.
pub trait Assembler {
    /// What it builds: strategies, or services.
    type Asked: Asked;

    /// Builds what the composition names, fresh. Connections may be opened now or at first use.
    ///
    /// # Errors
    /// [`TargetError`] if a backend cannot be reached or refuses its settings.
    fn assemble(
        &self,
        composition: &Composition,
    ) -> impl Future<Output = Result<Target<Self::Asked>, TargetError>> + Send;
}

/// A composition, built.
pub struct Target<T> {
    /// The instances; clients are spread over them.
    pub instances: Vec<Arc<T>>,
    /// What was asked of the cache (of all instances).
    pub cache_meter: Arc<CacheMeter>,
    /// What was asked of the store.
    pub store_meter: Arc<StoreMeter>,
    /// The servers' own word.
    pub probes: Box<dyn Probes>,
}

/// The probes of a target.
pub trait Probes: Send + Sync {
    /// Of its caches: none, one shared, or one for each instance.
    fn caches(&self) -> Vec<&dyn CacheProbe> {
        Vec::new()
    }

    /// Of its store.
    fn store(&self) -> &dyn StoreProbe;

    /// What calls to cache and store have queued for connections of ours, of which there could be more. Asked while
    /// operations run: it asks no server.
    fn lane_waits(&self) -> (LaneWaits, LaneWaits) {
        Default::default()
    }

    /// What the policies around it, its caches and its store have done so far, by name: counts that only grow.
    fn policies(&self) -> BTreeMap<String, u64> {
        Default::default()
    }

    /// Whether what the strategy asks of cache and store passes our meters. Of a service it does not: the load on its store is
    /// then reckoned from its answers, and nothing is known of lanes.
    fn sees_calls(&self) -> bool {
        true
    }

    /// Whether its store shows what it holds, once a trial is over. Of a service it does, where somebody says how.
    fn shows_rows(&self) -> bool {
        self.sees_calls()
    }

    /// How long the store may take to have what was acknowledged, of a target that nobody can ask to come to rest.
    fn rows_lag(&self) -> Duration {
        Duration::ZERO
    }

    /// Whether its answers name the versions of rows, or may. Of a target that never does, the order in which this client wrote stands in
    /// their place: see `oracle::order`.
    fn names_versions(&self) -> bool {
        true
    }

    /// Whether all rows were written by this client, once the target was reset: a value without our stamp is then a damaged one.
    fn has_our_rows(&self) -> bool {
        true
    }

    /// What a reader should know of its reset.
    fn remarks(&self) -> Vec<Warning> {
        Vec::new()
    }
}

/// A backend failed outside of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetError {
    /// Which backend, by the name in definitions.
    pub backend: String,
    /// What was being done: "emptying", "preloading".
    pub action: &'static str,
    /// What it said.
    pub message: String,
}

impl TargetError {
    /// An error of `backend` while `action`.
    pub fn new(backend: &str, action: &'static str, error: impl fmt::Display) -> Self {
        Self { backend: backend.to_owned(), action, message: error.to_string() }
    }
}

impl fmt::Display for TargetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.action, self.backend, self.message)
    }
}

impl std::error::Error for TargetError {}
