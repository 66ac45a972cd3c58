//! The clock, injected so that tests can hold it.

use std::fmt;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// A monotonic clock, and the calendar.
pub trait Clock: Send + Sync + fmt::Debug + 'static {
    /// Nanoseconds since a fixed moment of the clock's own; never goes back.
    fn now_ns(&self) -> u64;

    /// Microseconds since 1970, by what other processes go by, too: the machine's calendar unless a clock says otherwise. It may be
    /// set forward and back.
    fn calendar_us(&self) -> u64 {
        let micros = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros());
        u64::try_from(micros).unwrap_or(u64::MAX)
    }
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
