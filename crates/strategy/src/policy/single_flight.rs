//! Joined loads: those who want the same key at the same time wait for one load of it.

use super::by_key::ByKey;
use super::in_flight::{InFlight, Ticket};
use cachemark_core::Key;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::watch;

/// The loads that are under way and may be joined, one a key at most.
#[derive(Debug)]
pub struct Flights<T> {
    joinable: ByKey<Flight<T>>,
    running: Arc<InFlight>,
}

#[derive(Debug)]
struct Flight<T> {
    superseded: Arc<AtomicBool>,
    result: watch::Receiver<Option<T>>,
}

/// What [`Flights::board`] gives.
#[derive(Debug)]
pub enum Boarding<T> {
    /// Nobody loads the key: the caller must, and others join it from now on. The second part waits for the result.
    Lead(Lead<T>, Join<T>),
    /// The key is being loaded.
    Join(Join<T>),
}

/// The duty to load a key. Dropped without [`Lead::finish`] (the loading task died), it ends the flight all the
/// same: those who wait get [`Died`], the next one leads a new flight.
#[must_use = "those who join wait for the lead"]
#[derive(Debug)]
pub struct Lead<T> {
    flights: Arc<Flights<T>>,
    key: Key,
    superseded: Arc<AtomicBool>,
    result: watch::Sender<Option<T>>,
    /// Whether the flight has been taken out of the map.
    left: bool,
    _running: Ticket,
}

/// A place in a flight.
#[derive(Debug)]
pub struct Join<T>(watch::Receiver<Option<T>>);

/// The load ended without a result: its task panicked or its runtime was shut down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the load died before it had a result")]
pub struct Died;

impl<T: Clone> Flights<T> {
    /// No flights.
    #[must_use]
    pub fn new() -> Self {
        Self { joinable: ByKey::new(), running: Arc::default() }
    }

    /// Joins the flight of `key`, or begins one.
    pub fn board(self: &Arc<Self>, key: &Key) -> Boarding<T> {
        match self.joinable.of(key).entry(key.clone()) {
            Entry::Occupied(flight) => Boarding::Join(Join(flight.get().result.clone())),
            Entry::Vacant(place) => {
                let superseded = Arc::new(AtomicBool::new(false));
                let (sender, receiver) = watch::channel(None);
                place.insert(Flight { superseded: Arc::clone(&superseded), result: receiver.clone() });
                let lead = Lead {
                    flights: Arc::clone(self),
                    key: key.clone(),
                    superseded,
                    result: sender,
                    left: false,
                    _running: self.running.enter(),
                };
                Boarding::Lead(lead, Join(receiver))
            }
        }
    }

    /// Marks the flight of `key`, if there is one: nobody joins it from now on, and [`Lead::is_superseded`] says so.
    /// It still gives its result to those who joined before.
    pub fn supersede(&self, key: &Key) {
        if let Some(flight) = self.joinable.of(key).remove(key) {
            flight.superseded.store(true, Ordering::Release);
        }
    }

    /// How many flights have not ended, superseded ones included.
    #[must_use]
    pub fn running(&self) -> usize {
        self.running.count()
    }

    /// Waits for a moment at which no flight is under way.
    pub async fn idle(&self) {
        self.running.idle().await;
    }
}

impl<T: Clone> Default for Flights<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Lead<T> {
    /// Whether [`Flights::supersede`] was called for the flight.
    #[must_use]
    pub fn is_superseded(&self) -> bool {
        self.superseded.load(Ordering::Acquire)
    }

    /// Gives `result` to all who joined, and ends the flight. Nobody joins it any more once one of them has the result: a write
    /// that another instance has acknowledged since then would be missing from it.
    pub fn finish(mut self, result: T) {
        self.leave();
        self.result.send_replace(Some(result));
    }

    /// Takes the flight out of the map.
    fn leave(&mut self) {
        if std::mem::replace(&mut self.left, true) {
            return;
        }
        // A superseded flight has left the map, and another may stand in its place.
        if let Entry::Occupied(flight) = self.flights.joinable.of(&self.key).entry(self.key.clone())
            && Arc::ptr_eq(&flight.get().superseded, &self.superseded)
        {
            flight.remove();
        }
    }
}

impl<T> Drop for Lead<T> {
    fn drop(&mut self) {
        self.leave();
    }
}

impl<T: Clone> Join<T> {
    /// Waits for the flight's result. Dropping the future leaves the flight to the others.
    ///
    /// # Errors
    /// [`Died`] if the lead was dropped without a result.
    pub async fn wait(mut self) -> Result<T, Died> {
        let result = self.0.wait_for(Option::is_some).await.map_err(|_| Died)?;
        result.clone().ok_or(Died)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::Future;
    use std::sync::atomic::AtomicUsize;
    use std::task::{Context, Wake, Waker};

    fn key() -> Key {
        Key::new("k1").unwrap()
    }

    fn lead(flights: &Arc<Flights<u32>>) -> (Lead<u32>, Join<u32>) {
        match flights.board(&key()) {
            Boarding::Lead(lead, join) => (lead, join),
            Boarding::Join(_) => panic!("a flight was under way"),
        }
    }

    fn join(flights: &Arc<Flights<u32>>) -> Join<u32> {
        match flights.board(&key()) {
            Boarding::Lead(..) => panic!("no flight was under way"),
            Boarding::Join(join) => join,
        }
    }

    #[tokio::test]
    async fn all_who_join_get_the_one_result() {
        let flights = Arc::new(Flights::new());
        let (load, first) = lead(&flights);
        let second = join(&flights);
        load.finish(7);
        assert_eq!((first.wait().await, second.wait().await), (Ok(7), Ok(7)));
        assert_eq!((flights.running(), flights.joinable.len()), (0, 0));
    }

    /// Looks how many flights can be joined when it is woken.
    struct Looking(Arc<Flights<u32>>, AtomicUsize);

    impl Wake for Looking {
        fn wake(self: Arc<Self>) {
            self.1.store(self.0.joinable.len(), Ordering::SeqCst);
        }
    }

    #[tokio::test]
    async fn nobody_joins_a_flight_whose_result_is_out() {
        let flights = Arc::new(Flights::new());
        let looking = Arc::new(Looking(Arc::clone(&flights), AtomicUsize::new(usize::MAX)));
        let (load, first) = lead(&flights);
        let mut waiting = std::pin::pin!(first.wait());
        let waker = Waker::from(Arc::clone(&looking));
        assert!(waiting.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        load.finish(7);
        assert_eq!((looking.1.load(Ordering::SeqCst), waiting.await), (0, Ok(7)));
    }

    #[tokio::test]
    async fn a_dead_lead_wakes_those_who_wait() {
        let flights = Arc::new(Flights::new());
        let (load, first) = lead(&flights);
        let waiting = tokio::spawn(join(&flights).wait());
        let task = tokio::spawn(async move {
            let _load = load;
            panic!("the load dies");
        });
        assert!(task.await.is_err());
        assert_eq!((first.wait().await, waiting.await.unwrap()), (Err(Died), Err(Died)));
        // The key is free for another try.
        let _ = lead(&flights);
        assert_eq!((flights.running(), flights.joinable.len()), (0, 0));
    }

    #[tokio::test]
    async fn a_superseded_flight_is_not_joined_and_leaves_its_successor_alone() {
        let flights = Arc::new(Flights::new());
        let (old, waits_for_old) = lead(&flights);
        flights.supersede(&key());
        assert!(old.is_superseded());
        let (new, _) = lead(&flights);
        assert!(!new.is_superseded());
        old.finish(1);
        let waits_for_new = join(&flights);
        new.finish(2);
        assert_eq!((waits_for_old.wait().await, waits_for_new.wait().await), (Ok(1), Ok(2)));
        flights.idle().await;
    }
}
