//! The versions that the tier gives before the store knows of a write.
//!
//! A version is the time in microseconds since 1970, times [`Version::A_MICROSECOND`], and the instance's tag; or, if the highest that
//! this instance has given or met is not below that, the next above it with the tag (a hybrid logical clock: Kulkarni et al., OPODIS
//! 2014). So the store need not be asked before a write: what it has counted by itself is far below. Within an instance versions rise whatever the
//! clock does. Those of several instances are in the order of their writes as far as their clocks agree, and after what each of them has met of
//! the others'; of two in one microsecond the one with the higher tag counts as the later.
//!
//! No two instances of one process have the same tag while there are no more than tags. Processes begin at a tag by chance: where two
//! instances share one, two writes of a key in one microsecond can be given the same version, and either stays.

use cachemark_core::{Clock, Version};
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};

#[derive(Debug)]
pub(super) struct Versions {
    /// The highest that was given or met.
    highest: AtomicU64,
    /// Below [`Version::A_MICROSECOND`].
    tag: u64,
    clock: Arc<dyn Clock>,
}

impl Versions {
    /// With a tag of its own.
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        static NEXT: LazyLock<AtomicU64> = LazyLock::new(|| AtomicU64::new(RandomState::new().hash_one(())));
        Self::tagged(NEXT.fetch_add(1, Ordering::Relaxed), clock)
    }

    fn tagged(tag: u64, clock: Arc<dyn Clock>) -> Self {
        Self { highest: AtomicU64::new(0), tag: tag % Version::A_MICROSECOND, clock }
    }

    /// The next one, above all that were given or met.
    pub(super) fn next(&self) -> Version {
        let now = self.clock.calendar_us().saturating_mul(Version::A_MICROSECOND) | self.tag;
        let after = |highest: u64| now.max(self.above(highest));
        Version(after(self.highest.update(Ordering::AcqRel, Ordering::Acquire, after)))
    }

    /// The next version above with the tag.
    fn above(&self, version: u64) -> u64 {
        let with_tag = version - version % Version::A_MICROSECOND + self.tag;
        if with_tag > version { with_tag } else { with_tag.saturating_add(Version::A_MICROSECOND) }
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

    /// Time and tag.
    fn parts(version: Version) -> (u64, u64) {
        (version.0 / Version::A_MICROSECOND, version.0 % Version::A_MICROSECOND)
    }

    fn at(now: u64, tag: u64) -> Versions {
        Versions::tagged(tag, Arc::new(Calendar(AtomicU64::new(now))))
    }

    #[test]
    fn versions_are_times_that_rise_though_the_clock_stands_or_goes_back() {
        let calendar = Arc::new(Calendar::default());
        let versions = Versions::tagged(5, Arc::<Calendar>::clone(&calendar));
        let next = |now| {
            calendar.0.store(now, Ordering::SeqCst);
            parts(versions.next())
        };
        let given = [1_000, 1_000, 2_000, 500, 2_001, 3_000].map(next);
        assert_eq!(given, [1_000, 1_001, 2_000, 2_001, 2_002, 3_000].map(|time| (time, 5)));
    }

    #[test]
    fn what_is_given_is_above_what_was_met() {
        let versions = at(1_000, 5);
        versions.met(Version(7));
        assert_eq!(parts(versions.next()), (1_000, 5));
        let met = |time, tag| Version(time * Version::A_MICROSECOND + tag);
        for (other, given) in [(met(5_000, 4), (5_000, 5)), (met(5_000, 6), (5_001, 5)), (met(6_000, 5), (6_001, 5))] {
            versions.met(other);
            assert_eq!(parts(versions.next()), given);
        }
        versions.met(Version(u64::MAX - 1));
        assert_eq!(versions.next(), Version(u64::MAX));
    }

    #[test]
    fn instances_that_write_in_one_microsecond_give_different_versions() {
        let calendar = Arc::new(Calendar(AtomicU64::new(1_000)));
        let instances: Vec<_> = (0..64).map(|_| Versions::new(Arc::<Calendar>::clone(&calendar))).collect();
        let given = instances.iter().flat_map(|versions| [(); 4].map(|()| versions.next().0));
        assert_eq!(given.collect::<std::collections::HashSet<_>>().len(), 64 * 4);
    }

    #[test]
    fn a_time_is_far_above_what_a_store_counts_to_and_a_row_can_have_it() {
        let now = Versions::new(Arc::new(SystemClock::new())).next().0;
        assert!(now > 1 << 60 && now < 1 << 62, "{now}");
    }
}
