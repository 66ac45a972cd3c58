//! What a trial is to be loaded with.

use crate::definition::Driving;
use crate::observer::StopFlag;
use crate::warm_up::WarmUp;
use cachemark_workload::{Keyspace, Payloads, Seed, Surge, WorkloadSpec};
use std::sync::Arc;

/// The load of one trial. Drivers share it with all that asks.
#[derive(Debug)]
pub struct Load<T> {
    /// The strategy's instances; clients are spread over them.
    pub instances: Vec<Arc<T>>,
    /// What is asked.
    pub spec: WorkloadSpec,
    /// Everything random comes from this.
    pub seed: Seed,
    /// The block, from 0: every block asks other operations, its cells the same.
    pub block: u32,
    /// The trial's number, which stamps carry.
    pub trial: u32,
    /// The keys by index.
    pub keys: Keyspace,
    /// What values are made of.
    pub payloads: Arc<Payloads>,
    /// How it is driven.
    pub driving: Driving,
    /// What comes before the load.
    pub warm_up: WarmUp,
    /// Whether reads ask a cache first.
    pub asks_cache: bool,
    /// How many caches the sessions ask: session s that of instance s modulo their number.
    pub caches: u32,
    /// The offered load in arrivals per second; none for a closed loop.
    pub rate: Option<f64>,
    /// Stretches of the window in which more arrive, in nanoseconds from its start.
    pub surges: Vec<Surge>,
    /// Ends the trial before its time.
    pub stop: StopFlag,
}
