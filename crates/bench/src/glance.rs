//! What is seen of a trial while it goes on.

use cachemark_core::ErrorKind;
use cachemark_results::Interval;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// What ended in one interval of the window.
#[derive(Debug, Clone)]
pub struct Glance {
    /// The interval.
    pub interval: Interval,
    /// Its length.
    pub length: Duration,
    /// Failures by kind.
    pub errors: BTreeMap<ErrorKind, u64>,
}

/// Hears of each interval of a window soon after it ended, on a thread of its own.
pub type Live = Arc<dyn Fn(&Glance) + Send + Sync>;
