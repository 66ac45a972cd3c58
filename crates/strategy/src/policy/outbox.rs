//! Invalidations that the cache did not take: kept until it does.
//!
//! It is a list and its rules; who delivers is told what is due and says what came of it. That a key's entry is deleted twice does no harm, so
//! a key is kept once however often it comes, and a delivery counts for what had come before it began.

use cachemark_core::Key;
use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What became of a key that was to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It is there until it is delivered.
    Kept,
    /// It was there already, and is to be delivered anew.
    Again,
    /// There is no room: nobody will deliver it.
    Lost,
}

/// A key that is due, and which of its comings a delivery answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The key.
    pub key: Key,
    coming: u64,
}

/// What it has done so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OutboxCounts {
    /// Keys that were kept.
    pub put: u64,
    /// Keys that were there already when they came.
    pub again: u64,
    /// Keys that were delivered.
    pub delivered: u64,
    /// Deliveries that failed.
    pub failed: u64,
    /// Keys for which there was no room.
    pub lost: u64,
}

/// The keys of lost invalidations, so many at most.
#[derive(Debug)]
pub struct Outbox {
    capacity: usize,
    /// How many keys there are, looked at without the lock: nearly always none.
    len: AtomicUsize,
    state: Mutex<State>,
}

/// How many keys that have left may stand in line for others.
const SLACK: usize = 64;

#[derive(Debug, Default)]
struct State {
    /// The numbers of the first and the last coming of each key.
    kept: HashMap<Key, (u64, u64)>,
    /// The keys in the order in which they are tried, each with its first coming; some have been delivered out of turn.
    order: VecDeque<(Key, u64)>,
    comings: u64,
    counts: OutboxCounts,
}

impl Outbox {
    /// An empty one for so many keys.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self { capacity, len: AtomicUsize::new(0), state: Mutex::default() }
    }

    /// What it has done so far.
    #[must_use]
    pub fn counts(&self) -> OutboxCounts {
        self.lock().counts
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        // Whoever put something in here sees it, and for others it came when they see it.
        self.len.load(Ordering::Acquire) == 0
    }

    /// Keeps the key until it is delivered.
    pub fn put(&self, key: &Key) -> Kept {
        let mut state = self.lock();
        state.comings += 1;
        let coming = state.comings;
        if let Some((_, last)) = state.kept.get_mut(key) {
            *last = coming;
            state.counts.again += 1;
            return Kept::Again;
        }
        if state.kept.len() >= self.capacity {
            state.counts.lost += 1;
            return Kept::Lost;
        }
        state.counts.put += 1;
        state.kept.insert(key.clone(), (coming, coming));
        state.order.push_back((key.clone(), coming));
        self.len.store(state.kept.len(), Ordering::Release);
        Kept::Kept
    }

    /// What is due of that key; none if it is not there.
    #[must_use]
    pub fn of(&self, key: &Key) -> Option<Due> {
        if self.is_empty() {
            return None;
        }
        let (_, coming) = *self.lock().kept.get(key)?;
        Some(Due { key: key.clone(), coming })
    }

    /// The key whose turn it is; it goes to the end of the line.
    #[must_use]
    pub fn next(&self) -> Option<Due> {
        let mut state = self.lock();
        loop {
            let (key, first) = state.order.pop_front()?;
            if let Some((_, coming)) = state.kept.get(&key).copied().filter(|kept| kept.0 == first) {
                state.order.push_back((key.clone(), first));
                return Some(Due { key, coming });
            }
        }
    }

    /// The cache has taken it: it is gone, unless the key has come again since.
    pub fn delivered(&self, due: &Due) {
        let mut state = self.lock();
        if state.kept.get(&due.key).is_some_and(|(_, last)| *last == due.coming) {
            state.kept.remove(&due.key);
            state.tidy();
            state.counts.delivered += 1;
            self.len.store(state.kept.len(), Ordering::Release);
        }
    }

    /// The cache has not taken it: it stays.
    pub fn failed(&self) {
        self.lock().counts.failed += 1;
    }

    /// No panic in what runs under the lock leaves it half done.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Takes those out of the line that have left, once they are more than those who stand there: a few steps for each that leaves.
    fn tidy(&mut self) {
        let Self { kept, order, .. } = self;
        if order.len() > 2 * kept.len() + SLACK {
            order.retain(|(key, first)| kept.get(key).is_some_and(|kept| kept.0 == *first));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::{BTreeSet, HashSet};

    fn key(number: u8) -> Key {
        Key::new(format!("k{number}")).unwrap()
    }

    #[test]
    fn keys_are_tried_in_turn_and_each_is_there_once() {
        let outbox = Outbox::new(2);
        assert_eq!(
            [1, 2, 1, 3].map(|number| outbox.put(&key(number))),
            [Kept::Kept, Kept::Kept, Kept::Again, Kept::Lost]
        );
        let turns: Vec<_> = (0..4).map(|_| outbox.next().unwrap().key).collect();
        assert_eq!(turns, [key(1), key(2), key(1), key(2)]);
        outbox.delivered(&outbox.of(&key(1)).unwrap());
        assert_eq!((outbox.next().unwrap().key, outbox.next().unwrap().key), (key(2), key(2)));
        outbox.delivered(&outbox.next().unwrap());
        assert_eq!((outbox.is_empty(), outbox.next(), outbox.of(&key(2))), (true, None, None));
        let counts = OutboxCounts { put: 2, again: 1, delivered: 2, failed: 0, lost: 1 };
        assert_eq!(outbox.counts(), counts);
    }

    #[test]
    fn a_delivery_counts_for_what_had_come_before_it_began() {
        let outbox = Outbox::new(9);
        outbox.put(&key(1));
        let due = outbox.next().unwrap();
        // The row was written again meanwhile, and that invalidation was lost as well.
        outbox.put(&key(1));
        outbox.delivered(&due);
        assert!(outbox.of(&key(1)).is_some());
    }

    #[test]
    fn what_left_out_of_turn_takes_no_room_for_long() {
        let outbox = Outbox::new(9);
        outbox.put(&key(0));
        for _ in 0..10_000 {
            outbox.put(&key(1));
            outbox.delivered(&outbox.of(&key(1)).unwrap());
        }
        assert!(outbox.lock().order.len() <= 2 + SLACK);
    }

    proptest! {
        /// The law: what was kept is due until it is delivered after its last coming, whatever happens in between.
        #[test]
        fn nothing_that_it_said_it_keeps_is_lost(
            capacity in 0usize..6,
            steps in prop::collection::vec((0u8..4, 0u8..8), 0..300),
        ) {
            let outbox = Outbox::new(capacity);
            let mut owed: BTreeSet<u8> = BTreeSet::new();
            // Deliveries under way, with what has come again since they began.
            let mut under_way: Vec<(Due, u8, bool)> = Vec::new();
            for (what, number) in steps {
                match what {
                    0 => {
                        let there = owed.contains(&number);
                        let room = owed.len() < capacity;
                        let kept = outbox.put(&key(number));
                        let expected = if there { Kept::Again } else if room { Kept::Kept } else { Kept::Lost };
                        prop_assert_eq!(kept, expected);
                        if kept != Kept::Lost {
                            owed.insert(number);
                            under_way.iter_mut().filter(|(_, of, _)| *of == number).for_each(|(_, _, again)| *again = true);
                        }
                    }
                    1 => {
                        let due = if number % 2 == 0 { outbox.next() } else { outbox.of(&key(number)) };
                        if let Some(due) = due {
                            let of = (0..8).find(|number| key(*number) == due.key).unwrap();
                            prop_assert!(owed.contains(&of));
                            under_way.push((due, of, false));
                        }
                    }
                    2 if !under_way.is_empty() => {
                        let (due, of, again) = under_way.swap_remove(usize::from(number) % under_way.len());
                        outbox.delivered(&due);
                        if !again {
                            owed.remove(&of);
                        }
                    }
                    _ => outbox.failed(),
                }
                for number in 0..8 {
                    prop_assert_eq!(outbox.of(&key(number)).is_some(), owed.contains(&number));
                }
                prop_assert_eq!(outbox.is_empty(), owed.is_empty());
            }
            // And each of them gets its turn.
            let turns: HashSet<Key> = (0..owed.len()).filter_map(|_| outbox.next()).map(|due| due.key).collect();
            prop_assert_eq!(turns, owed.iter().map(|number| key(*number)).collect::<HashSet<_>>());
        }
    }
}
