//! The versions that the tier gives before the store knows of a write.
//!
//! A version is the time in microseconds since 1970, or one more than the highest that this instance has given or met, whichever is
//! greater (a hybrid logical clock: Kulkarni et al., OPODIS 2014). So the store need not be asked before a write: what it has counted
//! by itself is far below. Within an instance versions rise whatever the clock does. Those of several instances are in the order of
//! their writes as far as their clocks agree, and after what each of them has met of the others'; of two in one microsecond either stays.

use cachemark_core::{Clock, Version};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

#[derive(Debug)]
pub(super) struct Versions {
    /// The highest that was given or met.
    highest: AtomicU64,
    clock: Arc<dyn Clock>,
}

impl Versions {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { highest: AtomicU64::new(0), clock }
    }

    /// The next one, above all that were given or met.
    pub(super) fn next(&self) -> Version {
        let now = self.clock.calendar_us();
        let after = |highest: u64| now.max(highest.saturating_add(1));
        Version(after(self.highest.update(Ordering::AcqRel, Ordering::Acquire, after)))
    }

    /// A row was met at `version`: what is given from now on is above it.
    pub(super) fn met(&self, version: Version) {
        if self.highest.load(Ordering::Acquire) < version.0 {
            self.highest.fetch_max(version.0, Ordering::AcqRel);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cachemark_core::SystemClock;

    #[derive(Debug, Default)]
    struct Calendar(AtomicU64);

    impl Clock for Calendar {
        fn now_ns(&self) -> u64 {
            0
        }

        fn calendar_us(&self) -> u64 {
            self.0.load(Ordering::SeqCst)
        }
    }

    #[test]
    fn versions_are_times_that_rise_though_the_clock_stands_or_goes_back() {
        let calendar = Arc::new(Calendar::default());
        let versions = Versions::new(Arc::<Calendar>::clone(&calendar));
        let next = |now| {
            calendar.0.store(now, Ordering::SeqCst);
            versions.next().0
        };
        let given = [1_000, 1_000, 2_000, 500, 2_001, 3_000].map(next);
        assert_eq!(given, [1_000, 1_001, 2_000, 2_001, 2_002, 3_000]);
    }

    #[test]
    fn what_is_given_is_above_what_was_met() {
        let versions = Versions::new(Arc::new(Calendar(AtomicU64::new(1_000))));
        versions.met(Version(7));
        assert_eq!(versions.next(), Version(1_000));
        versions.met(Version(5_000));
        assert_eq!([versions.next(), versions.next()], [5_001, 5_002].map(Version));
    }

    #[test]
    fn a_time_is_far_above_what_a_store_counts_to_and_a_row_can_have_it() {
        let now = Versions::new(Arc::new(SystemClock::new())).next().0;
        assert!(now > 1 << 50 && now < 1 << 62, "{now}");
    }
}
