//! Invalidations that the cache did not take: kept until it does.
//!
//! It is a list and its rules; who delivers is told what is due and says what came of it. That a key's entry is deleted twice does no harm, so
//! a key is kept once however often it comes, and a delivery counts for what had come before it began. A write may bring its key twice, once
//! where its delete failed and once where it ends; it is counted once.

use cachemark_core::{Key, WriteId};
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

/// How many keys that have left may stand in line for others; and how many writes may lie between the two times that one of them brings a key
/// that finds no room.
const SLACK: usize = 64;

#[derive(Debug, Default)]
struct State {
    kept: HashMap<Key, Comings>,
    /// The keys in the order in which they are tried, each with its first coming; some have been delivered out of turn.
    order: VecDeque<(Key, u64)>,
    comings: u64,
    /// The last writes whose keys found no room.
    lost: VecDeque<WriteId>,
    counts: OutboxCounts,
}

/// Those of one key, by their numbers.
#[derive(Debug, Clone, Copy)]
struct Comings {
    first: u64,
    last: u64,
    /// The write that brought it last.
    write: WriteId,
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
        // Whoever put something in here sees it, and for others it came when they see it. In one order with the flag of who empties it:
        // of one who puts and looks at the flag, and one who clears the flag and looks here, at least one sees the other.
        self.len.load(Ordering::SeqCst) == 0
    }

    /// Keeps the key until it is delivered; `write` is the one whose invalidation it is.
    pub fn put(&self, key: &Key, write: WriteId) -> Kept {
        let mut state = self.lock();
        state.comings += 1;
        let coming = state.comings;
        if let Some(kept) = state.kept.get_mut(key) {
            let is_another = std::mem::replace(&mut kept.write, write) != write;
            kept.last = coming;
            state.counts.again += u64::from(is_another);
            return Kept::Again;
        }
        if state.kept.len() >= self.capacity {
            state.lose(write);
            return Kept::Lost;
        }
        state.counts.put += 1;
        state.kept.insert(key.clone(), Comings { first: coming, last: coming, write });
        state.order.push_back((key.clone(), coming));
        self.len.store(state.kept.len(), Ordering::SeqCst);
        Kept::Kept
    }

    /// What is due of that key; none if it is not there.
    #[must_use]
    pub fn of(&self, key: &Key) -> Option<Due> {
        if self.is_empty() {
            return None;
        }
        let coming = self.lock().kept.get(key)?.last;
        Some(Due { key: key.clone(), coming })
    }

    /// The key whose turn it is; it goes to the end of the line.
    #[must_use]
    pub fn next(&self) -> Option<Due> {
        let mut state = self.lock();
        loop {
            let (key, first) = state.order.pop_front()?;
            if let Some(kept) = state.kept.get(&key).copied().filter(|kept| kept.first == first) {
                state.order.push_back((key.clone(), first));
                return Some(Due { key, coming: kept.last });
            }
        }
    }

    /// The cache has taken it: it is gone, unless the key has come again since.
    pub fn delivered(&self, due: &Due) {
        let mut state = self.lock();
        if state.kept.get(&due.key).is_some_and(|kept| kept.last == due.coming) {
            state.kept.remove(&due.key);
            state.tidy();
            state.counts.delivered += 1;
            self.len.store(state.kept.len(), Ordering::SeqCst);
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
    /// Counts a key that found no room, once for its write.
    fn lose(&mut self, write: WriteId) {
        if self.lost.contains(&write) {
            return;
        }
        self.counts.lost += 1;
        if self.lost.len() == SLACK {
            self.lost.pop_front();
        }
        self.lost.push_back(write);
    }

    /// Takes those out of the line that have left, once they are more than those who stand there: a few steps for each that leaves.
    fn tidy(&mut self) {
        let Self { kept, order, .. } = self;
        if order.len() > 2 * kept.len() + SLACK {
            order.retain(|(key, first)| kept.get(key).is_some_and(|kept| kept.first == *first));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cachemark_core::OpContext;
    use proptest::prelude::*;
    use std::collections::{BTreeSet, HashSet};

    /// A write of its own each time.
    fn write() -> WriteId {
        static WRITES: AtomicUsize = AtomicUsize::new(0);
        OpContext::new(0).at(WRITES.fetch_add(1, Ordering::Relaxed) as u64).write_id()
    }

    fn key(number: u8) -> Key {
        Key::new(format!("k{number}")).unwrap()
    }

    #[test]
    fn keys_are_tried_in_turn_and_each_is_there_once() {
        let outbox = Outbox::new(2);
        assert_eq!(
            [1, 2, 1, 3].map(|number| outbox.put(&key(number), write())),
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

    /// A delete that failed brings its key, and so does the end of the write that made it.
    #[test]
    fn what_one_write_brings_twice_is_counted_once() {
        let outbox = Outbox::new(1);
        let counted = || {
            let OutboxCounts { put, again, lost, .. } = outbox.counts();
            (put, again, lost)
        };
        let [first, second, third] = [write(), write(), write()];
        for (number, write, expected) in [
            (1, first, (1, 0, 0)),
            (1, first, (1, 0, 0)),
            (2, second, (1, 0, 1)),
            (3, third, (1, 0, 2)),
            (2, second, (1, 0, 2)),
            (3, third, (1, 0, 2)),
            (1, second, (1, 1, 2)),
            (1, second, (1, 1, 2)),
            (1, first, (1, 2, 2)),
        ] {
            outbox.put(&key(number), write);
            assert_eq!(counted(), expected);
        }
    }

    #[test]
    fn a_delivery_counts_for_what_had_come_before_it_began() {
        let outbox = Outbox::new(9);
        outbox.put(&key(1), write());
        let due = outbox.next().unwrap();
        // The row was written again meanwhile, and that invalidation was lost as well.
        outbox.put(&key(1), write());
        outbox.delivered(&due);
        assert!(outbox.of(&key(1)).is_some());
    }

    #[test]
    fn what_left_out_of_turn_takes_no_room_for_long() {
        let outbox = Outbox::new(9);
        outbox.put(&key(0), write());
        for _ in 0..10_000 {
            outbox.put(&key(1), write());
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
                        let kept = outbox.put(&key(number), write());
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
