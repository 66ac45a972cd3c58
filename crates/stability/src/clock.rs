//! The clock of virtual time, as strategies take it.

use cachemark_core::Clock;
use tokio::time::Instant;

/// Counts from the moment it was made; stands still where tokio's clock does.
#[derive(Debug)]
pub(crate) struct VirtualClock(Instant);

impl VirtualClock {
    pub(crate) fn new() -> Self {
        Self(Instant::now())
    }
}

impl Clock for VirtualClock {
    fn now_ns(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    fn calendar_us(&self) -> u64 {
        self.now_ns() / 1_000
    }
}
