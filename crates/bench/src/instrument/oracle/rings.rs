//! The last acknowledgements of the keys that are written most: what an age of more than one version is told by.

use super::acknowledged::{Acknowledged, UNIT_NS};
use super::cause::{Event, History, Supposed};
use super::judge::LOADED;
use super::pages::Pages;
use super::slot::Slot;
use cachemark_core::CacheEffect;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// How many acknowledgements a ring holds.
pub(super) const LEN: usize = 8;
/// How many keys have one: the first so many that reach their second acknowledgement, which hot keys do first.
const RINGS: u32 = 16_384;
const RINGS_A_PAGE: usize = 64;

/// One key's last acknowledgements, in the order in which they came.
#[derive(Debug, Default)]
struct Ring {
    turn: AtomicU32,
    /// When the first version of the trial was acknowledged, if that was before any other: 10 us from 1, 0 if it is not known.
    first: AtomicU32,
    acks: [AtomicU64; LEN],
    history: History,
}

#[derive(Debug)]
pub(super) struct Rings {
    rings: Pages<Ring, RINGS_A_PAGE>,
    taken: AtomicU32,
}

impl Rings {
    pub(super) fn new() -> Self {
        Self { rings: Pages::new(RINGS as usize), taken: AtomicU32::new(0) }
    }

    /// Notes an acknowledgement, before the slot says it: whoever finds its version there finds it here, if there is a ring.
    pub(super) fn note(
        &self,
        slot: &Slot,
        acknowledged: Acknowledged,
        (event, effect): (Event, CacheEffect),
        sparse: bool,
    ) {
        if let Some(ring) = slot.ring().or_else(|| self.begin(slot, sparse)) {
            let ring = self.rings.at(ring as usize);
            ring.push(acknowledged);
            ring.history.changed(event, effect);
        }
    }

    /// What is remembered of a key's loads and changes; none of one without a ring.
    pub(super) fn history(&self, slot: &Slot) -> Option<&History> {
        Some(&self.rings.get(slot.ring()? as usize)?.history)
    }

    /// The causes that nothing has refuted.
    pub(super) fn supposed(&self) -> impl Iterator<Item = Supposed> {
        let rings = (0..self.taken()).filter_map(|ring| self.rings.get(ring as usize));
        rings.filter_map(|ring| ring.history.supposed())
    }

    /// A ring for a key that was acknowledged before, if there is one left.
    #[cold]
    fn begin(&self, slot: &Slot, sparse: bool) -> Option<u32> {
        let first = slot.acknowledged();
        if first.version() == 0 || self.taken.load(Ordering::Relaxed) >= RINGS {
            return None;
        }
        let ring = self.taken.fetch_add(1, Ordering::Relaxed);
        if ring >= RINGS {
            return None;
        }
        self.rings.get_or_make(ring as usize).begin(first, sparse);
        slot.give_ring(ring);
        slot.ring()
    }

    /// When the first of the versions above `version` up to `latest` was acknowledged, in nanoseconds, of those that the key's
    /// ring has; and whether it has them all. Of sparse versions it has if it has that version itself or one before it, or if it has
    /// forgotten none: those above are told later, unless eight others were told between the acknowledgement of one and its telling.
    pub(super) fn first_above(&self, slot: &Slot, version: u32, latest: u32, sparse: bool) -> Option<(u64, bool)> {
        let ring = self.rings.get(slot.ring()? as usize)?;
        let wanted = latest - version;
        let mut reaches = ring.turn.load(Ordering::Acquire) as usize <= LEN;
        let (mut first, mut seen) = (None::<u64>, 0u32);
        for word in &ring.acks {
            let acknowledged = Acknowledged::of_word(word.load(Ordering::Acquire));
            reaches |= (1..=version).contains(&acknowledged.version());
            let above = acknowledged.version().wrapping_sub(version);
            if (1..=wanted).contains(&above) && acknowledged.version() > version {
                // More than a ring holds are never all there.
                seen |= 1u32.checked_shl(above - 1).unwrap_or(0);
                let at_ns = acknowledged.at_ns().unwrap_or(u64::MAX);
                first = Some(first.map_or(at_ns, |first| first.min(at_ns)));
            }
        }
        let all = if sparse { reaches } else { wanted as usize <= LEN && seen == (1 << wanted) - 1 };
        first.filter(|at_ns| *at_ns != u64::MAX).map(|at_ns| (at_ns, all))
    }

    /// When the first version after the loaded one was acknowledged, in nanoseconds; none where that is not remembered.
    pub(super) fn first_ns(&self, slot: &Slot) -> Option<u64> {
        self.rings.get(slot.ring()? as usize)?.first_ns()
    }

    /// How many keys have one.
    pub(super) fn taken(&self) -> u32 {
        self.taken.load(Ordering::Relaxed).min(RINGS)
    }

    /// The memory of it, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.rings.bytes()
    }
}

impl Ring {
    /// Begins with the one acknowledgement that there was. If it is the first version's no other was before it; of sparse versions
    /// it is taken for the first, which is wrong where two were told at once, by the time between them and to the safe side.
    fn begin(&self, first: Acknowledged, sparse: bool) {
        if (sparse || first.version() == LOADED + 1)
            && let Some(at_ns) = first.at_ns()
        {
            let time = u32::try_from(at_ns / UNIT_NS + 1).unwrap_or(0);
            self.first.store(time, Ordering::Release);
        }
        self.history.begin(first.version());
        self.push(first);
    }

    fn first_ns(&self) -> Option<u64> {
        self.first.load(Ordering::Acquire).checked_sub(1).map(|time| u64::from(time) * UNIT_NS)
    }

    fn push(&self, acknowledged: Acknowledged) {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) as usize;
        self.acks[turn % LEN].store(acknowledged.word(), Ordering::Release);
    }
}
