//! What all driver threads share: the state of every key that was written.

use super::acknowledged::Acknowledged;
use super::age::Age;
use super::cause::{Event, History, Supposed};
use super::index::Index;
use super::judge::LOADED;
use super::known::Known;
use super::last_change::LastChange;
use super::numbers::Numbers;
use super::rings::Rings;
use super::slot::{Slot, SlotId, Slots};
use cachemark_core::CacheEffect;
use cachemark_results::OracleTable;

/// More driver threads than a definition allows; each may hold a spare slot.
const THREADS: usize = 1_024;

/// Keys that were written, with what was acknowledged, observed and attempted of them.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) numbers: Numbers,
    index: Index,
    slots: Slots,
    rings: Rings,
}

impl Table {
    pub(super) fn new(keys: u32, numbers: Numbers) -> Self {
        let (index, slots) = (Index::new(keys), Slots::new(keys as usize + THREADS));
        Self { numbers, index, slots, rings: Rings::new() }
    }

    /// A read of `key` is about to be sent.
    pub(super) fn reading(&self, key: u32) -> Known {
        self.index.find(&self.slots, key).map_or_else(Known::default, |id| self.known(id))
    }

    /// A write or delete of `key` is about to be sent.
    pub(super) fn changing(&self, key: u32, spare: &mut Option<SlotId>) -> Known {
        let id = self.index.find_or_insert(&self.slots, key, spare);
        self.slots.at(id).attempt();
        Known { slot: Some(id), ..Known::default() }
    }

    fn known(&self, id: SlotId) -> Known {
        let slot = self.slots.at(id);
        Known {
            slot: Some(id),
            acked: slot.acknowledged(),
            observed: slot.observed(),
            deleted: slot.deleted(),
            turn: None,
            mark: 0,
        }
    }

    /// The change of `known` was acknowledged at `at_ns`, with what it says that it did to the cache.
    pub(super) fn acknowledge(
        &self,
        known: &Known,
        (event, effect): (Event, CacheEffect),
        at_ns: u64,
        change: LastChange,
    ) {
        let Some(slot) = self.slot(known) else { return };
        let acknowledged = Acknowledged::new(event.version, at_ns);
        let sparse = self.numbers.are_sparse(event.version);
        self.rings.note(slot, acknowledged, (event, effect), sparse);
        if effect != CacheEffect::Untouched {
            slot.tell_cache();
        }
        if !sparse {
            slot.given(acknowledged.version());
        }
        slot.acknowledge(acknowledged, change.is_delete() == Some(true));
        slot.changed(change);
    }

    /// The slot that a key has by now, whether it had one or not when it was asked for.
    pub(super) fn slot_by_now(&self, known: &Known, key: u32) -> Option<&Slot> {
        self.slot(known).or_else(|| self.index.find(&self.slots, key).map(|id| self.slots.at(id)))
    }

    /// The slot that a key had when it was asked for.
    pub(super) fn slot(&self, known: &Known) -> Option<&Slot> {
        known.slot.map(|id| self.slots.at(id))
    }

    /// How long `version`, below the one that was acknowledged, had been stale at `sent_ns`.
    pub(super) fn age(&self, known: &Known, version: u32, sent_ns: u64) -> Age {
        let latest = known.acked();
        let Some(slot) = self.slot(known).filter(|_| latest > 0) else {
            // Stale since before the trial began.
            return Age::Between { at_least: sent_ns, at_most: u64::MAX };
        };
        let Some(last_ns) = known.acked.at_ns() else { return Age::Untold };
        let since = |at_ns: u64| sent_ns.saturating_sub(at_ns);
        let sparse = self.numbers.are_sparse(latest);
        // Nothing is between the two; where versions are sparse, if nobody tried to write but once.
        let is_next = if sparse { slot.attempted() <= 1 } else { latest - version == 1 };
        if is_next {
            return Age::Sure(since(last_ns));
        }
        let first_of_all = self.rings.first_ns(slot).map(since);
        let (at_least, all) = match self.rings.first_above(slot, version, latest, sparse) {
            Some((first_ns, all)) => (since(first_ns.min(last_ns)), all),
            None => (since(last_ns), false),
        };
        match first_of_all {
            _ if all => Age::Sure(at_least),
            // The first version of the trial is the first above the one that was loaded.
            Some(age) if version == LOADED => Age::Sure(age),
            Some(age) if version > LOADED => Age::Between { at_least, at_most: age },
            _ => Age::Between { at_least, at_most: u64::MAX },
        }
    }

    /// The mean over the written keys that were read and judged in the window of the share of their reads that were stale, and how
    /// many they are.
    pub(super) fn by_key(&self) -> (u64, Option<f64>) {
        let shares = self.index.each(&self.slots).filter_map(Slot::stale_share);
        let (keys, sum) = shares.fold((0u64, 0.0), |(keys, sum), share| (keys + 1, sum + share));
        (keys, (keys > 0).then(|| sum / keys as f64))
    }

    /// What is remembered of a key's loads and changes; none of one without a ring.
    pub(super) fn history(&self, slot: &Slot) -> Option<&History> {
        self.rings.history(slot)
    }

    /// The causes of stale reads that nothing has refuted.
    pub(super) fn supposed(&self) -> impl Iterator<Item = Supposed> {
        self.rings.supposed()
    }

    /// How large it has become.
    pub(super) fn size(&self) -> OracleTable {
        let bytes = self.index.bytes() + self.slots.bytes() + self.rings.bytes();
        OracleTable {
            written_keys: u64::from(self.index.len()),
            keys_with_ring: u64::from(self.rings.taken()),
            bytes: bytes as u64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::numbers::Versions;
    use super::*;
    use cachemark_core::Version;
    use std::time::Duration;

    const MS: u64 = 1_000_000;

    fn table(keys: u32) -> Table {
        Table::new(keys, Numbers::new(Versions::OfStore, Duration::from_secs(1)))
    }

    fn write(table: &Table, key: u32, version: u32, at_ns: u64) {
        let known = table.changing(key, &mut None);
        let event = Event { version, ..Event::default() };
        let change = LastChange::write(&table.numbers, (version, Version(version.into())), 0);
        table.acknowledge(&known, (event, CacheEffect::Invalidated), at_ns, change);
    }

    #[test]
    fn an_age_counts_from_the_first_newer_acknowledgement() {
        let table = table(10);
        for version in 2..=6 {
            write(&table, 3, version, u64::from(version) * MS);
        }
        let known = table.reading(3);
        let ages = [5, 4, 3, 1].map(|version| table.age(&known, version, 10 * MS));
        assert_eq!(ages, [4, 5, 6, 8].map(|ms| Age::Sure(ms * MS)));
    }

    #[test]
    fn acknowledgements_that_overtake_each_other_make_no_age_too_great() {
        let table = table(10);
        for (version, ms) in [(3, 1), (2, 5)] {
            write(&table, 3, version, ms * MS);
        }
        let known = table.reading(3);
        assert_eq!(known.acked(), 3);
        assert_eq!([2, 1].map(|version| table.age(&known, version, 7 * MS)), [Age::Sure(6 * MS); 2]);
    }

    #[test]
    fn where_the_first_acknowledgement_was_not_the_first_version_s_nothing_bounds_the_age_from_above() {
        let table = table(10);
        for (version, ms) in [(3, 1), (2, 2)].into_iter().chain((4..20).map(|version| (version, version.into()))) {
            write(&table, 3, version, ms * MS);
        }
        let known = table.reading(3);
        let bounds = Age::Between { at_least: 18 * MS, at_most: u64::MAX };
        assert_eq!([5, 1].map(|version| table.age(&known, version, 30 * MS)), [bounds; 2]);
    }

    #[test]
    fn what_a_ring_has_forgotten_leaves_bounds() {
        let table = table(10);
        for version in 2..=20 {
            write(&table, 3, version, u64::from(version) * MS);
        }
        let known = table.reading(3);
        assert_eq!(table.age(&known, 12, 30 * MS), Age::Sure(17 * MS));
        // Of the first version of all the time is remembered: it is that of the loaded one's age, and bounds every other.
        assert_eq!(table.age(&known, 11, 30 * MS), Age::Between { at_least: 17 * MS, at_most: 28 * MS });
        assert_eq!(table.age(&known, 1, 30 * MS), Age::Sure(28 * MS));
    }

    #[test]
    fn without_a_ring_the_latest_acknowledgement_bounds_the_age() {
        let table = table(100_000);
        // Others take all the rings.
        for key in 0..20_000 {
            write(&table, key, 2, MS);
            write(&table, key, 3, MS);
        }
        for version in 2..=4 {
            write(&table, 50_000, version, u64::from(version) * MS);
        }
        let known = table.reading(50_000);
        assert_eq!(
            [3, 2].map(|version| table.age(&known, version, 9 * MS)),
            [Age::Sure(5 * MS), Age::Between { at_least: 5 * MS, at_most: u64::MAX }]
        );
        assert_eq!(table.size().keys_with_ring, 16_384);
    }

    #[test]
    fn a_written_key_takes_at_most_64_bytes_and_another_next_to_nothing() {
        const KEYS: u32 = 1_000_000;
        let table = table(KEYS);
        let bytes = |table: &Table| table.index.bytes() + table.slots.bytes();
        assert!(bytes(&table) < KEYS as usize / 10, "{}", bytes(&table));
        for key in 0..KEYS {
            table.changing(key, &mut None);
            // Once the first pages are full, wherever another may just have begun.
            if key > 10_000 && key.is_multiple_of(1_000) {
                assert!(bytes(&table) <= 64 * key as usize, "{} for {key}", bytes(&table));
            }
        }
    }
}
