//! The versions that the tier gives before the store knows of a write.
//!
//! A version is the time in microseconds since 1970, or one more than the highest that this instance has given or met, whichever is
//! greater (a hybrid logical clock: Kulkarni et al., OPODIS 2014). So the store need not be asked before a write: what it has counted
//! by itself is far below. Within an instance versions rise whatever the clock does. Those of several instances are in the order of
//! their writes as far as their clocks agree, and after what each of them has met of the others'.

use cachemark_core::Version;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

#[derive(Debug)]
pub(super) struct Versions {
    /// The highest that was given or met.
    highest: AtomicU64,
    /// The time in microseconds since 1970.
    now: fn() -> u64,
}

impl Versions {
    /// By the machine's clock.
    pub(super) fn new() -> Self {
        Self::by(since_1970)
    }

    fn by(now: fn() -> u64) -> Self {
        Self { highest: AtomicU64::new(0), now }
    }

    /// The next one, above all that were given or met.
    pub(super) fn next(&self) -> Version {
        let now = (self.now)();
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

fn since_1970() -> u64 {
    let micros = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros());
    u64::try_from(micros).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    thread_local! {
        static NOW: Cell<u64> = const { Cell::new(1_000) };
    }

    #[test]
    fn versions_are_times_that_rise_though_the_clock_stands_or_goes_back() {
        let versions = Versions::by(|| NOW.get());
        let next = |now| {
            NOW.set(now);
            versions.next().0
        };
        assert_eq!(
            [next(1_000), next(1_000), next(2_000), next(500), next(2_001), next(3_000)],
            [1_000, 1_001, 2_000, 2_001, 2_002, 3_000]
        );
    }

    #[test]
    fn what_is_given_is_above_what_was_met() {
        let versions = Versions::by(|| 1_000);
        versions.met(Version(7));
        assert_eq!(versions.next(), Version(1_000));
        versions.met(Version(5_000));
        assert_eq!([versions.next(), versions.next()], [5_001, 5_002].map(Version));
    }

    #[test]
    fn a_time_is_far_above_what_a_store_counts_to_and_a_row_can_have_it() {
        let now = Versions::new().next().0;
        assert!(now > 1 << 50 && now < 1 << 62, "{now}");
    }
}
