//! The table's own numbers of versions: 32 bits hold them, and order them as the versions are.
//!
//! A store counts its versions, and they are their own numbers, one after the other. A strategy that acknowledges before the store gives
//! versions itself, which are times or the like: far apart, and beyond 32 bits. The first such version that is met says which: from
//! then on the versions of the trial are **sparse**. They are counted from a base below it, for as far as 32 bits reach: with versions that are
//! times in microseconds, 4 minutes before the first of the trial to 67 minutes after it. What lies beyond has no number, and is not
//! judged. Between two sparse versions nobody knows how many others were given, so
//!
//! - how many versions a read was behind is not told;
//! - the next version above another is the next that was *acknowledged*, if what is remembered reaches so far back;
//! - a version of a key that somebody tried to write is none that nobody can have been given.

use cachemark_core::Version;
use std::sync::atomic::{AtomicU64, Ordering};

/// Versions up to here are counted by a store, whatever else there is; the numbers of sparse versions are above.
const COUNTED: u32 = 1 << 24;
/// How far the base is below the first sparse version.
const BEFORE: u64 = 1 << 28;

/// What numbers versions.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    /// The sparse version of the number [`COUNTED`], which is never 0; 0 while there are none.
    base: AtomicU64,
}

impl Numbers {
    /// The number of a version; none if it is out of reach.
    #[inline]
    pub(super) fn of(&self, version: Version) -> Option<u32> {
        match u32::try_from(version.0) {
            Ok(number) => (number < COUNTED || !self.are_sparse()).then_some(number),
            Err(_) => self.of_sparse(version.0),
        }
    }

    #[cold]
    fn of_sparse(&self, version: u64) -> Option<u32> {
        let base = match self.base.load(Ordering::Acquire) {
            0 => {
                // Above 32 bits, so the base is no 0.
                let base = version - BEFORE;
                self.base
                    .compare_exchange(0, base, Ordering::AcqRel, Ordering::Acquire)
                    .map_or_else(|set| set, |_| base)
            }
            base => base,
        };
        let above = u32::try_from(version.checked_sub(base)?).ok()?;
        above.checked_add(COUNTED)
    }

    /// The version of a number.
    pub(super) fn version(&self, number: u32) -> u64 {
        match self.base.load(Ordering::Acquire) {
            base if base > 0 && number >= COUNTED => base + u64::from(number - COUNTED),
            _ => number.into(),
        }
    }

    /// Whether versions do not follow one upon the other.
    #[inline]
    pub(super) fn are_sparse(&self) -> bool {
        self.base.load(Ordering::Acquire) > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// About the year 2026, in microseconds.
    const NOW: u64 = 1_790_000_000_000_000;

    #[test]
    fn what_a_store_counts_is_its_own_number() {
        let numbers = Numbers::default();
        for version in [0, 1, 2, u64::from(COUNTED), u32::MAX.into()] {
            assert_eq!(numbers.of(Version(version)).map(u64::from), Some(version));
            assert_eq!(numbers.version(version as u32), version);
        }
        assert!(!numbers.are_sparse());
    }

    #[test]
    fn times_keep_their_order_and_come_back_and_lie_above_what_was_loaded() {
        let numbers = Numbers::default();
        let minute = 60_000_000;
        let times = [NOW, NOW - 4 * minute, NOW + 1, NOW + minute, NOW + 66 * minute];
        let mut numbered = times.map(|version| (numbers.of(Version(version)).unwrap(), version));
        assert!(numbers.are_sparse());
        for (number, version) in numbered {
            assert_eq!(numbers.version(number), version);
        }
        numbered.sort_unstable();
        assert!(numbered.is_sorted_by_key(|(_, version)| *version), "{numbered:?}");
        assert_eq!(numbers.of(Version(1)), Some(1));
        assert!(numbered[0].0 > COUNTED);
    }

    #[test]
    fn what_is_out_of_reach_has_no_number() {
        let numbers = Numbers::default();
        numbers.of(Version(NOW));
        let beyond = [NOW - BEFORE - 1, NOW + (1 << 32), u64::MAX, u64::from(COUNTED)];
        assert_eq!(beyond.map(|version| numbers.of(Version(version))), [None; 4]);
    }
}
