//! From key to slot: a hash index that grows without being copied, and that nobody ever waits for.
//!
//! All slots stand in one list, in the order of their hashes' bits reversed; a bucket is an entry into the list (a split-ordered
//! list, after Shalev and Shavit, 2006). Twice as many buckets are twice as many entries into the same list: no slot moves. Nothing
//! is ever taken out, so a link that was read stays good. Readers take no lock and write nothing. A writer that is preempted holds
//! up nobody: a bucket that it has claimed and not yet linked is passed by, through the bucket that it splits.

use super::pages::Pages;
use super::slot::{Slot, SlotId, Slots};
use std::sync::atomic::{AtomicU32, Ordering};

/// More slots than this for each bucket, and there are twice as many buckets.
const SLOTS_A_BUCKET: u32 = 1;
const FIRST_BUCKETS: u32 = 64;
const BUCKETS_A_PAGE: usize = 1_024;

/// What stands in a bucket that nobody has come to.
const UNTOUCHED: u32 = 0;
/// The end of the list; in a bucket without [`READY`] also that somebody is about to link it.
const END: u32 = 1;
/// The first link to a slot.
const SLOTS: u32 = 2;
/// Links from here on are to buckets.
const BUCKETS: u32 = 1 << 30;
/// In a bucket: it is linked into the list, and one may begin there.
const READY: u32 = 1 << 31;

/// The slots of the keys that were written.
#[derive(Debug)]
pub(super) struct Index {
    buckets: Pages<AtomicU32, BUCKETS_A_PAGE>,
    /// How many buckets are in use: a power of two.
    size: AtomicU32,
    most_buckets: u32,
    /// Slots in the list.
    len: AtomicU32,
}

/// Where a slot or bucket goes: between the word that leads there and what that word leads to now.
struct Place<'a> {
    at: &'a AtomicU32,
    word: u32,
}

impl Place<'_> {
    fn next(&self) -> u32 {
        self.word & !READY
    }

    /// Whether it was still free, and is taken now.
    fn take(&self, link: u32) -> bool {
        let word = link | (self.word & READY);
        self.at.compare_exchange(self.word, word, Ordering::AcqRel, Ordering::Relaxed).is_ok()
    }
}

impl Index {
    /// For at most `keys` keys.
    pub(super) fn new(keys: u32) -> Self {
        let most_buckets = (keys / SLOTS_A_BUCKET).max(FIRST_BUCKETS).next_power_of_two();
        let buckets: Pages<AtomicU32, BUCKETS_A_PAGE> = Pages::new(most_buckets as usize);
        buckets.get_or_make(0).store(END | READY, Ordering::Release);
        Self { buckets, size: AtomicU32::new(FIRST_BUCKETS), most_buckets, len: AtomicU32::new(0) }
    }

    /// The slot of `key`, if it has one.
    pub(super) fn find(&self, slots: &Slots, key: u32) -> Option<SlotId> {
        let hash = mix(key);
        let wanted = order_of(hash);
        let mut link = self.entry(hash).load(Ordering::Acquire) & !READY;
        loop {
            match link {
                END => return None,
                // If the bucket is beyond what is wanted, so is the next slot.
                BUCKETS.. => link = self.buckets.at((link - BUCKETS) as usize).load(Ordering::Acquire) & !READY,
                _ => {
                    let id = SlotId(link - SLOTS);
                    let slot = slots.at(id);
                    match slot.order.load(Ordering::Relaxed) {
                        order if order == wanted => return Some(id),
                        order if order > wanted => return None,
                        _ => link = slot.next.load(Ordering::Acquire),
                    }
                }
            }
        }
    }

    /// The slot of `key`, which gets one if it has none: the spare one, if there is one. If another was faster, the spare one is
    /// left for the next key.
    pub(super) fn find_or_insert(&self, slots: &Slots, key: u32, spare: &mut Option<SlotId>) -> SlotId {
        if let Some(id) = self.find(slots, key) {
            return id;
        }
        let hash = mix(key);
        let bucket = hash & (self.size.load(Ordering::Relaxed) - 1);
        self.open(slots, bucket);
        let id = spare.take().unwrap_or_else(|| slots.take());
        let slot = slots.at(id);
        slot.order.store(order_of(hash), Ordering::Relaxed);
        loop {
            let place = self.place(slots, hash, order_of(hash));
            if let Some(there) = self.is_there(slots, &place, order_of(hash)) {
                *spare = Some(id);
                return there;
            }
            slot.next.store(place.next(), Ordering::Relaxed);
            if place.take(SLOTS + id.0) {
                break;
            }
        }
        self.grow();
        id
    }

    /// How many keys have a slot.
    pub(super) fn len(&self) -> u32 {
        self.len.load(Ordering::Relaxed)
    }

    /// The memory of the buckets, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.buckets.bytes()
    }

    /// Every slot, in no order that means anything.
    pub(super) fn each<'a>(&'a self, slots: &'a Slots) -> impl Iterator<Item = &'a Slot> {
        let mut link = self.buckets.at(0).load(Ordering::Acquire) & !READY;
        std::iter::from_fn(move || {
            loop {
                match link {
                    END => return None,
                    BUCKETS.. => link = self.buckets.at((link - BUCKETS) as usize).load(Ordering::Acquire) & !READY,
                    _ => {
                        let slot = slots.at(SlotId(link - SLOTS));
                        link = slot.next.load(Ordering::Acquire);
                        return Some(slot);
                    }
                }
            }
        })
    }

    /// The bucket to begin at for `hash`: its own, or the nearest of those that it was split from that is linked. The first
    /// always is.
    fn entry(&self, hash: u32) -> &AtomicU32 {
        let mut bucket = hash & (self.size.load(Ordering::Relaxed) - 1);
        if let Some(word) = self.linked(bucket) {
            return word;
        }
        // While nothing was written, as under a load that only reads, there is nothing but the first.
        let first = self.buckets.at(0);
        if first.load(Ordering::Acquire) & !READY == END {
            return first;
        }
        loop {
            bucket = split_from(bucket);
            if let Some(word) = self.linked(bucket) {
                return word;
            }
        }
    }

    /// A bucket, if it is linked.
    #[inline]
    fn linked(&self, bucket: u32) -> Option<&AtomicU32> {
        self.buckets.get(bucket as usize).filter(|word| word.load(Ordering::Acquire) & READY != 0)
    }

    /// Links a bucket, unless it is, or another is at it.
    fn open(&self, slots: &Slots, bucket: u32) {
        let word = self.buckets.get_or_make(bucket as usize);
        if word.compare_exchange(UNTOUCHED, END, Ordering::AcqRel, Ordering::Relaxed).is_err() {
            return;
        }
        loop {
            let place = self.place(slots, split_from(bucket), bucket.reverse_bits());
            // Nobody comes here before it is linked.
            word.store(place.next(), Ordering::Release);
            if place.take(BUCKETS + bucket) {
                break;
            }
        }
        word.fetch_or(READY, Ordering::AcqRel);
    }

    /// Where `order` goes, looked for from the bucket of `hash` on.
    fn place<'a>(&'a self, slots: &'a Slots, hash: u32, order: u32) -> Place<'a> {
        let mut at = self.entry(hash);
        loop {
            let word = at.load(Ordering::Acquire);
            let link = word & !READY;
            let (there, next) = match link {
                END => return Place { at, word },
                BUCKETS.. => ((link - BUCKETS).reverse_bits(), self.buckets.at((link - BUCKETS) as usize)),
                _ => {
                    let slot = slots.at(SlotId(link - SLOTS));
                    (slot.order.load(Ordering::Relaxed), &slot.next)
                }
            };
            if there >= order {
                return Place { at, word };
            }
            at = next;
        }
    }

    /// The slot of that order, if `place` leads to it.
    fn is_there(&self, slots: &Slots, place: &Place<'_>, order: u32) -> Option<SlotId> {
        let link = place.next();
        if !(SLOTS..BUCKETS).contains(&link) {
            return None;
        }
        let id = SlotId(link - SLOTS);
        (slots.at(id).order.load(Ordering::Relaxed) == order).then_some(id)
    }

    fn grow(&self) {
        let len = self.len.fetch_add(1, Ordering::Relaxed) + 1;
        let size = self.size.load(Ordering::Relaxed);
        if len / SLOTS_A_BUCKET > size && size < self.most_buckets {
            // Whoever comes second finds it done.
            let _ = self.size.compare_exchange(size, size * 2, Ordering::Relaxed, Ordering::Relaxed);
        }
    }
}

/// A slot's place in the list: odd, so that it is behind its bucket's and never the same.
fn order_of(hash: u32) -> u32 {
    hash.reverse_bits() | 1
}

/// The bucket that was split to make this one.
fn split_from(bucket: u32) -> u32 {
    bucket.checked_ilog2().map_or(0, |highest| bucket & !(1 << highest))
}

/// A hash of 31 bits: different for different keys, so it stands for the key.
pub(super) fn mix(key: u32) -> u32 {
    const BITS: u32 = (1 << 31) - 1;
    debug_assert!(key <= BITS, "keys are numbered up to a hundred million");
    let mut hash = key.wrapping_mul(0x9E37_79B1) & BITS;
    hash ^= hash >> 15;
    hash = hash.wrapping_mul(0x85EB_CA6B) & BITS;
    hash ^ (hash >> 13)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::{HashMap, HashSet};
    use std::sync::Barrier;

    proptest! {
        #[test]
        fn a_key_has_one_slot_for_good(keys in prop::collection::vec(0..5_000u32, 1..2_000)) {
            let (index, slots) = (Index::new(5_000), Slots::new(5_001));
            let (mut known, mut spare) = (HashMap::new(), None);
            for key in keys {
                prop_assert_eq!(index.find(&slots, key), known.get(&key).copied());
                let id = index.find_or_insert(&slots, key, &mut spare);
                prop_assert_eq!(*known.entry(key).or_insert(id), id);
            }
            let distinct: HashSet<_> = known.values().collect();
            prop_assert_eq!((distinct.len(), index.len() as usize), (known.len(), known.len()));
            prop_assert_eq!(index.each(&slots).count(), known.len());
            for (key, id) in known {
                prop_assert_eq!(index.find(&slots, key), Some(id));
            }
        }
    }

    #[test]
    fn threads_that_meet_at_a_key_agree_on_its_slot_and_lose_none() {
        const KEYS: u32 = 20_000;
        const THREADS: usize = 4;
        let (index, slots) = (Index::new(KEYS), Slots::new(KEYS as usize + THREADS));
        let together = Barrier::new(THREADS);
        let of_threads: Vec<Vec<SlotId>> = std::thread::scope(|scope| {
            let running: Vec<_> = (0..THREADS)
                .map(|_| {
                    scope.spawn(|| {
                        let mut spare = None;
                        let mut found = Vec::new();
                        together.wait();
                        for key in 0..KEYS {
                            found.push(index.find_or_insert(&slots, key, &mut spare));
                            assert_eq!(index.find(&slots, key / 2), Some(found[key as usize / 2]));
                        }
                        found
                    })
                })
                .collect();
            running.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(of_threads.windows(2).all(|pair| pair[0] == pair[1]));
        let distinct: HashSet<_> = of_threads[0].iter().collect();
        assert_eq!((distinct.len(), index.len()), (KEYS as usize, KEYS));
        assert_eq!(index.each(&slots).count(), KEYS as usize);
    }

    #[test]
    fn hashes_of_different_keys_differ() {
        let hashes: HashSet<u32> = (0..100_000).chain(99_900_000..100_000_000).map(mix).collect();
        assert_eq!(hashes.len(), 200_000);
        assert!(hashes.iter().all(|hash| hash.leading_zeros() >= 1));
    }

    #[test]
    fn a_bucket_is_split_from_the_one_without_its_highest_bit() {
        assert_eq!([0, 1, 2, 3, 6, 7, 64].map(split_from), [0, 0, 0, 1, 2, 3, 0]);
    }
}
