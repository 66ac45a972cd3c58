//! How many leases a server was made to keep among its entries.

use cachemark_core::Leased;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counts leases that were won: for each, the server keeps something in the entry's place.
#[derive(Debug, Default)]
pub(crate) struct LeasesMade(AtomicU64);

impl LeasesMade {
    /// The name among a probe's counters.
    pub(crate) const NAME: &str = "leases-made";

    pub(crate) fn note(&self, leased: &Leased) {
        if matches!(leased, Leased::Won(_)) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How many there were so far.
    pub(crate) fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cachemark_core::{Entry, LeaseToken, Version};

    #[test]
    fn only_what_was_won_was_made() {
        let made = LeasesMade::default();
        for leased in [Leased::Won(LeaseToken(1)), Leased::Held, Leased::Hit(Entry::absent(Version(1)))] {
            made.note(&leased);
        }
        assert_eq!(made.count(), 1);
    }
}
