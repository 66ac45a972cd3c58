//! A clock that a test holds.

use cachemark_core::Clock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// What its calendar says at first, in microseconds since 1970: some day of 2026.
const FIRST_DAY_US: u64 = 1_790_000_000_000_000;

/// A clock that stands still until it is told to go on, and its calendar with it. Share it by `Arc`.
#[derive(Debug, Default)]
pub struct ManualClock(AtomicU64);

impl ManualClock {
    /// A clock at zero.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Moves the clock on.
    pub fn advance(&self, by: Duration) {
        // 64 bits of nanoseconds last for 584 years.
        self.0.fetch_add(u64::try_from(by.as_nanos()).unwrap_or(u64::MAX), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now_ns(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }

    fn calendar_us(&self) -> u64 {
        FIRST_DAY_US + self.now_ns() / 1_000
    }
}
