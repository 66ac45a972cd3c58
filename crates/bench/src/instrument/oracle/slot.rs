//! What is kept of a key that was written.

use super::acknowledged::Acknowledged;
use super::last_change::LastChange;
use super::loaded::LOADED;
use super::numbers::Numbers;
use super::pages::Pages;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// One key's. All of it is zero at first.
#[derive(Debug, Default)]
pub(super) struct Slot {
    /// Of the index: what follows it in the list, and where in it it stands.
    pub(super) next: AtomicU32,
    pub(super) order: AtomicU32,
    /// The highest version that was acknowledged, with when: see [`Acknowledged`].
    acked: AtomicU64,
    /// The highest version that a read was answered with.
    observed: AtomicU32,
    /// Writes and deletes that were sent, or are about to be; or as many as the versions above the loaded one that are known to
    /// have been given, if those are more.
    attempted: AtomicU32,
    /// The highest version that is an acknowledged delete's.
    deleted: AtomicU32,
    /// The change that was acknowledged with the highest version: see [`LastChange`].
    last_change: AtomicU64,
    /// Its ring's number, from 1; and in the highest bit whether a change of it ever told the cache.
    ring: AtomicU32,
    /// Reads of the window that could be judged, and those among them that were stale.
    judged: AtomicU32,
    stale: AtomicU32,
}

const TOLD_CACHE: u32 = 1 << 31;

/// A slot's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct SlotId(pub(super) u32);

impl Slot {
    /// A write or delete is about to be sent.
    pub(super) fn attempt(&self) {
        self.attempted.fetch_add(1, Ordering::AcqRel);
    }

    pub(super) fn attempted(&self) -> u32 {
        self.attempted.load(Ordering::Acquire)
    }

    /// The store has given `version`, and so all below it: more of them may be no attempts of this trial.
    pub(super) fn given(&self, version: u32) {
        let given = version.saturating_sub(LOADED);
        if self.attempted.load(Ordering::Relaxed) < given {
            self.attempted.fetch_max(given, Ordering::AcqRel);
        }
    }

    pub(super) fn acknowledged(&self) -> Acknowledged {
        Acknowledged::of_word(self.acked.load(Ordering::Acquire))
    }

    /// Whatever the order in which acknowledgements come, the highest version stays, with its own time.
    pub(super) fn acknowledge(&self, acknowledged: Acknowledged, deleted: bool) {
        if deleted {
            self.deleted.fetch_max(acknowledged.version(), Ordering::AcqRel);
        }
        self.acked.fetch_max(acknowledged.word(), Ordering::AcqRel);
    }

    /// The same of what it was.
    pub(super) fn changed(&self, change: LastChange) {
        let _ = self.last_change.try_update(Ordering::AcqRel, Ordering::Acquire, |there| change.over(there));
    }

    /// The change that was acknowledged with the highest version; its number is 0 if none was.
    pub(super) fn last_change(&self, numbers: &Numbers) -> LastChange {
        LastChange::of_word(numbers, self.last_change.load(Ordering::Acquire))
    }

    pub(super) fn deleted(&self) -> u32 {
        self.deleted.load(Ordering::Acquire)
    }

    pub(super) fn observed(&self) -> u32 {
        self.observed.load(Ordering::Acquire)
    }

    pub(super) fn observe(&self, version: u32) {
        // Most reads see what others saw before: they leave the line to whoever reads it.
        if self.observed.load(Ordering::Relaxed) < version {
            self.observed.fetch_max(version, Ordering::AcqRel);
        }
    }

    /// The number of its ring, from 0.
    pub(super) fn ring(&self) -> Option<u32> {
        (self.ring.load(Ordering::Acquire) & !TOLD_CACHE).checked_sub(1)
    }

    /// Gives it a ring, unless it has one.
    pub(super) fn give_ring(&self, ring: u32) {
        // Two may come at once; then one ring stays empty.
        let give = |there: u32| (there & !TOLD_CACHE == 0).then_some(there | (ring + 1));
        let _ = self.ring.try_update(Ordering::AcqRel, Ordering::Acquire, give);
    }

    /// A change of it did something to the cache, or tried to.
    pub(super) fn tell_cache(&self) {
        if !self.has_told_cache() {
            self.ring.fetch_or(TOLD_CACHE, Ordering::AcqRel);
        }
    }

    pub(super) fn has_told_cache(&self) -> bool {
        self.ring.load(Ordering::Acquire) & TOLD_CACHE != 0
    }

    pub(super) fn judged(&self, stale: bool) {
        self.judged.fetch_add(1, Ordering::Relaxed);
        if stale {
            self.stale.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The share of its judged reads that were stale; none if none was judged.
    pub(super) fn stale_share(&self) -> Option<f64> {
        let (judged, stale) = (self.judged.load(Ordering::Relaxed), self.stale.load(Ordering::Relaxed));
        (judged > 0).then(|| f64::from(stale) / f64::from(judged))
    }
}

/// Slots, handed out one after the other.
#[derive(Debug)]
pub(super) struct Slots {
    slots: Pages<Slot, SLOTS_A_PAGE>,
    taken: AtomicU32,
}

/// 48 KiB a page: made in some microseconds, once in so many first writes.
const SLOTS_A_PAGE: usize = 1_024;

impl Slots {
    /// At most so many.
    pub(super) fn new(most: usize) -> Self {
        Self { slots: Pages::new(most), taken: AtomicU32::new(0) }
    }

    pub(super) fn at(&self, id: SlotId) -> &Slot {
        self.slots.at(id.0 as usize)
    }

    /// The next one.
    ///
    /// # Panics
    /// If there are no more.
    pub(super) fn take(&self) -> SlotId {
        let id = self.taken.fetch_add(1, Ordering::Relaxed);
        self.slots.get_or_make(id as usize);
        SlotId(id)
    }

    /// The memory of it, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.slots.bytes()
    }
}
