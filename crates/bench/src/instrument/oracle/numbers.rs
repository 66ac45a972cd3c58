//! The table's own numbers of versions: 32 bits hold them, and order them as the versions are.
//!
//! Small versions are their own numbers. What lies above is counted from a base, some way below the first such version that is met, for
//! as far as 32 bits reach; what lies beyond has no number, and reads that are answered with it are counted as
//! out of reach, not judged, and warned of. Who gives the versions ([`Versions`]) says what a number is worth:
//!
//! - **The store** counts them, one after the other. So it is with a row that was left at a great version, as a strategy that gives versions
//!   itself leaves it: what the store makes of it next is one above. A read's lag is told, and nobody can have been given a version above
//!   those that were attempted.
//! - **The strategy** gives them before the store knows of the write: times, far apart. They are **sparse**: nobody knows how many others
//!   were given between two of them.
//! - Of a service **nobody knows** who gives them: small ones are taken for counted, great ones for sparse; and as times in nanoseconds, in
//!   microseconds or in milliseconds by how great they are, so that the numbers reach as far as the trial.
//!
//! Of sparse versions
//!
//! - how many versions a read was behind is not told;
//! - the next version above another is the next that was *acknowledged*, if what is remembered reaches so far back;
//! - a version of a key that somebody tried to write is none that nobody can have been given;
//! - several share a number: those of one microsecond in a trial of up to 36 minutes, of 16 microseconds in one of 10 hours. A read is not
//!   called stale for a version that shares the number of its own. What was acknowledged last is known to the version all the same
//!   ([`LastChange`](super::last_change::LastChange)), so an audit misses no write that is lost for one.

use cachemark_core::Version;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Versions up to here are their own numbers; the numbers of those above are above.
const SMALL: u32 = 1 << 24;
/// How far the base is below the first version that is met above, in numbers: 4 minutes, where a number is a microsecond.
const BEFORE: u64 = 1 << 28;
/// What a trial may take besides its window: warm-up, scan and drain.
const BESIDES: Duration = Duration::from_secs(1_800);
/// From here on the version of a service that is a time since 1970 is one in microseconds: since 1972.
const MICROSECONDS: u64 = 1 << 46;
/// From here on it is one in nanoseconds, of which as many as a strategy's versions make a microsecond, nearly.
const NANOSECONDS: u64 = 1 << 56;
/// The most microseconds that share a number: a trial of 50 days.
const MOST_MICROSECONDS: u64 = 1 << 10;

/// Who gives the versions of rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Versions {
    /// The store, which counts them.
    #[default]
    OfStore,
    /// The strategy, before the store has the write: times, [`Version::A_MICROSECOND`] of them each.
    OfStrategy,
    /// Nobody knows.
    Unknown,
}

/// What numbers versions.
#[derive(Debug)]
pub(super) struct Numbers {
    versions: Versions,
    /// How many microseconds share a number, where versions are times: this power of two.
    microseconds_log2: u32,
    /// The version of the number [`SMALL`], which is never 0; 0 while none above was met.
    base: AtomicU64,
}

impl Numbers {
    /// Of a trial whose window is so long.
    pub(super) fn new(versions: Versions, window: Duration) -> Self {
        Self { versions, microseconds_log2: microseconds(window).ilog2(), base: AtomicU64::new(0) }
    }

    /// How many versions share a number above [`SMALL`], where `great` is one of them: this power of two.
    fn unit_log2(&self, great: u64) -> u32 {
        const A_MICROSECOND_LOG2: u32 = Version::A_MICROSECOND.ilog2();
        match (self.versions, great) {
            (Versions::OfStore, _) => 0,
            (Versions::OfStrategy, _) | (Versions::Unknown, NANOSECONDS..) => {
                self.microseconds_log2 + A_MICROSECOND_LOG2
            }
            (Versions::Unknown, MICROSECONDS..) => self.microseconds_log2,
            (Versions::Unknown, _) => 0,
        }
    }

    /// The number of a version; none if it is out of reach.
    #[inline]
    pub(super) fn of(&self, version: Version) -> Option<u32> {
        match u32::try_from(version.0) {
            Ok(number) if number < SMALL => Some(number),
            _ => self.of_great(version.0),
        }
    }

    #[cold]
    fn of_great(&self, version: u64) -> Option<u32> {
        let base = match self.base.load(Ordering::Acquire) {
            0 => {
                // Above small versions, so the base is no 0. What fits is its own number, and so is all that fits besides.
                let fits = u32::try_from(version).is_ok();
                let base =
                    if fits { 0 } else { version.saturating_sub(BEFORE << self.unit_log2(version)) }.max(SMALL.into());
                self.base
                    .compare_exchange(0, base, Ordering::AcqRel, Ordering::Acquire)
                    .map_or_else(|set| set, |_| base)
            }
            base => base,
        };
        let above = u32::try_from(version.checked_sub(base)? >> self.unit_log2(base)).ok()?;
        above.checked_add(SMALL)
    }

    /// How many versions share a number: this power of two, at most the twentieth.
    pub(super) fn shared_log2(&self, number: u32) -> u32 {
        if number < SMALL { 0 } else { self.unit_log2(self.base.load(Ordering::Acquire)) }
    }

    /// The version of a number, or the lowest of those that share it.
    pub(super) fn version(&self, number: u32) -> u64 {
        match (number.checked_sub(SMALL), self.base.load(Ordering::Acquire)) {
            (None, _) | (_, 0) => number.into(),
            (Some(above), base) => base + (u64::from(above) << self.unit_log2(base)),
        }
    }

    /// Whether the versions up to that of `latest` do not follow one upon the other.
    #[inline]
    pub(super) fn are_sparse(&self, latest: u32) -> bool {
        match self.versions {
            Versions::OfStore => false,
            Versions::OfStrategy => true,
            Versions::Unknown => latest >= SMALL,
        }
    }

    /// How many versions the one is behind the latest; none if that is not known.
    pub(super) fn lag(&self, number: u32, latest: u32) -> Option<u32> {
        let behind = || u32::try_from(self.version(latest) - self.version(number)).ok();
        if self.are_sparse(latest) { None } else { behind() }
    }
}

/// How many microseconds share a number, so that the numbers reach as far as the trial: a power of two.
fn microseconds(window: Duration) -> u64 {
    let reach = u64::from(u32::MAX - SMALL) - BEFORE;
    let wanted = u64::try_from((window + BESIDES).as_micros()).unwrap_or(u64::MAX);
    wanted.div_ceil(reach).min(MOST_MICROSECONDS).next_power_of_two()
}

#[cfg(test)]
mod tests {
    use super::*;

    const US: u64 = Version::A_MICROSECOND;
    /// About the year 2026.
    const NOW: u64 = 1_790_000_000_000_000 * US;
    const MINUTE: u64 = 60_000_000 * US;

    fn numbers(versions: Versions) -> Numbers {
        Numbers::new(versions, Duration::from_secs(10))
    }

    /// That the versions have numbers in their own order.
    fn ordered<const N: usize>(numbers: &Numbers, versions: [u64; N]) -> [u32; N] {
        let of = versions.map(|version| numbers.of(Version(version)).expect("in reach"));
        let mut both: Vec<_> = versions.into_iter().zip(of).collect();
        both.sort_unstable();
        assert!(both.is_sorted_by(|one, other| one.1 < other.1), "{both:?}");
        of
    }

    #[test]
    fn what_a_store_counts_is_its_own_number() {
        let numbers = numbers(Versions::OfStore);
        let versions = [0, 1, 2, u64::from(SMALL) - 1, SMALL.into(), 1 << 25];
        assert_eq!(ordered(&numbers, versions).map(u64::from), versions);
        for version in versions {
            assert_eq!(numbers.version(version as u32), version);
        }
        assert_eq!((numbers.are_sparse(1 << 25), numbers.lag(3, 1 << 25)), (false, Some((1 << 25) - 3)));
    }

    #[test]
    fn what_a_store_counts_from_a_row_that_was_left_is_counted_and_makes_nothing_else_sparse() {
        let numbers = numbers(Versions::OfStore);
        let [left, next, third, small] = ordered(&numbers, [NOW, NOW + 1, NOW + 2, 7]);
        assert_eq!([left, next, third, small].map(|number| numbers.version(number)), [NOW, NOW + 1, NOW + 2, 7]);
        assert_eq!([numbers.lag(left, third), numbers.lag(next, third), numbers.lag(2, small)], [2, 1, 5].map(Some));
        // So many that nobody counted them.
        assert_eq!((numbers.lag(small, third), numbers.are_sparse(third)), (None, false));
    }

    #[test]
    fn times_keep_their_order_and_come_back_and_lie_above_what_was_loaded() {
        let numbers = numbers(Versions::OfStrategy);
        let times = [NOW, NOW - 4 * MINUTE, NOW + US, NOW + MINUTE, NOW + 66 * MINUTE, 1];
        let of = ordered(&numbers, times);
        assert_eq!(of.map(|number| numbers.version(number)), times);
        assert_eq!(numbers.of(Version(NOW + US - 1)), Some(of[0]), "of one microsecond");
        assert!(numbers.are_sparse(of[0]) && numbers.lag(1, of[0]).is_none());
    }

    #[test]
    fn numbers_reach_as_far_as_the_trial_may_take() {
        for (minutes, microseconds) in [(0, 1), (36, 1), (60, 2), (600, 16), (1_440, 32)] {
            let numbers = Numbers::new(Versions::OfStrategy, Duration::from_secs(60 * minutes));
            let shared = microseconds * US;
            let last = NOW + (minutes + 30) * MINUTE;
            let of = ordered(&numbers, [NOW, NOW + 2 * shared, last]);
            assert_eq!((1 << numbers.shared_log2(of[0]), numbers.shared_log2(7)), (shared, 0));
            assert!(numbers.version(of[2]) <= last && last - numbers.version(of[2]) < shared);
        }
    }

    #[test]
    fn what_is_out_of_reach_has_no_number() {
        let numbers = numbers(Versions::OfStrategy);
        numbers.of(Version(NOW));
        let beyond = [NOW - BEFORE * US - 1, NOW + (US << 32), u64::MAX, SMALL.into()];
        assert_eq!(beyond.map(|version| numbers.of(Version(version))), [None; 4]);
    }

    #[test]
    fn of_a_service_great_versions_are_times_in_what_unit_their_size_says() {
        // Milliseconds, microseconds, nanoseconds, and versions of write-behind.
        let (now_ms, hour_ms) = (1_790_000_000_000, 3_600_000);
        for a_ms in [1, 1_000, 1_000_000, 1_000 * US] {
            let numbers = Numbers::new(Versions::Unknown, Duration::from_secs(3_600));
            let times = [0, 1, hour_ms].map(|after| (now_ms + after) * a_ms);
            ordered(&numbers, times);
        }
    }

    #[test]
    fn of_a_service_great_versions_alone_are_taken_for_sparse() {
        let numbers = numbers(Versions::Unknown);
        let [great, small] = ordered(&numbers, [NOW, 7]);
        assert_eq!([small, great].map(|number| numbers.are_sparse(number)), [false, true]);
        assert_eq!((numbers.lag(3, small), numbers.lag(small, great)), (Some(4), None));
    }
}
