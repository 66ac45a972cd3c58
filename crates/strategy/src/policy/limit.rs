//! A limit of calls at once, with a bounded queue before it: what finds the queue full is turned away before any work is done.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout_at};

/// How many calls may be made at once, and how many may wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitRule {
    /// Calls at once.
    pub calls: usize,
    /// Calls that wait, first come, first served.
    pub queue: usize,
    /// How long a call waits at most.
    pub wait: Duration,
}

/// The limit of one store.
#[derive(Debug)]
pub struct Limit {
    rule: LimitRule,
    places: Semaphore,
    waiting: AtomicUsize,
    counts: LimitCounts,
}

/// What it has done so far.
#[derive(Debug, Default)]
pub struct LimitCounts {
    /// Calls that found the queue full.
    pub shed: AtomicU64,
    /// Calls that waited in vain.
    pub shed_late: AtomicU64,
    /// Calls that waited, in vain or not.
    pub queued: AtomicU64,
    /// How long they did, summed, in nanoseconds.
    pub wait_ns: AtomicU64,
}

/// Why a call is not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TurnedAway {
    /// As many calls wait as may.
    Full,
    /// No place became free in time.
    Late,
}

/// The place of one call, free again when this is dropped.
#[derive(Debug)]
#[must_use = "the call has its place for as long as this lives"]
pub struct Place<'a>(#[expect(dead_code, reason = "it gives the place back when it is dropped")] SemaphorePermit<'a>);

/// One of those who wait; given up when it is dropped.
struct Waiting<'a>(&'a Limit, Instant);

impl Limit {
    /// A limit with all places free.
    #[must_use]
    pub fn new(rule: LimitRule) -> Self {
        let places = Semaphore::new(rule.calls.min(Semaphore::MAX_PERMITS));
        Self { rule, places, waiting: AtomicUsize::new(0), counts: LimitCounts::default() }
    }

    /// What it has done so far.
    #[must_use]
    pub fn counts(&self) -> &LimitCounts {
        &self.counts
    }

    /// A place for a call, if one is free now.
    pub fn enter_at_once(&self) -> Option<Place<'_>> {
        // Whoever waits is before whoever comes: a place that becomes free is given to the first of them.
        self.places.try_acquire().ok().map(Place)
    }

    /// A place for a call whose caller waits until `deadline`.
    ///
    /// # Errors
    /// [`TurnedAway`] at once where the queue is full, or after the wait.
    pub async fn enter(&self, deadline: Option<Instant>) -> Result<Place<'_>, TurnedAway> {
        if let Some(place) = self.enter_at_once() {
            return Ok(place);
        }
        let waiting = self.wait()?;
        let end = waiting.1 + self.rule.wait;
        let place = timeout_at(deadline.map_or(end, |deadline| deadline.min(end)), self.places.acquire()).await;
        drop(waiting);
        match place {
            Ok(Ok(place)) => Ok(Place(place)),
            // The semaphore is never closed.
            Ok(Err(_)) | Err(_) => {
                self.counts.shed_late.fetch_add(1, Ordering::Relaxed);
                Err(TurnedAway::Late)
            }
        }
    }

    fn wait(&self) -> Result<Waiting<'_>, TurnedAway> {
        let more = |waiting: usize| (waiting < self.rule.queue).then_some(waiting + 1);
        match self.waiting.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more) {
            Ok(_) => {
                self.counts.queued.fetch_add(1, Ordering::Relaxed);
                Ok(Waiting(self, Instant::now()))
            }
            Err(_) => {
                self.counts.shed.fetch_add(1, Ordering::Relaxed);
                Err(TurnedAway::Full)
            }
        }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
        let waited_ns = u64::try_from(self.1.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.0.counts.wait_ns.fetch_add(waited_ns, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::sync::Arc;
    use tokio::time::sleep;

    const MS: Duration = Duration::from_millis(1);

    fn limit(calls: usize, queue: usize) -> Arc<Limit> {
        Arc::new(Limit::new(LimitRule { calls, queue, wait: 10 * MS }))
    }

    #[tokio::test(start_paused = true)]
    async fn who_finds_the_queue_full_is_turned_away_at_once_and_who_waits_too_long_later() {
        let limit = limit(1, 1);
        let first = limit.enter(None).await.unwrap();
        let began = Instant::now();
        let (second, third) = tokio::join!(limit.enter(None), limit.enter(None));
        assert_eq!((second.unwrap_err(), third.unwrap_err()), (TurnedAway::Late, TurnedAway::Full));
        assert_eq!(began.elapsed(), 10 * MS);
        drop(first);
        drop(limit.enter(None).await.unwrap());
        let counts = limit.counts();
        let counted = [&counts.shed, &counts.shed_late, &counts.queued, &counts.wait_ns];
        assert_eq!(counted.map(|count| count.load(Ordering::Relaxed)), [1, 1, 1, 10_000_000]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_ends_with_the_callers_deadline() {
        let limit = limit(1, 1);
        let _first = limit.enter(None).await.unwrap();
        let began = Instant::now();
        assert_eq!(limit.enter(Some(began + 3 * MS)).await.unwrap_err(), TurnedAway::Late);
        assert_eq!(began.elapsed(), 3 * MS);
    }

    #[tokio::test(start_paused = true)]
    async fn who_gives_up_gives_back_what_he_had() {
        let limit = limit(1, 1);
        let first = limit.enter(None).await.unwrap();
        let waiting = tokio::spawn({
            let limit = Arc::clone(&limit);
            async move { limit.enter(None).await.map(drop) }
        });
        sleep(MS).await;
        waiting.abort();
        assert!(waiting.await.unwrap_err().is_cancelled());
        assert_eq!(limit.waiting.load(Ordering::Relaxed), 0);
        drop(first);
        drop(limit.enter(None).await.unwrap());
        assert_eq!(limit.places.available_permits(), 1);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// However calls come and last: never more at once than the limit, never more in line than the queue, and each ends somehow.
        #[test]
        fn neither_the_limit_nor_the_queue_is_ever_passed(
            calls in 1usize..5,
            queue in 0usize..5,
            asked in prop::collection::vec((0u64..30, 0u64..20), 1..60),
        ) {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
            let (limit, most) = (limit(calls, queue), Arc::new([AtomicUsize::new(0), AtomicUsize::new(0)]));
            let at_once = Arc::new(AtomicUsize::new(0));
            let count = asked.len() as u64;
            let ended: u64 = runtime.block_on(async {
                let tasks: Vec<_> = asked.into_iter().map(|(at_ms, long_ms)| {
                    let (limit, most, at_once) = (Arc::clone(&limit), Arc::clone(&most), Arc::clone(&at_once));
                    tokio::spawn(async move {
                        sleep(Duration::from_millis(at_ms)).await;
                        let place = limit.enter(None).await;
                        most[1].fetch_max(limit.waiting.load(Ordering::Relaxed), Ordering::Relaxed);
                        let Ok(_place) = place else { return 0u64 };
                        most[0].fetch_max(at_once.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
                        sleep(Duration::from_millis(long_ms)).await;
                        at_once.fetch_sub(1, Ordering::Relaxed);
                        1
                    })
                }).collect();
                let mut ended = 0;
                for task in tasks {
                    ended += task.await.unwrap();
                }
                ended
            });
            let counts = limit.counts();
            let shed = counts.shed.load(Ordering::Relaxed) + counts.shed_late.load(Ordering::Relaxed);
            prop_assert_eq!(ended + shed, count);
            prop_assert!(most[0].load(Ordering::Relaxed) <= calls);
            prop_assert!(most[1].load(Ordering::Relaxed) <= queue);
            prop_assert_eq!(limit.places.available_permits(), calls);
        }
    }
}
