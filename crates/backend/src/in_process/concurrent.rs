//! A concurrent map (moka): TinyLFU, and whatever has no bound.
//!
//! What moka does, and what follows from it here:
//! * **Room.** Moka evicts from a log of what was done, which it works through every few hundred milliseconds or
//!   operations: a map for ten entries would hold dozens. So whoever sets an entry beyond the bound and its slack (a
//!   hundredth of it) works through the log himself.
//! * **Atomicity.** Moka keeps an entry's expiry beside its value, not in it, and its compute calls exclude each other
//!   but not a plain insert. So every change of a key takes one of 256 locks first (about 20 ns); gets take none. Behind
//!   each lock stand the leases of its keys.

use super::Policy;
use super::fingerprint::ByFingerprint;
use super::leases::Leases;
use super::removals::{Figures, Removals};
use cachemark_core::{Entry, Held as Seen, Key, LeaseToken, Leased, Seeing, SetOutcome};
use moka::Expiry;
use moka::notification::RemovalCause;
use moka::policy::EvictionPolicy;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How many locks the keys share for changes. With as many driver threads as a machine has cores, two of them meet on
/// one lock in a few percent of changes at most.
const STRIPES: usize = 256;

/// The share of the bound that entries may exceed it by, as a divisor.
const SLACK: u64 = 100;

#[derive(Debug)]
pub(super) struct Concurrent {
    map: moka::sync::Cache<Key, Held, ByFingerprint>,
    stripes: Box<[Mutex<Leases>]>,
    removals: Arc<Removals>,
    /// The bound with its slack.
    most: Option<u64>,
}

/// An entry with the lifetime that it was set with, and when that ends.
#[derive(Debug, Clone)]
struct Held {
    entry: Entry,
    lifetime: Option<(Duration, Instant)>,
}

impl Held {
    fn is_over(&self) -> bool {
        self.lifetime.is_some_and(|(_, end)| end <= Instant::now())
    }
}

/// Tells moka each entry's own lifetime.
struct OwnTtl;

impl Expiry<Key, Held> for OwnTtl {
    fn expire_after_create(&self, _key: &Key, held: &Held, _now: Instant) -> Option<Duration> {
        held.lifetime.map(|(ttl, _)| ttl)
    }

    fn expire_after_update(&self, _: &Key, held: &Held, _: Instant, _before: Option<Duration>) -> Option<Duration> {
        held.lifetime.map(|(ttl, _)| ttl)
    }
}

impl Concurrent {
    pub(super) fn new(policy: Policy, room: Option<u64>) -> Self {
        let removals = Arc::new(Removals::default());
        let counted = Arc::clone(&removals);
        let mut builder = moka::sync::Cache::builder()
            .eviction_policy(match policy {
                Policy::Lru => EvictionPolicy::lru(),
                Policy::TinyLfu => EvictionPolicy::tiny_lfu(),
            })
            .expire_after(OwnTtl)
            .eviction_listener(move |_key, held: Held, cause: RemovalCause| counted.left(cause, held.is_over()));
        if let Some(room) = room {
            builder = builder.max_capacity(room);
        }
        Self {
            map: builder.build_with_hasher(ByFingerprint),
            stripes: (0..STRIPES).map(|_| Mutex::default()).collect(),
            removals,
            most: room.map(|room| room + room / SLACK),
        }
    }

    /// Holds off every other change of `key`.
    fn changing(&self, key: &Key) -> MutexGuard<'_, Leases> {
        // The fingerprint's low bits choose; each change of the leases is whole before anything can panic.
        let stripe = key.fingerprint() as usize % STRIPES;
        self.stripes[stripe].lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn insert(&self, key: &Key, entry: Entry, ttl: Option<Duration>) {
        let lifetime = ttl.map(|ttl| (ttl, Instant::now() + ttl));
        self.removals.entering();
        self.map.insert(key.clone(), Held { entry, lifetime });
        let held = self.removals.entered();
        if self.most.is_some_and(|most| held > most) {
            self.map.run_pending_tasks();
        }
    }

    pub(super) fn get(&self, key: &Key) -> Option<Entry> {
        self.map.get(key).map(|held| held.entry)
    }

    /// Tells of each key what is under it. A walk of the whole map: a get would count as a use.
    pub(super) fn look(&self, keys: &[Key], see: &mut Seeing<'_, Option<Seen>>) {
        let mut missing: HashMap<&Key, usize, ByFingerprint> = keys.iter().zip(0..).collect();
        for (key, held) in &self.map {
            let Some(at) = missing.remove(&*key) else { continue };
            let now = Instant::now();
            let remaining = held.lifetime.map(|(_, end)| end.saturating_duration_since(now));
            let seen = Seen { entry: Some(held.entry), remaining };
            see(at, (remaining != Some(Duration::ZERO)).then_some(seen));
        }
        missing.into_values().for_each(|at| see(at, None));
    }

    pub(super) fn set(&self, key: &Key, entry: Entry, ttl: Option<Duration>) {
        let mut changing = self.changing(key);
        changing.void(key);
        self.insert(key, entry, ttl);
    }

    pub(super) fn set_if_newer(&self, key: &Key, entry: Entry, ttl: Option<Duration>) -> SetOutcome {
        let mut changing = self.changing(key);
        if self.map.get(key).is_some_and(|held| entry.is_superseded_by(held.entry.version)) {
            return SetOutcome::Superseded;
        }
        changing.void(key);
        self.insert(key, entry, ttl);
        SetOutcome::Stored
    }

    pub(super) fn get_or_lease(&self, key: &Key, lease: Duration) -> Leased {
        if let Some(entry) = self.get(key) {
            return Leased::Hit(entry);
        }
        let mut changing = self.changing(key);
        // Somebody may have filled it before the lock was there. A second get would count as a second use.
        let filled = self.map.contains_key(key).then(|| self.get(key)).flatten();
        filled.map_or_else(|| changing.take(key, lease), Leased::Hit)
    }

    pub(super) fn set_leased(&self, key: &Key, entry: Entry, ttl: Option<Duration>, token: LeaseToken) -> SetOutcome {
        let mut changing = self.changing(key);
        if !changing.redeem(key, token) {
            return SetOutcome::Superseded;
        }
        self.insert(key, entry, ttl);
        SetOutcome::Stored
    }

    pub(super) fn get_and_touch(&self, key: &Key, ttl: Duration) -> Option<Entry> {
        let _changing = self.changing(key);
        let entry = self.get(key)?;
        // Moka reads an entry's lifetime when it is put in.
        self.insert(key, entry.clone(), Some(ttl));
        Some(entry)
    }

    pub(super) fn delete(&self, key: &Key) {
        let mut changing = self.changing(key);
        changing.void(key);
        self.map.invalidate(key);
    }

    /// Has entries expire now: those under `keys`, or all.
    pub(super) fn expire(&self, keys: Option<&[Key]>) {
        let all: Vec<Key>;
        let keys = match keys {
            Some(keys) => keys,
            None => {
                all = self.map.iter().map(|(key, _)| (*key).clone()).collect();
                &all
            }
        };
        for key in keys {
            let _changing = self.changing(key);
            if self.map.remove(key).is_some_and(|held| !held.is_over()) {
                self.removals.made_to_expire();
            }
        }
    }

    /// Empties the map, for real: moka's invalidation alone would leave the entries to its housekeeping. What others set meanwhile
    /// may stay.
    pub(super) fn clear(&self) {
        // One round of housekeeping removes a batch, of what was there and of what others set since; so many rounds see to all that
        // was there.
        const LEAST_BATCH: u64 = 100;
        self.stripes.iter().for_each(|stripe| stripe.lock().unwrap_or_else(PoisonError::into_inner).clear());
        self.map.invalidate_all();
        for _ in 0..=2 * (1 + self.map.entry_count() / LEAST_BATCH) {
            self.map.run_pending_tasks();
            if self.map.entry_count() == 0 {
                break;
            }
        }
        self.removals.cleared();
    }

    /// Evictions and expiries lag behind until the log has been worked through.
    pub(super) fn figures(&self) -> Figures {
        self.map.run_pending_tasks();
        self.removals.figures()
    }
}
