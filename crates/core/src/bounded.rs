//! A store of bounded capacity.

use crate::{Applied, Key, OpContext, Row, Store, StoreChange, StoreError, Value, Version};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, oneshot};
use tokio::time::{Instant, timeout_at};

/// The longest that one read may take once a worker has begun it. A server that has gone silent would otherwise hold its worker for ever.
const LONGEST_READ: Duration = Duration::from_secs(30);

/// A store that does so many reads at once and no more, first come first served, in a line without a bound.
///
/// It emulates what a store's capacity does to those who ask it. A read that was asked for is done, even when its caller has
/// given up by then: a server knows nothing of its client's deadline, and works for nobody. The caller gets
/// [`StoreError::Timeout`] at its own deadline. Writes, deletes and batches go straight to the store.
///
/// Line and workers are in this process. Each read is a task on the caller's runtime, and those that are left end with it. The
/// reads of several runtimes wait in one line.
#[derive(Debug)]
pub struct Bounded<S> {
    inner: Arc<S>,
    /// One permit a worker; tokio hands them out in the order in which they were asked for.
    workers: Option<Arc<Semaphore>>,
}

impl<S> Bounded<S> {
    /// Gives `inner` so many workers; `None` leaves it as it is. Zero workers are one.
    pub fn new(inner: S, workers: Option<u32>) -> Self {
        let workers = workers.map(|count| Arc::new(Semaphore::new(count.max(1) as usize)));
        Self { inner: Arc::new(inner), workers }
    }

    /// The store itself.
    pub fn inner(&self) -> &S {
        &self.inner
    }
}

impl<S: Store> Store for Bounded<S> {
    /// # Panics
    /// Outside a runtime, where there are workers.
    async fn read(&self, ctx: &OpContext, key: &Key) -> Result<Row, StoreError> {
        let Some(workers) = &self.workers else { return self.inner.read(ctx, key).await };
        let began = Instant::now();
        if ctx.is_over() {
            return Err(StoreError::Deadline);
        }
        let (reply, answer) = oneshot::channel();
        let (inner, workers, of_read, key) = (Arc::clone(&self.inner), Arc::clone(workers), *ctx, key.clone());
        tokio::spawn(async move {
            // It is never closed.
            let Ok(_worker) = workers.acquire_owned().await else { return };
            // Whoever no longer waits has dropped the receiver; the work is done all the same.
            let _ = reply.send(inner.read(&of_read.detached(LONGEST_READ), &key).await);
        });
        let answered = match ctx.deadline() {
            None => answer.await,
            Some(deadline) => match timeout_at(deadline, answer).await {
                Ok(answered) => answered,
                Err(_) => return Err(StoreError::Timeout(deadline - began)),
            },
        };
        answered.unwrap_or_else(|_| Err(StoreError::Unavailable("the worker that read for it has died".into())))
    }

    async fn write(&self, ctx: &OpContext, key: &Key, value: Value) -> Result<Version, StoreError> {
        self.inner.write(ctx, key, value).await
    }

    async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<Version, StoreError> {
        self.inner.delete(ctx, key).await
    }

    async fn apply(&self, ctx: &OpContext, changes: &[StoreChange]) -> Result<Vec<Applied>, StoreError> {
        self.inner.apply(ctx, changes).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::time::sleep;

    const COST: Duration = Duration::from_millis(10);

    /// Each read takes [`COST`], and is noted once it is done.
    #[derive(Debug, Default)]
    struct Slow {
        done: Mutex<Vec<Key>>,
        at_once: AtomicUsize,
        most: AtomicUsize,
    }

    impl Store for Slow {
        async fn read(&self, _ctx: &OpContext, key: &Key) -> Result<Row, StoreError> {
            let at_once = self.at_once.fetch_add(1, Ordering::Relaxed) + 1;
            self.most.fetch_max(at_once, Ordering::Relaxed);
            sleep(COST).await;
            self.at_once.fetch_sub(1, Ordering::Relaxed);
            self.done.lock().unwrap().push(key.clone());
            Ok(Row::NEVER)
        }

        async fn write(&self, _ctx: &OpContext, _key: &Key, _value: Value) -> Result<Version, StoreError> {
            Ok(Version(1))
        }

        async fn delete(&self, _ctx: &OpContext, _key: &Key) -> Result<Version, StoreError> {
            Ok(Version(2))
        }

        async fn apply(&self, _ctx: &OpContext, _changes: &[StoreChange]) -> Result<Vec<Applied>, StoreError> {
            Ok(Vec::new())
        }
    }

    fn key(index: usize) -> Key {
        Key::new(format!("k{index}")).unwrap()
    }

    fn within(span: Duration) -> OpContext {
        OpContext::new(1).within(span)
    }

    /// Asks for so many keys at once, each within `patience`, and says how many were answered.
    async fn ask(store: &Arc<Bounded<Slow>>, reads: usize, patience: Duration) -> usize {
        let asked = (0..reads).map(|index| {
            let store = Arc::clone(store);
            tokio::spawn(async move { store.read(&within(patience), &key(index)).await })
        });
        let mut answered = 0;
        for read in asked.collect::<Vec<_>>() {
            answered += usize::from(read.await.unwrap().is_ok());
        }
        answered
    }

    #[tokio::test(start_paused = true)]
    async fn so_many_reads_are_done_at_once_in_the_order_in_which_they_came() {
        let store = Arc::new(Bounded::new(Slow::default(), Some(3)));
        let began = Instant::now();
        assert_eq!(ask(&store, 9, Duration::from_secs(1)).await, 9);
        assert_eq!(began.elapsed(), 3 * COST);
        assert_eq!(store.inner().most.load(Ordering::Relaxed), 3);
        assert_eq!(*store.inner().done.lock().unwrap(), (0..9).map(key).collect::<Vec<_>>());
    }

    #[tokio::test(start_paused = true)]
    async fn work_whose_caller_has_given_up_is_done_and_keeps_later_callers_waiting() {
        let store = Arc::new(Bounded::new(Slow::default(), Some(1)));
        // The timer goes by whole milliseconds.
        assert_eq!(ask(&store, 10, 2 * COST + Duration::from_millis(5)).await, 2);
        // Of the ten, seven are still to be done and one is half done.
        assert_eq!(
            store.read(&within(5 * COST), &key(99)).await,
            Err(StoreError::Timeout(5 * COST)),
            "it waits behind work that nobody wants"
        );
        sleep(20 * COST).await;
        assert_eq!(store.inner().done.lock().unwrap().len(), 11);
        assert_eq!(ask(&store, 1, 2 * COST).await, 1, "an empty line is no wait");
    }

    #[tokio::test(start_paused = true)]
    async fn a_store_without_workers_is_asked_in_place_and_one_is_not_asked_in_vain() {
        let plain = Arc::new(Bounded::new(Slow::default(), None));
        assert_eq!(ask(&plain, 20, 2 * COST).await, 20);
        assert_eq!(plain.inner().most.load(Ordering::Relaxed), 20);
        let store = Bounded::new(Slow::default(), Some(1));
        assert_eq!(store.read(&within(Duration::ZERO), &key(0)).await, Err(StoreError::Deadline));
        assert_eq!(store.delete(&within(COST), &key(0)).await, Ok(Version(2)), "changes go straight to it");
    }

    /// The reads of a driver thread that has ended hold no worker from the others.
    #[test]
    fn reads_end_with_their_runtime_and_free_their_workers() {
        let runtime =
            || tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let store = Arc::new(Bounded::new(Slow::default(), Some(1)));
        let first = runtime();
        assert_eq!(first.block_on(ask(&store, 50, Duration::from_millis(1))), 0);
        drop(first);
        assert_eq!(runtime().block_on(ask(&store, 1, 2 * COST)), 1);
    }
}
