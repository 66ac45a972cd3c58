//! Loads of rows: how many reads of one key a store serves for each time that the key has to be loaded, and how many at once.

use crate::Key;
use crossbeam_utils::CachePadded;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A power of two, well above the number of driver threads: two keys rarely wait for one lock.
const SHARDS: usize = 64;

/// Loads in a window, over all instances that share the store. A load is a read that the store is asked; an episode of a key
/// is a maximal time in which at least one load of it is in flight. What is in flight when the window begins is part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LoadCounts {
    /// Loads that were in flight at some time in the window.
    pub loads: u64,
    /// Episodes that these made.
    pub episodes: u64,
    /// The most loads of one key that were in flight at the same time.
    pub most_at_once: u64,
}

/// The loads in flight. Only a read of the store comes here: two map operations under a lock beside a query.
#[derive(Debug)]
pub(super) struct Loads(Box<[CachePadded<Mutex<Shard>>]>);

#[derive(Debug, Default)]
struct Shard {
    /// How many loads are in flight of each key that has any.
    in_flight: HashMap<Key, u64>,
    /// What was counted since the window began.
    counts: LoadCounts,
}

impl Default for Loads {
    fn default() -> Self {
        Self((0..SHARDS).map(|_| CachePadded::default()).collect())
    }
}

impl Loads {
    /// Begins a load of `key`. It is in flight until what is returned is dropped: one whose caller gives it up is over for him.
    pub(super) fn begin<'a>(&'a self, key: &'a Key) -> Load<'a> {
        let shard = &*self.0[key.fingerprint() as usize % SHARDS];
        let Shard { in_flight, counts } = &mut *lock(shard);
        let of_key = in_flight.entry(key.clone()).or_default();
        counts.episodes += u64::from(*of_key == 0);
        counts.loads += 1;
        *of_key += 1;
        counts.most_at_once = counts.most_at_once.max(*of_key);
        Load { shard, key }
    }

    /// Counts anew from now on, beginning with what is in flight.
    pub(super) fn open_window(&self) {
        for shard in &self.0 {
            let Shard { in_flight, counts } = &mut *lock(shard);
            *counts = LoadCounts {
                loads: in_flight.values().sum(),
                episodes: in_flight.len() as u64,
                most_at_once: in_flight.values().copied().max().unwrap_or(0),
            };
        }
    }

    /// What was counted since the window began; since the beginning if none did.
    pub(super) fn counts(&self) -> LoadCounts {
        self.0.iter().fold(LoadCounts::default(), |sum, shard| {
            let LoadCounts { loads, episodes, most_at_once } = lock(shard).counts;
            LoadCounts {
                loads: sum.loads + loads,
                episodes: sum.episodes + episodes,
                most_at_once: sum.most_at_once.max(most_at_once),
            }
        })
    }
}

/// A load in flight.
#[derive(Debug)]
pub(super) struct Load<'a> {
    shard: &'a Mutex<Shard>,
    key: &'a Key,
}

impl Drop for Load<'_> {
    fn drop(&mut self) {
        let in_flight = &mut lock(self.shard).in_flight;
        match in_flight.get_mut(self.key) {
            Some(of_key) if *of_key > 1 => *of_key -= 1,
            _ => drop(in_flight.remove(self.key)),
        }
    }
}

/// Only map operations run under the lock, and a panic in one leaves no half-made state.
fn lock(shard: &Mutex<Shard>) -> MutexGuard<'_, Shard> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> Key {
        Key::new(name).unwrap()
    }

    fn counts(loads: u64, episodes: u64, most_at_once: u64) -> LoadCounts {
        LoadCounts { loads, episodes, most_at_once }
    }

    #[test]
    fn an_episode_lasts_until_no_load_of_its_key_is_in_flight() {
        let (loads, a, b) = (Loads::default(), key("a"), key("b"));
        let (first, second) = (loads.begin(&a), loads.begin(&a));
        drop(first);
        // The first is over, and the second is still there: the third belongs to the same episode.
        let third = loads.begin(&a);
        drop((second, third));
        assert_eq!(loads.counts(), counts(3, 1, 2));
        drop((loads.begin(&a), loads.begin(&b)));
        assert_eq!(loads.counts(), counts(5, 3, 2), "of two keys at once each has one");
    }

    #[test]
    fn a_window_begins_with_what_is_in_flight_and_forgets_what_is_over() {
        let (loads, a, b) = (Loads::default(), key("a"), key("b"));
        drop((loads.begin(&a), loads.begin(&a), loads.begin(&a)));
        let early = [loads.begin(&a), loads.begin(&a), loads.begin(&b)];
        loads.open_window();
        assert_eq!(loads.counts(), counts(3, 2, 2));
        let joins = loads.begin(&b);
        assert_eq!(loads.counts(), counts(4, 2, 2), "it joins the episode of before");
        drop((early, joins));
        loads.open_window();
        assert_eq!(loads.counts(), LoadCounts::default());
        assert!(loads.0.iter().all(|shard| lock(shard).in_flight.is_empty()), "a key that is not loaded is not kept");
    }

    #[test]
    fn many_threads_lose_no_load() {
        const THREADS: u64 = 8;
        const LOADS: u64 = 2_000;
        let (loads, keys) = (Loads::default(), ["a", "b", "c"].map(key));
        std::thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| (0..LOADS).for_each(|at| drop(loads.begin(&keys[at as usize % keys.len()]))));
            }
        });
        let LoadCounts { loads: all, episodes, most_at_once } = loads.counts();
        assert_eq!(all, THREADS * LOADS);
        assert!(episodes <= all && (1..=THREADS).contains(&most_at_once));
        assert!(loads.0.iter().all(|shard| lock(shard).in_flight.is_empty()));
    }
}
