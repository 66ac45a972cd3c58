//! The clock, injected so that tests can hold it.

use std::fmt;
use std::time::Instant;

/// A monotonic clock.
pub trait Clock: Send + Sync + fmt::Debug + 'static {
    /// Nanoseconds since a fixed moment of the clock's own; never goes back.
    fn now_ns(&self) -> u64;
}

/// The machine's monotonic clock, from the moment it was made.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    origin: Instant,
}

impl SystemClock {
    /// A clock that starts at zero now.
    #[must_use]
    pub fn new() -> Self {
        Self { origin: Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now_ns(&self) -> u64 {
        // 64 bits of nanoseconds last for 584 years.
        u64::try_from(self.origin.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}
