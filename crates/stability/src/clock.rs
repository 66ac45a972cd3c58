//! The clock of virtual time, as strategies take it.

use crate::pause::Pauses;
use cachemark_core::Clock;
use std::sync::Arc;
use tokio::time::Instant;

/// What it shows when it is made: a hundred days, since what is in the cache then may have been put there before.
const BEGIN_NS: u64 = 100 * 24 * 60 * 60 * 1_000_000_000;

/// Stands still where tokio's clock does, and goes on by the pauses that are skipped.
#[derive(Debug)]
pub(crate) struct VirtualClock {
    began: Instant,
    pauses: Arc<Pauses>,
}

impl VirtualClock {
    pub(crate) fn new(pauses: Arc<Pauses>) -> Self {
        Self { began: Instant::now(), pauses }
    }
}

impl Clock for VirtualClock {
    fn now_ns(&self) -> u64 {
        let elapsed_ns = u64::try_from(self.began.elapsed().as_nanos()).unwrap_or(u64::MAX);
        elapsed_ns.saturating_add(BEGIN_NS + self.pauses.skipped_ns())
    }

    fn calendar_us(&self) -> u64 {
        self.now_ns() / 1_000
    }
}
