//! How long a stale answer had been stale when it was asked for.

/// The times within which a read may be fresh, in nanoseconds: 0, 1, 10 and 100 ms, 1 and 10 s.
pub(super) const WITHIN_NS: [u64; 6] = [0, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000];

/// The time from the first acknowledgement of a newer version to the sending of the read, in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Age {
    /// So much.
    Sure(u64),
    /// When the first newer version was acknowledged is not remembered.
    Between {
        /// So much or more.
        at_least: u64,
        /// So much or less.
        at_most: u64,
    },
    /// Acknowledged too late in a long trial for its time to be told.
    Untold,
}

impl Age {
    /// Whether it is shown that the answer had been stale for no longer than that. What is not known does not show it, so a
    /// share of reads counted by this is a lower bound.
    pub(super) fn is_within(self, ns: u64) -> bool {
        let at_most = match self {
            Self::Sure(age) => age,
            Self::Between { at_most, .. } => at_most,
            Self::Untold => u64::MAX,
        };
        ns > 0 && at_most <= ns
    }
}
