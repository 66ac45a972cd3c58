//! How many entries there are, and why others left.

use moka::notification::RemovalCause;
use std::sync::atomic::{AtomicU64, Ordering};

/// What a map tells of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Figures {
    /// Entries now.
    pub(super) entries: u64,
    /// The most at once since the last clear.
    pub(super) peak: u64,
    /// Left for want of room.
    pub(super) evicted: u64,
    /// Left because their time was over.
    pub(super) expired: u64,
}

/// Counts what enters a map of moka's, and what its listener says of those that leave: one call for each value, also for
/// one that another replaced.
#[derive(Debug, Default)]
pub(super) struct Removals {
    /// One counter: the difference of two would be of two moments, with whatever another thread did between them.
    held: AtomicU64,
    peak: AtomicU64,
    evicted: AtomicU64,
    expired: AtomicU64,
}

impl Removals {
    /// To be called before a value enters, so that it never leaves before it is counted.
    pub(super) fn entering(&self) {
        self.held.fetch_add(1, Ordering::Relaxed);
    }

    /// To be called when a value has entered: how many there are.
    pub(super) fn entered(&self) -> u64 {
        let held = self.held.load(Ordering::Relaxed);
        self.peak.fetch_max(held, Ordering::Relaxed);
        held
    }

    /// `over`: the entry's time was over. Moka finds that out late, or calls such an entry replaced or removed.
    pub(super) fn left(&self, cause: RemovalCause, over: bool) {
        self.held.fetch_sub(1, Ordering::Relaxed);
        match cause {
            RemovalCause::Expired => self.expired.fetch_add(1, Ordering::Relaxed),
            _ if over => self.expired.fetch_add(1, Ordering::Relaxed),
            RemovalCause::Size => self.evicted.fetch_add(1, Ordering::Relaxed),
            RemovalCause::Explicit | RemovalCause::Replaced => 0,
        };
    }

    /// To be called of an entry that is removed because its time is over by decree.
    pub(super) fn made_to_expire(&self) {
        self.expired.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn cleared(&self) {
        self.peak.store(self.held.load(Ordering::Relaxed), Ordering::Relaxed);
    }

    pub(super) fn figures(&self) -> Figures {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Figures {
            entries: count(&self.held),
            peak: count(&self.peak),
            evicted: count(&self.evicted),
            expired: count(&self.expired),
        }
    }
}
