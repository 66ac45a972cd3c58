//! One connection for each driver thread, shared by all of its operations: for protocols that multiplex.

use super::{Again, BackendError, Connect, Fate, LaneError, LaneStats, Past, Unanswered};
use crate::budget::Budget;
use cachemark_core::OpContext;
use futures::FutureExt;
use futures::future::{BoxFuture, Shared};
use std::fmt;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

impl LaneStats {
    /// The counters that lanes without a queue have too.
    pub(crate) const SHARED: [&'static str; 2] = [Self::CONNECTS, Self::FOUND_CLOSED];
}

type Connecting<T> = Shared<BoxFuture<'static, Result<T, LaneError>>>;

/// A connection for each driver thread, and one for what none of them asks for, made when first wanted and again when it was lost.
pub(crate) struct SharedLanes<T> {
    /// The last is of the background.
    slots: Box<[Mutex<Slot<T>>]>,
    connect: Connect<T>,
    connect_timeout: Duration,
    found_closed: AtomicU64,
    /// Where they lead, for errors.
    place: String,
}

struct Slot<T> {
    state: State<T>,
    /// Counts the connections made, so that the loss of an old one is not taken for the loss of the new.
    generation: u64,
}

enum State<T> {
    None,
    Connecting(Connecting<T>),
    /// And when an operation last got it.
    Connected(T, Instant),
}

/// A connection to use, and which one it is.
#[derive(Debug)]
pub(crate) struct SharedLane<T> {
    /// The connection; clones are the same one.
    pub(crate) connection: T,
    generation: u64,
    past: Past,
}

impl<T: Clone + Send + Sync + 'static> SharedLanes<T> {
    /// A connection for each of `drivers` driver threads (at least 1; those beyond share by remainder).
    pub(crate) fn new<F>(
        drivers: usize,
        connect_timeout: Duration,
        connect: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<T, LaneError>> + Send + 'static,
    {
        let slot = || Mutex::new(Slot { state: State::None, generation: 0 });
        Self {
            slots: (0..=drivers.max(1)).map(|_| slot()).collect(),
            connect: Box::new(move || Box::pin(connect())),
            connect_timeout,
            found_closed: AtomicU64::new(0),
            place: String::new(),
        }
    }

    /// The same, with the address that they lead to in what is said of it.
    pub(crate) fn to(self, place: &impl fmt::Display) -> Self {
        Self { place: format!("{place}: "), ..self }
    }

    fn slot(&self, driver: u16) -> MutexGuard<'_, Slot<T>> {
        let background = self.slots.len() - 1;
        let place = if driver == OpContext::BACKGROUND { background } else { usize::from(driver) % background };
        self.slots[place].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection of the given driver thread. All who want it while it is being made share the one attempt, which
    /// goes on if they give up.
    pub(crate) async fn lane(&self, driver: u16, budget: &Budget) -> Result<SharedLane<T>, LaneError> {
        budget.check().map_err(|_| LaneError::Over)?;
        let (connecting, generation) = {
            let mut slot = self.slot(driver);
            let generation = slot.generation;
            match &mut slot.state {
                State::Connected(connection, last) => {
                    let past = Past::since(*last, budget.began());
                    *last = budget.began();
                    return Ok(SharedLane { connection: connection.clone(), generation, past });
                }
                State::Connecting(connecting) => (connecting.clone(), generation),
                State::None => {
                    let connecting = self.begin();
                    slot.generation += 1;
                    slot.state = State::Connecting(connecting.clone());
                    (connecting, slot.generation)
                }
            }
        };
        let queueing = budget.queueing();
        let made = budget.bound(connecting).await?;
        drop(queueing);
        let mut slot = self.slot(driver);
        // The first of those who waited puts the outcome in its place.
        if slot.generation == generation && matches!(slot.state, State::Connecting(_)) {
            slot.state = made.clone().map_or(State::None, |made| State::Connected(made, Instant::now()));
        }
        drop(slot);
        made.map(|connection| SharedLane { connection, generation, past: Past::None })
    }

    fn begin(&self) -> Connecting<T> {
        let (connecting, limit, to) = ((self.connect)(), self.connect_timeout, self.place.clone());
        let connecting = async move {
            tokio::time::timeout(limit, connecting)
                .await
                .unwrap_or_else(|_| Err(LaneError::Unavailable(format!("{to}no connection within {limit:?}"))))
        };
        let connecting = connecting.boxed().shared();
        tokio::spawn(connecting.clone());
        connecting
    }

    /// Says that a lane's connection is closed: the next operation makes a new one.
    fn lost(&self, driver: u16, lane: &SharedLane<T>) {
        let mut slot = self.slot(driver);
        if slot.generation == lane.generation {
            slot.state = State::None;
        }
    }

    /// What becomes of an operation over `lane` that got no answer: its error, or none if the server had closed the lane
    /// before and the operation is to be asked once more, over the next one.
    pub(crate) fn settle<E: BackendError>(
        &self,
        driver: u16,
        lane: &SharedLane<T>,
        unanswered: Unanswered<E>,
        again: &mut Again,
    ) -> Option<E> {
        if unanswered.error.fate() == Fate::Broken {
            self.lost(driver, lane);
            if lane.past.was_closed(unanswered.undone) && again.may(unanswered.undone) {
                self.found_closed.fetch_add(1, Ordering::Relaxed);
                return None;
            }
        }
        Some(unanswered.error)
    }

    /// Operations that found their connection closed and were asked again.
    pub(crate) fn found_closed(&self) -> u64 {
        self.found_closed.load(Ordering::Relaxed)
    }

    /// Connections made so far, or begun.
    pub(crate) fn connects(&self) -> u64 {
        self.slots.iter().map(|slot| slot.lock().unwrap_or_else(PoisonError::into_inner).generation).sum()
    }
}

impl<T> fmt::Debug for SharedLanes<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedLanes").field("slots", &self.slots.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lane::Repeat;
    use cachemark_core::StoreError;
    use std::sync::Arc;
    use std::sync::atomic::AtomicUsize;

    /// Lanes whose connections are `Arc`s of a number, made in `takes`; the one numbered `refused` fails.
    fn lanes(takes: Duration, refused: usize) -> Arc<SharedLanes<Arc<usize>>> {
        let made = Arc::new(AtomicUsize::new(0));
        Arc::new(SharedLanes::new(2, Duration::from_secs(1), move || {
            let number = made.fetch_add(1, Ordering::SeqCst);
            async move {
                tokio::time::sleep(takes).await;
                if number == refused { Err(LaneError::Unavailable("refused".to_owned())) } else { Ok(Arc::new(number)) }
            }
        }))
    }

    async fn number(lanes: &SharedLanes<Arc<usize>>, driver: u16) -> usize {
        *lanes.lane(driver, &Budget::UNBOUNDED).await.unwrap().connection
    }

    #[tokio::test(start_paused = true)]
    async fn all_who_want_it_share_one_connection_for_each_driver() {
        let lanes = lanes(Duration::from_millis(10), usize::MAX);
        let (a, b, c) = tokio::join!(number(&lanes, 0), number(&lanes, 0), number(&lanes, 1));
        assert_eq!((a, b, c), (0, 0, 1));
        assert_eq!(lanes.connects(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_lost_connection_is_made_again_once() {
        let lanes = lanes(Duration::ZERO, usize::MAX);
        let lane = lanes.lane(0, &Budget::UNBOUNDED).await.unwrap();
        lanes.lost(0, &lane);
        assert_eq!(number(&lanes, 0).await, 1);
        lanes.lost(0, &lane);
        assert_eq!(number(&lanes, 0).await, 1, "the loss of the old one is old news");
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_is_shared_and_the_next_call_tries_again() {
        let lanes = lanes(Duration::from_millis(10), 0);
        let (a, b) = tokio::join!(lanes.lane(0, &Budget::UNBOUNDED), lanes.lane(0, &Budget::UNBOUNDED));
        assert!(a.is_err() && b.is_err());
        assert_eq!(number(&lanes, 0).await, 1);
    }

    #[tokio::test(start_paused = true)]
    async fn connecting_outlives_a_caller_in_a_hurry() {
        let lanes = lanes(Duration::from_millis(50), usize::MAX);
        let hurried = lanes.lane(0, &Budget::lasting(Duration::from_millis(1))).await;
        assert_eq!(hurried.err(), Some(LaneError::Queue(Duration::from_millis(1))));
        tokio::time::sleep(Duration::from_millis(60)).await;
        let patient = lanes.lane(0, &Budget::lasting(Duration::from_millis(1))).await.unwrap();
        assert_eq!(*patient.connection, 0);
    }
    #[tokio::test(start_paused = true)]
    async fn operations_under_way_when_the_server_ends_did_not_find_the_connection_closed() {
        let lanes = lanes(Duration::ZERO, usize::MAX);
        number(&lanes, 0).await;
        let lost = |lane: &SharedLane<Arc<usize>>| {
            let lost = StoreError::ConnectionLost("reset".to_owned());
            lanes.settle(0, lane, lost.into(), &mut Again::new(Repeat::Harmless))
        };
        let first = lanes.lane(0, &Budget::UNBOUNDED).await.unwrap();
        let second = lanes.lane(0, &Budget::UNBOUNDED).await.unwrap();
        assert!(lost(&first).is_some() && lost(&second).is_some());
        assert_eq!(lanes.found_closed(), 0);
        number(&lanes, 0).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        let rested = lanes.lane(0, &Budget::UNBOUNDED).await.unwrap();
        assert!(lost(&rested).is_none());
        assert_eq!(lanes.found_closed(), 1);
    }
}
