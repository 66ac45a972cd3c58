//! What is remembered of one hot key, so that the cause of its stale reads can be told.

use super::log::{Event, Log};
use cachemark_core::CacheEffect;
use cachemark_results::StaleCause;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// Of how many caches it is remembered what was acknowledged through them.
const CACHES: usize = 8;

/// A millisecond, in the units of events.
const TELLING: u32 = 100;

/// A read of the key had no answer: its load may have been carried out, and may yet.
const UNSURE_READS: u32 = 1;
/// The same of a write or delete.
const UNSURE_CHANGES: u32 = 2;
/// A write put its value into the cache.
const SETS: u32 = 4;

/// What a change did to the cache's entry, as a log keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    None,
    Took,
    Set,
    Superseded,
    Failed,
}

impl Effect {
    fn of(effect: CacheEffect) -> Self {
        match effect {
            CacheEffect::Untouched => Self::None,
            CacheEffect::Invalidated => Self::Took,
            CacheEffect::Updated => Self::Set,
            CacheEffect::Superseded => Self::Superseded,
            CacheEffect::Failed(_) => Self::Failed,
        }
    }

    pub(super) fn of_event(event: &Event) -> Self {
        match event.effect {
            1 => Self::Took,
            2 => Self::Set,
            3 => Self::Superseded,
            4 => Self::Failed,
            _ => Self::None,
        }
    }

    fn code(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Took => 1,
            Self::Set => 2,
            Self::Superseded => 3,
            Self::Failed => 4,
        }
    }
}

/// The last loads of a key's row that led to a fill, and the last changes of it; what is forgotten of them stands in a few
/// words.
#[derive(Debug, Default)]
pub(in crate::instrument::oracle) struct History {
    /// Reads that missed and loaded the row themselves, answered.
    pub(super) fills: Log,
    /// Writes and deletes, acknowledged.
    pub(super) changes: Log,
    /// The version that had been acknowledged when this began: what became of the cache then is not known.
    begun: AtomicU32,
    /// When the change had ended with which this began, in the units of events: of loads before nothing was kept.
    since: AtomicU32,
    flags: AtomicU32,
    /// The highest version that was acknowledged through each of the first caches.
    through: [AtomicU32; CACHES],
    /// Stale reads of a cause that a load still under way could refute: see [`Supposed`].
    supposed: AtomicU64,
}

/// A cause of so many reads of a version, as long as no load is told that could have brought them about instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::instrument::oracle) struct Supposed {
    pub(in crate::instrument::oracle) cause: StaleCause,
    version: u32,
    pub(in crate::instrument::oracle) reads: u64,
}

impl Supposed {
    const INVERSION: u64 = 1 << 31;

    fn word(self) -> u64 {
        let inversion = if self.cause == StaleCause::Inversion { Self::INVERSION } else { 0 };
        u64::from(self.version) << 32 | inversion | self.reads.min(Self::INVERSION - 1)
    }

    fn of_word(word: u64) -> Option<Self> {
        let reads = word & (Self::INVERSION - 1);
        let cause = if word & Self::INVERSION == 0 { StaleCause::Lost } else { StaleCause::Inversion };
        (reads > 0).then_some(Self { cause, version: (word >> 32) as u32, reads })
    }
}

impl History {
    /// Begins after `version` was acknowledged, and before anybody sees it.
    pub(in crate::instrument::oracle) fn begin(&self, version: u32) {
        self.begun.store(version, Ordering::Release);
    }

    /// A change was acknowledged.
    pub(in crate::instrument::oracle) fn changed(&self, event: Event, effect: CacheEffect) {
        let effect = Effect::of(effect);
        if effect == Effect::Set {
            self.flag(SETS);
        }
        if let Some(through) = self.through.get(usize::from(event.cache)) {
            through.fetch_max(event.version, Ordering::AcqRel);
        }
        // Only the first: the others find another time there.
        let _ = self.since.compare_exchange(0, event.ended, Ordering::AcqRel, Ordering::Relaxed);
        self.changes.push(Event { effect: effect.code(), ..event });
    }

    /// A read loaded the row itself. Returns what was supposed and is refuted by that.
    #[cold]
    pub(in crate::instrument::oracle) fn filled(&self, event: Event) -> Option<Supposed> {
        self.fills.push(event);
        self.refute(event.version)
    }

    /// How many loads were told.
    pub(in crate::instrument::oracle) fn loads(&self) -> u32 {
        self.fills.len()
    }

    /// Takes back what was supposed of reads of `version`, if that is what is supposed.
    pub(in crate::instrument::oracle) fn refute(&self, version: u32) -> Option<Supposed> {
        let supposed = Supposed::of_word(self.supposed.load(Ordering::Acquire))?;
        if supposed.version != version {
            return None;
        }
        Supposed::of_word(self.supposed.swap(0, Ordering::AcqRel))
    }

    /// A read of the key, or a change of it, ended without an answer.
    #[cold]
    pub(in crate::instrument::oracle) fn unsure(&self, changed: bool) {
        self.flag(if changed { UNSURE_CHANGES } else { UNSURE_READS });
    }

    /// Supposes a cause of one more read of `version`. Returns what was supposed of another version, which nothing refuted.
    pub(in crate::instrument::oracle) fn suppose(&self, version: u32, cause: StaleCause) -> Option<Supposed> {
        let mut before = self.supposed.load(Ordering::Acquire);
        loop {
            let same = Supposed::of_word(before).filter(|there| there.version == version && there.cause == cause);
            let reads = same.map_or(0, |there| there.reads) + 1;
            let now = Supposed { cause, version, reads }.word();
            match self.supposed.compare_exchange(before, now, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => return Supposed::of_word(before).filter(|_| same.is_none()),
                Err(other) => before = other,
            }
        }
    }

    /// What is supposed when all has been told.
    pub(in crate::instrument::oracle) fn supposed(&self) -> Option<Supposed> {
        Supposed::of_word(self.supposed.load(Ordering::Acquire))
    }

    /// Whether loads that ended at that time or later are kept. A millisecond is left for what lies between an end and its telling.
    pub(super) fn has_loads_since(&self, time: u32) -> bool {
        let since = self.since.load(Ordering::Acquire);
        since > 0 && time >= since.saturating_add(TELLING)
    }

    pub(super) fn begun(&self) -> u32 {
        self.begun.load(Ordering::Acquire)
    }

    /// The highest version that was acknowledged through a cache; none if that is not remembered.
    pub(super) fn through(&self, cache: u8) -> Option<u32> {
        self.through.get(usize::from(cache)).map(|version| version.load(Ordering::Acquire))
    }

    pub(super) fn has_unsure_reads(&self) -> bool {
        self.flags.load(Ordering::Acquire) & UNSURE_READS != 0
    }

    pub(super) fn has_unsure_changes(&self) -> bool {
        self.flags.load(Ordering::Acquire) & UNSURE_CHANGES != 0
    }

    pub(super) fn has_sets(&self) -> bool {
        self.flags.load(Ordering::Acquire) & SETS != 0
    }

    fn flag(&self, flag: u32) {
        if self.flags.load(Ordering::Relaxed) & flag == 0 {
            self.flags.fetch_or(flag, Ordering::AcqRel);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_supposed_is_counted_until_it_is_refuted_or_another_takes_its_place() {
        let history = History::default();
        for _ in 0..3 {
            assert_eq!(history.suppose(4, StaleCause::Lost), None);
        }
        let lost = Supposed { cause: StaleCause::Lost, version: 4, reads: 3 };
        assert_eq!(history.suppose(4, StaleCause::Inversion), Some(lost));
        assert_eq!(history.filled(Event { version: 3, ..Event::default() }), None);
        let inversion = Supposed { cause: StaleCause::Inversion, version: 4, reads: 1 };
        assert_eq!(history.supposed(), Some(inversion));
        assert_eq!(history.filled(Event { version: 4, ..Event::default() }), Some(inversion));
        assert_eq!((history.supposed(), history.loads()), (None, 2));
        history.suppose(4, StaleCause::Lost);
        assert_eq!(
            (history.refute(3), history.refute(4).map(|lost| lost.reads), history.supposed()),
            (None, Some(1), None)
        );
    }
}
