//! The clock, injected so that tests can hold it.

use rustix::time::{ClockId, clock_gettime};
use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

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

/// The machine's monotonic clock, from a moment that is told once.
///
/// What one process writes into a shared cache, another judges by its own clock ([`Freshness`](crate::Freshness)), so
/// both have to count from the same moment: [`SystemClock::new`] looks at the wall clock when it is made, and goes by
/// the monotonic one from then on. It never goes back, and never follows a wall clock that is set later. Two of them
/// differ by what the wall clock was set or slewed by between their makings; on two hosts they differ by as much as
/// their wall clocks do.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    /// What it shows less what the machine's shows, modulo 2^64: a look is one addition then.
    ahead_ns: u64,
}

impl SystemClock {
    /// A clock that counts from the Unix epoch.
    #[must_use]
    pub fn new() -> Self {
        // A wall clock before 1970 is a clock that nobody has set.
        let since_epoch = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self::anchored(monotonic_ns(), nanos(since_epoch))
    }

    /// A clock that starts at zero now, for times within one process.
    #[must_use]
    pub fn from_zero() -> Self {
        Self::anchored(monotonic_ns(), 0)
    }

    /// A clock that showed `shown_ns` when the machine's showed `origin_ns`.
    fn anchored(origin_ns: u64, shown_ns: u64) -> Self {
        Self { ahead_ns: shown_ns.wrapping_sub(origin_ns) }
    }

    /// What it shows when the machine's shows `monotonic_ns`.
    #[inline]
    fn at(&self, monotonic_ns: u64) -> u64 {
        monotonic_ns.wrapping_add(self.ahead_ns)
    }
}

/// The machine's monotonic clock, which never goes back. An [`Instant`](std::time::Instant) is a look at the same one; it is
/// kept in two parts, and to tell two apart takes more than the look.
#[inline]
fn monotonic_ns() -> u64 {
    const A_SECOND: u64 = 1_000_000_000;
    let time = clock_gettime(ClockId::Monotonic);
    // Neither is ever negative.
    time.tv_sec as u64 * A_SECOND + time.tv_nsec as u64
}

/// 64 bits of nanoseconds last for 584 years.
fn nanos(span: Duration) -> u64 {
    u64::try_from(span.as_nanos()).unwrap_or(u64::MAX)
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    #[inline]
    fn now_ns(&self) -> u64 {
        self.at(monotonic_ns())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_that_are_made_at_different_moments_show_the_same() {
        let (began, since_epoch) = (monotonic_ns(), 1_800_000_000_000_000_000);
        let later = 5_250_000_000;
        let first = SystemClock::anchored(began, since_epoch);
        let second = SystemClock::anchored(began + later, since_epoch + later);
        let moment = began + 9_000_000_000;
        assert_eq!(first.at(moment), second.at(moment));
        assert_eq!(first.at(moment), 1_800_000_009_000_000_000);
    }

    #[test]
    fn one_counts_from_the_epoch_and_the_other_from_zero() {
        let year_ns = nanos(Duration::from_secs(365 * 24 * 3600));
        // Whoever reads this lives after 2020.
        assert!(SystemClock::new().now_ns() > 50 * year_ns);
        assert!(SystemClock::from_zero().now_ns() < year_ns);
    }

    #[test]
    fn a_clock_does_not_go_back() {
        let clock = SystemClock::new();
        let looks: Vec<_> = (0..1_000).map(|_| clock.now_ns()).collect();
        assert!(looks.is_sorted());
    }
}
