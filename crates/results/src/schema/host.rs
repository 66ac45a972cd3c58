//! What the machine did besides the trial.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What others did on the client's machine during a trial. What could not be read is null, never guessed.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HostNoise {
    /// Over the measured window: what its figures had to share the machine with.
    pub window: HostUse,
    /// From before the reset to after the drain; over HTTP, of the whole load.
    pub whole: HostUse,
}

/// How the machine was used between two moments, by those that are no part of the run. Shares are 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HostUse {
    /// The share of all the machine's processors that was busy for neither this process nor the stack's servers. Null
    /// where the servers' part cannot be seen, and where the time between is too short for the kernel's count of ticks.
    pub others_cpu: Option<f64>,
    /// The share of the processors' time that the hypervisor gave to other guests. Null as above, but for the servers.
    pub steal: Option<f64>,
    /// The share of the time in which some task waited for a processor. Tasks of the run itself are among them.
    pub cpu_pressure: Option<f64>,
    /// The same of memory: some task waited for a page.
    pub memory_pressure: Option<f64>,
    /// The same of the disk.
    pub io_pressure: Option<f64>,
}
