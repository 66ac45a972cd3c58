//! How long a stale answer had been stale when it was asked for.

/// The times within which a read may be fresh, in nanoseconds: 0, 1, 10 and 100 ms, 1 and 10 s.
pub(super) const WITHIN_NS: [u64; 6] = [0, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000];

/// The time from the first acknowledgement of a newer version to the sending of the read, in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Age {
    /// So much.
    Sure(u64),
    /// So much or more: when the first newer version was acknowledged is not remembered.
    AtLeast(u64),
    /// Acknowledged too late in a long trial for its time to be told.
    Untold,
}

impl Age {
    /// Whether it is shown that the answer had been stale for no longer than that. A bound from below never shows it, so a share
    /// of reads counted by this is a lower bound.
    pub(super) fn is_within(self, ns: u64) -> bool {
        matches!(self, Self::Sure(age) if age <= ns && ns > 0)
    }
}
