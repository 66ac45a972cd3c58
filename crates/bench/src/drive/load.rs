//! What a trial is to be loaded with.

use crate::definition::Driving;
use crate::observer::StopFlag;
use crate::warm_up::WarmUp;
use cachemark_workload::{KeyTable, Payloads, Seed, WorkloadSpec};
use std::sync::Arc;

/// The load of one trial.
pub(crate) struct Drive<'a, T> {
    /// Clients are spread over these.
    pub(crate) instances: &'a [Arc<T>],
    pub(crate) spec: &'a WorkloadSpec,
    pub(crate) seed: Seed,
    pub(crate) block: u32,
    pub(crate) trial: u32,
    pub(crate) keys: KeyTable,
    pub(crate) payloads: Arc<Payloads>,
    pub(crate) driving: &'a Driving,
    /// What comes before the load.
    pub(crate) warm_up: WarmUp,
    /// Whether reads ask a cache first.
    pub(crate) asks_cache: bool,
    /// The offered load in arrivals per second; none for a closed loop.
    pub(crate) rate: Option<f64>,
    pub(crate) stop: &'a StopFlag,
}
