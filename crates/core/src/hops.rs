//! Where an operation's time goes: to the cache, to the store, to waiting for a lane.
//!
//! Off unless asked for: then no operation carries [`Hops`], no clock is read, and each call pays a branch. Where it is
//! on, a call to a cache or a store costs two looks at the clock and one addition.
//!
//! The sums stand in a [`HopSlot`] that a session leases for a trial. An operation's context is copied freely, into loads
//! that outlive their caller too, so it names the slot by reference: slots are leaked, but given back and leased again,
//! and there are never more than were leased at once (a session each, 128 bytes; a definition allows 100,000 sessions).

use crossbeam_utils::CachePadded;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Something that an operation's time goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hop {
    /// Waiting for a lane: for a free one, or for one to be connected. It is part of a call, so also of its time.
    Queue,
    /// Calls to the cache, whole.
    Cache,
    /// Calls to the store, whole.
    Store,
}

/// What the hops of one operation took, in nanoseconds; none for a hop that it did not make.
///
/// Cache and store may be added up, and what is left of the service time is the strategy and the client (and, for a read
/// that joined another's load, the wait for it) - if the calls came one after another. Calls that ran at once are counted
/// each, and may come to more than the operation. The queue is contained in the other two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HopTimes {
    /// Waiting for lanes.
    pub queue_ns: Option<u64>,
    /// Calls to the cache.
    pub cache_ns: Option<u64>,
    /// Calls to the store.
    pub store_ns: Option<u64>,
}

/// A sum of nanoseconds and the ticket of the operation that it belongs to, in one word: an addition either finds its own
/// operation's sum or adds nothing, also while the next operation begins on another thread.
#[derive(Debug, Default)]
struct Sum(AtomicU64);

/// Enough for 18 minutes; sums stay at the greatest.
const SUM_BITS: u32 = 40;
const GREATEST_SUM: u64 = (1 << SUM_BITS) - 1;
/// A straggler would have to be 16.7 million operations of its session late to be taken for another's.
const TICKETS: u64 = 1 << (u64::BITS - SUM_BITS);

impl Sum {
    fn begin(&self, ticket: u32) {
        self.0.store(u64::from(ticket) << SUM_BITS, Ordering::Relaxed);
    }

    fn add(&self, ticket: u32, ns: u64) {
        // What a session reads after its operation was added before the operation's end reached it, so the message that
        // brought the end orders the two; nothing else hangs on this word.
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |word| {
            let sum = (word & GREATEST_SUM).saturating_add(ns).min(GREATEST_SUM);
            (word >> SUM_BITS == u64::from(ticket)).then_some(u64::from(ticket) << SUM_BITS | sum)
        });
    }

    fn of(&self, ticket: u32) -> Option<u64> {
        let word = self.0.load(Ordering::Relaxed);
        let sum = word & GREATEST_SUM;
        (word >> SUM_BITS == u64::from(ticket) && sum > 0).then_some(sum)
    }
}

/// Where the hops of one session's operation are summed.
#[derive(Debug, Default)]
pub struct HopSlot {
    begun: AtomicU64,
    queue: Sum,
    cache: Sum,
    store: Sum,
}

type Pool = Mutex<Vec<&'static CachePadded<HopSlot>>>;

/// Slots that nobody leases.
static FREE: Pool = Mutex::new(Vec::new());

fn free() -> MutexGuard<'static, Vec<&'static CachePadded<HopSlot>>> {
    FREE.lock().unwrap_or_else(PoisonError::into_inner)
}

impl HopSlot {
    fn sum(&self, hop: Hop) -> &Sum {
        match hop {
            Hop::Queue => &self.queue,
            Hop::Cache => &self.cache,
            Hop::Store => &self.store,
        }
    }
}

/// A slot for one session, which has one operation at a time. It is given back when this is dropped.
#[derive(Debug)]
pub struct HopLease(&'static CachePadded<HopSlot>);

impl HopLease {
    /// Leases a slot that is free, or makes one.
    #[must_use]
    pub fn take() -> Self {
        let used = free().pop();
        Self(used.unwrap_or_else(|| Box::leak(Box::default())))
    }

    /// The sums of the session's next operation, all nothing. What belongs to an earlier one, of this lease or of one
    /// before, is not added any more.
    #[must_use]
    pub fn begin(&self) -> Hops {
        // Below 2^24.
        let ticket = (self.0.begun.fetch_add(1, Ordering::Relaxed) % TICKETS) as u32;
        [&self.0.queue, &self.0.cache, &self.0.store].into_iter().for_each(|sum| sum.begin(ticket));
        Hops { slot: self.0, ticket }
    }
}

impl Drop for HopLease {
    fn drop(&mut self) {
        free().push(self.0);
    }
}

/// The sums of one operation. It travels in the [`OpContext`](crate::OpContext), into loads that outlive their caller too:
/// what these add after the session has begun its next operation is dropped.
#[derive(Clone, Copy)]
pub struct Hops {
    slot: &'static HopSlot,
    ticket: u32,
}

impl Hops {
    /// Adds to a hop. An addition counts as 1 ns at least, so that a hop that was made is told from one that wasn't.
    pub fn add(self, hop: Hop, elapsed: Duration) {
        let ns = u64::try_from(elapsed.as_nanos()).unwrap_or(u64::MAX).max(1);
        self.slot.sum(hop).add(self.ticket, ns);
    }

    /// The sums so far; nothing once the session has begun its next operation.
    #[must_use]
    pub fn times(self) -> HopTimes {
        let of = |hop| self.slot.sum(hop).of(self.ticket);
        HopTimes { queue_ns: of(Hop::Queue), cache_ns: of(Hop::Cache), store_ns: of(Hop::Store) }
    }
}

/// Two are equal if they are the same operation's, whatever was added.
impl PartialEq for Hops {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.slot, other.slot) && self.ticket == other.ticket
    }
}

impl Eq for Hops {}

impl fmt::Debug for Hops {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hops").field("ticket", &self.ticket).field("times", &self.times()).finish()
    }
}

/// Times one hop from here until it is dropped, so that a call that is given up counts as long as it lasted. Without
/// [`Hops`] it does nothing and reads no clock.
#[derive(Debug)]
#[must_use = "it times until it is dropped"]
pub struct HopTimer(Option<Running>);

#[derive(Debug)]
struct Running {
    hops: Hops,
    hop: Hop,
    began: Instant,
}

impl HopTimer {
    /// Begins now.
    pub fn start(hops: Option<Hops>, hop: Hop) -> Self {
        Self(hops.map(|hops| Running { hops, hop, began: Instant::now() }))
    }
}

impl Drop for HopTimer {
    fn drop(&mut self) {
        if let Some(Running { hops, hop, began }) = &self.0 {
            hops.add(*hop, began.elapsed());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MICRO: Duration = Duration::from_micros(1);

    #[test]
    fn hops_are_summed_apart_and_one_that_was_not_made_is_none() {
        let lease = HopLease::take();
        let hops = lease.begin();
        assert_eq!(hops.times(), HopTimes::default());
        hops.add(Hop::Cache, MICRO);
        hops.add(Hop::Cache, 2 * MICRO);
        hops.add(Hop::Queue, Duration::ZERO);
        assert_eq!(hops.times(), HopTimes { queue_ns: Some(1), cache_ns: Some(3000), store_ns: None });
    }

    #[test]
    fn what_comes_late_is_not_added_to_the_next_operation() {
        let lease = HopLease::take();
        let first = lease.begin();
        first.add(Hop::Store, MICRO);
        let second = lease.begin();
        first.add(Hop::Store, MICRO);
        assert_eq!((first.times(), second.times()), (HopTimes::default(), HopTimes::default()));
        second.add(Hop::Store, 5 * MICRO);
        assert_eq!(second.times().store_ns, Some(5000));
        assert_ne!(first, second);
    }

    #[test]
    fn sums_stay_at_the_greatest() {
        let lease = HopLease::take();
        let hops = lease.begin();
        for _ in 0..2 {
            hops.add(Hop::Store, Duration::from_secs(1_000_000));
        }
        hops.add(Hop::Cache, MICRO);
        let expected = HopTimes { queue_ns: None, cache_ns: Some(1000), store_ns: Some(GREATEST_SUM) };
        assert_eq!(hops.times(), expected);
    }

    #[test]
    fn nothing_of_one_operation_reaches_another_while_threads_add() {
        let lease = HopLease::take();
        std::thread::scope(|scope| {
            for _ in 0..200 {
                let late = lease.begin();
                let straggler = scope.spawn(move || (0..50).for_each(|_| late.add(Hop::Cache, 1000 * MICRO)));
                for _ in 0..10 {
                    let hops = lease.begin();
                    (0..3).for_each(|_| hops.add(Hop::Cache, MICRO));
                    assert_eq!(hops.times().cache_ns, Some(3000));
                }
                straggler.join().unwrap();
            }
        });
    }

    #[tokio::test(start_paused = true)]
    async fn a_timer_counts_a_call_that_is_given_up() {
        let lease = HopLease::take();
        let hops = lease.begin();
        let call = async {
            let _timer = HopTimer::start(Some(hops), Hop::Store);
            std::future::pending::<()>().await;
        };
        assert!(tokio::time::timeout(20_000 * MICRO, call).await.is_err());
        // The clock stands still but for timers, whose step is a millisecond.
        let elapsed = hops.times().store_ns.unwrap();
        assert!((20_000_000..25_000_000).contains(&elapsed), "{elapsed}");
    }
}
