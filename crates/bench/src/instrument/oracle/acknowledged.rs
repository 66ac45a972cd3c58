//! A version and when it was acknowledged, in one word.

/// In what times are counted: 10 us.
pub(super) const UNIT_NS: u64 = 10_000;

/// The version in the high half, the time in the low one: of two words the one with the higher version is the greater, so one
/// `fetch_max` keeps both. Zero is that nothing was acknowledged.
///
/// Times are rounded up, so that an age comes out up to 10 us too small and never too great. They reach for 11.9 hours of a trial;
/// what is acknowledged later has no time that could be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Acknowledged(u64);

impl Acknowledged {
    pub(super) fn new(version: u32, at_ns: u64) -> Self {
        let time = u32::try_from(at_ns.saturating_add(UNIT_NS - 1) / UNIT_NS).unwrap_or(u32::MAX);
        Self(u64::from(version) << 32 | u64::from(time))
    }

    pub(super) fn of_word(word: u64) -> Self {
        Self(word)
    }

    pub(super) fn word(self) -> u64 {
        self.0
    }

    /// 0 if nothing was acknowledged.
    pub(super) fn version(self) -> u32 {
        (self.0 >> 32) as u32
    }

    /// When, in nanoseconds of the trial's clock; none if that was too late to be told.
    pub(super) fn at_ns(self) -> Option<u64> {
        let time = self.0 as u32;
        (time != u32::MAX).then_some(u64::from(time) * UNIT_NS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_higher_version_is_the_greater_word_whatever_the_times() {
        assert!(Acknowledged::new(3, 0) > Acknowledged::new(2, u64::MAX));
        assert!(Acknowledged::default() < Acknowledged::new(1, 0));
        let one = Acknowledged::new(u32::MAX, 25_000);
        assert_eq!((one.version(), one.at_ns()), (u32::MAX, Some(30_000)));
    }

    #[test]
    fn a_time_beyond_what_the_word_holds_is_none() {
        let last_ns = (u64::from(u32::MAX) - 1) * UNIT_NS;
        assert_eq!(Acknowledged::new(1, last_ns).at_ns(), Some(last_ns));
        assert_eq!(Acknowledged::new(1, last_ns + 1).at_ns(), None);
    }
}
