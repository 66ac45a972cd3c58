//! An exact LRU: entries in the order of their use, behind one lock.
//!
//! Entries whose time is over leave before any that are alive: they stand in a second order, by the end of their time. So
//! none takes the place of a live one for longer than until the next set, and each is counted as expired once, whether a
//! look-up, a set or a count finds it.

use super::fingerprint::ByFingerprint;
use super::leases::Leases;
use super::removals::Figures;
use cachemark_core::{Entry, Held as Seen, Key, LeaseToken, Leased, SetOutcome};
use hashlink::LinkedHashMap;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A map that holds `room` entries at most.
#[derive(Debug)]
pub(super) struct Lru {
    /// As it was made for.
    room: u64,
    shelf: Mutex<Shelf>,
}

/// When an entry's time is over; the number tells apart those that end together.
type End = (Instant, u64);

#[derive(Debug)]
struct Held {
    entry: Entry,
    ends: Option<End>,
}

#[derive(Debug)]
struct Shelf {
    /// The most entries now.
    room: u64,
    /// From the least recently used to the most.
    entries: LinkedHashMap<Key, Held, ByFingerprint>,
    /// Those that have a lifetime, by its end.
    ends: BTreeMap<End, Key>,
    ends_given: u64,
    leases: Leases,
    figures: Figures,
}

/// What left; to be dropped when the lock is free again.
type Left = (Option<Held>, Option<(Key, Held)>);

impl Lru {
    pub(super) fn new(room: u64) -> Self {
        let (entries, ends, leases, figures) = Default::default();
        Self { room, shelf: Mutex::new(Shelf { room, entries, ends, ends_given: 0, leases, figures }) }
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        // Every change of the shelf is whole before anything can panic.
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn get(&self, key: &Key) -> Option<Entry> {
        let mut shelf = self.shelf();
        let (found, expired) = shelf.get(key);
        drop(shelf);
        drop(expired);
        found
    }

    pub(super) fn get_or_lease(&self, key: &Key, lease: Duration) -> Leased {
        let mut shelf = self.shelf();
        let (found, expired) = shelf.get(key);
        let leased = found.map_or_else(|| shelf.leases.take(key, lease), Leased::Hit);
        drop(shelf);
        drop(expired);
        leased
    }

    pub(super) fn get_and_touch(&self, key: &Key, ttl: Duration) -> Option<Entry> {
        let mut shelf = self.shelf();
        let (found, expired) = shelf.get(key);
        if found.is_some() {
            shelf.renew(key, ttl);
        }
        drop(shelf);
        drop(expired);
        found
    }

    /// The same without making it the most recently used.
    pub(super) fn peek(&self, key: &Key) -> Option<Entry> {
        self.shelf().live(key).cloned()
    }

    /// The same with how long the entry has left.
    pub(super) fn look(&self, key: &Key) -> Option<Seen> {
        let shelf = self.shelf();
        let (entry, now) = (shelf.live(key)?.clone(), Instant::now());
        let ends = shelf.entries.get(key)?.ends;
        Some(Seen { entry: Some(entry), remaining: ends.map(|(end, _)| end.saturating_duration_since(now)) })
    }

    pub(super) fn set(&self, key: &Key, entry: Entry, ttl: Option<Duration>) {
        let mut shelf = self.shelf();
        let left = shelf.put(key, entry, ttl);
        drop(shelf);
        drop(left);
    }

    pub(super) fn set_if_newer(&self, key: &Key, entry: Entry, ttl: Option<Duration>) -> SetOutcome {
        let mut shelf = self.shelf();
        if shelf.live(key).is_some_and(|held| entry.is_superseded_by(held.version)) {
            return SetOutcome::Superseded;
        }
        let left = shelf.put(key, entry, ttl);
        drop(shelf);
        drop(left);
        SetOutcome::Stored
    }

    pub(super) fn set_leased(&self, key: &Key, entry: Entry, ttl: Option<Duration>, token: LeaseToken) -> SetOutcome {
        let mut shelf = self.shelf();
        if !shelf.leases.redeem(key, token) {
            return SetOutcome::Superseded;
        }
        let left = shelf.put(key, entry, ttl);
        drop(shelf);
        drop(left);
        SetOutcome::Stored
    }

    pub(super) fn delete(&self, key: &Key) {
        let mut shelf = self.shelf();
        shelf.leases.void(key);
        let removed = shelf.remove(key);
        drop(shelf);
        drop(removed);
    }

    pub(super) fn clear(&self) {
        let mut shelf = self.shelf();
        let (entries, ends) = (std::mem::take(&mut shelf.entries), std::mem::take(&mut shelf.ends));
        shelf.leases.clear();
        shelf.figures.peak = 0;
        drop(shelf);
        drop((entries, ends));
    }

    /// Has entries expire now: those under `keys`, or all.
    pub(super) fn expire(&self, keys: Option<&[Key]>) {
        let mut shelf = self.shelf();
        shelf.expire();
        let expired: Vec<Held> = match keys {
            Some(keys) => keys.iter().filter_map(|key| shelf.remove(key)).collect(),
            None => {
                shelf.ends.clear();
                std::mem::take(&mut shelf.entries).into_iter().map(|(_, held)| held).collect()
            }
        };
        shelf.figures.expired += expired.len() as u64;
        drop(shelf);
        drop(expired);
    }

    /// Leaves room for a share of the entries that it was made for, and evicts what is too much.
    pub(super) fn cut_room(&self, share: f64) {
        let mut shelf = self.shelf();
        shelf.expire();
        shelf.room = (self.room as f64 * share) as u64;
        let mut evicted = Vec::new();
        while shelf.entries.len() as u64 > shelf.room {
            let Some((_, held)) = shelf.entries.pop_front() else { break };
            if let Some(end) = held.ends {
                shelf.ends.remove(&end);
            }
            evicted.push(held);
        }
        shelf.figures.evicted += evicted.len() as u64;
        drop(shelf);
        drop(evicted);
    }

    pub(super) fn figures(&self) -> Figures {
        let mut shelf = self.shelf();
        shelf.expire();
        Figures { entries: shelf.entries.len() as u64, ..shelf.figures }
    }
}

impl Shelf {
    /// The entry, which is the most recently used now, or what was in its place and is over.
    fn get(&mut self, key: &Key) -> (Option<Entry>, Option<Held>) {
        let Some(held) = self.entries.to_back(key) else { return (None, None) };
        if held.ends.is_none_or(|(end, _)| Instant::now() < end) {
            return (Some(held.entry.clone()), None);
        }
        self.figures.expired += 1;
        (None, self.remove(key))
    }

    /// Gives the entry under `key`, if there is one, `ttl` from now.
    fn renew(&mut self, key: &Key, ttl: Duration) {
        let Some(held) = self.entries.get_mut(key) else { return };
        self.ends_given += 1;
        let end = (Instant::now() + ttl, self.ends_given);
        if let Some(before) = held.ends.replace(end) {
            self.ends.remove(&before);
        }
        self.ends.insert(end, key.clone());
    }

    fn live(&self, key: &Key) -> Option<&Entry> {
        let held = self.entries.get(key)?;
        held.ends.is_none_or(|(end, _)| Instant::now() < end).then_some(&held.entry)
    }

    fn put(&mut self, key: &Key, entry: Entry, ttl: Option<Duration>) -> Left {
        self.expire();
        self.leases.void(key);
        let ends = ttl.map(|ttl| {
            self.ends_given += 1;
            (Instant::now() + ttl, self.ends_given)
        });
        let replaced = self.entries.insert(key.clone(), Held { entry, ends });
        if let Some(end) = replaced.as_ref().and_then(|held| held.ends) {
            self.ends.remove(&end);
        }
        if let Some(end) = ends {
            self.ends.insert(end, key.clone());
        }
        let evicted = if self.entries.len() as u64 > self.room { self.entries.pop_front() } else { None };
        if let Some((_, held)) = &evicted {
            self.figures.evicted += 1;
            if let Some(end) = held.ends {
                self.ends.remove(&end);
            }
        }
        self.figures.peak = self.figures.peak.max(self.entries.len() as u64);
        (replaced, evicted)
    }

    fn remove(&mut self, key: &Key) -> Option<Held> {
        let held = self.entries.remove(key)?;
        if let Some(end) = held.ends {
            self.ends.remove(&end);
        }
        Some(held)
    }

    /// Takes out what is over. Reads no clock where nothing has a lifetime.
    fn expire(&mut self) {
        let Some(first) = self.ends.first_entry() else { return };
        let now = Instant::now();
        let mut next = Some(first);
        while let Some(over) = next.take().filter(|first| first.key().0 <= now) {
            let key = over.remove();
            self.entries.remove(&key);
            self.figures.expired += 1;
            next = self.ends.first_entry();
        }
    }
}
