//! One trial's load, in full.

use crate::{BaseUrl, HttpTemplates, LoadError};
use cachemark_workload::{Seed, WorkloadSpec};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Asked often whether the load should stop.
pub type Stop = Arc<dyn Fn() -> bool + Send + Sync>;

/// The load of one trial.
#[derive(Debug, Clone)]
pub struct LoadPlan {
    /// The service.
    pub base_url: BaseUrl,
    /// How it is spoken to.
    pub http: HttpTemplates,
    /// What is asked.
    pub spec: WorkloadSpec,
    /// Everything random comes from this.
    pub seed: Seed,
    /// The block, from 0: each asks other operations.
    pub block: u32,
    /// The trial's number, from 1, which stamps carry.
    pub trial: u32,
    /// Closed-loop sessions: goose's users.
    pub users: u32,
    /// Worker threads of the client.
    pub threads: usize,
    /// Users started per second; none: all at once.
    pub hatch: Option<f64>,
    /// Whether every key is written once before anything else.
    pub preload: bool,
    /// Unmeasured running before the window, once every user has started.
    pub warm_up: Duration,
    /// The window.
    pub duration: Duration,
    /// The step of the series over time.
    pub interval: Duration,
    /// How long a request may take, its body included.
    pub timeout: Duration,
    /// What stands before each key.
    pub key_prefix: String,
    /// Where goose writes its own reports: a folder that exists, and the name of the files without ending; none: nowhere.
    pub goose_reports: Option<(PathBuf, String)>,
}

impl LoadPlan {
    /// Checks what a definition cannot.
    pub(crate) fn check(&self) -> Result<(), LoadError> {
        let refuse = |text: &str| Err(LoadError::Plan(text.to_owned()));
        if self.users == 0 || self.threads == 0 {
            return refuse("a load has at least one user and one thread");
        }
        if self.duration.is_zero() || self.interval.is_zero() || self.timeout.is_zero() {
            return refuse("window, interval and timeout must be longer than nothing");
        }
        if self.hatch.is_some_and(|rate| !rate.is_finite() || rate < 0.001) {
            return refuse("a hatch rate is a number of users per second, at least 0.001");
        }
        // These stand for themselves in paths, in JSON and in headers, so templates need no escapes.
        if !self.key_prefix.chars().all(|c| c.is_ascii_alphanumeric() || "-._~:".contains(c)) {
            return refuse("over HTTP a key prefix takes letters, digits and -._~: alone");
        }
        Ok(())
    }

    /// Users started per second, as goose takes it. All at once is a tenth of a second: goose wants a rate.
    pub(crate) fn rate(&self) -> f64 {
        self.hatch.unwrap_or_else(|| f64::from(self.users) * 10.0)
    }
}
