//! Lanes: connections held for a run, a fixed number for each driver thread.
//!
//! A pool pings, a pool hops between runtimes, and a pool's queue is invisible. Lanes do none of that: an operation
//! takes one, first come first served, and gives it back. A lane is connected when it is first wanted, by the thread
//! that wants it, so that its socket belongs to that thread's runtime. A lane whose operation did not come to its end
//! (a timeout, a dropped future) is thrown away: a late answer would otherwise go to the next operation. One that the
//! server closed while it was idle is replaced, and the operation asked again where that is safe: see `again`.

#[cfg(feature = "servers")]
mod again;
#[cfg(feature = "servers")]
mod free;
mod held;
mod settle;
#[cfg(feature = "servers")]
mod shared;
mod stats;
#[cfg(test)]
mod tests;
#[cfg(feature = "servers")]
mod timer;

#[cfg(feature = "servers")]
pub(crate) use again::{Again, Repeat, Unanswered};
pub(crate) use held::{Lane, Past};
#[cfg(feature = "servers")]
pub(crate) use settle::{BackendError, Fate};
#[cfg(feature = "servers")]
pub(crate) use shared::SharedLanes;
pub use stats::LaneStats;
#[cfg(feature = "servers")]
pub(crate) use timer::{Timed, Timer};

use crate::budget::{Budget, Spent};
use cachemark_core::OpContext;
use futures::future::BoxFuture;
use held::Place;
use stats::Figures;
use std::fmt;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Semaphore, oneshot};
use tokio::time::Instant;

/// Why no lane could be had. In each case nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LaneError {
    /// The operation's time was up first, or nearly: how long it had.
    Queue(Duration),
    /// The operation's time had been up before it asked.
    Over,
    /// The server could not be reached.
    Unavailable(String),
    /// The server was reached and turned us away.
    Rejected(String),
}

/// How many lanes of a driver thread are connected at once. A server makes a process or checks a password for each, and a crowd
/// that comes at once would have all of them over their time: more would then be begun, for nobody.
const CONNECTED_AT_ONCE: usize = 8;

type Connect<T> = Box<dyn Fn() -> BoxFuture<'static, Result<T, LaneError>> + Send + Sync>;

/// So many lanes are there at most for what strategies do on their own: it goes over no client's lane.
const BACKGROUND_LANES: usize = 2;

/// How many lanes the background has, where a driver thread has `per_group`.
#[must_use]
pub fn background_lanes(per_group: usize) -> usize {
    per_group.clamp(1, BACKGROUND_LANES)
}

/// A fixed number of lanes for each group of driver threads, and some for what none of them asks for.
pub(crate) struct Lanes<T> {
    /// The last is of the background.
    groups: Box<[Arc<Group<T>>]>,
    connect: Connect<T>,
    connect_timeout: Duration,
    /// Where they lead, for errors.
    place: String,
}

/// The lanes of one driver thread.
struct Group<T> {
    /// One permit for each lane that is not handed out; its queue is first come, first served.
    gate: Semaphore,
    /// One permit for each lane that may be connected now.
    turns: Semaphore,
    /// Lanes that are connected and free, and since when. The last one back is the first one out: a few warm lanes serve a light load.
    idle: Mutex<Vec<(T, Instant)>>,
    /// Raised to make every lane that was connected before unwelcome.
    epoch: AtomicU64,
    figures: Figures,
}

impl<T> Group<T> {
    fn new(lanes: usize) -> Self {
        let (gate, turns) = (Semaphore::new(lanes), Semaphore::new(CONNECTED_AT_ONCE));
        Self { gate, turns, idle: Mutex::default(), epoch: AtomicU64::new(0), figures: Figures::default() }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<(T, Instant)>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a permit, which is the caller's then.
    async fn queued(&self, budget: &Budget) -> Result<(), LaneError> {
        let (began, _queueing) = (Instant::now(), budget.queueing());
        let waited = budget.bound(self.gate.acquire()).await;
        self.figures.waited(began.elapsed());
        // The gate is never closed, so this error cannot come.
        let permit = waited?.map_err(|closed| LaneError::Unavailable(closed.to_string()))?;
        // Dropped here, the permit lets in the next, and the lane is as it was.
        budget.check_after_wait()?;
        permit.forget();
        Ok(())
    }

    /// Makes every lane that is connected now unwelcome: free ones go at once, others when they come back.
    fn retire(&self) {
        let idle = {
            let mut idle = self.idle();
            self.epoch.fetch_add(1, Ordering::Relaxed);
            std::mem::take(&mut *idle)
        };
        // Dropped outside of the lock: closing a connection may take a system call for each.
        drop(idle);
    }
}

impl<T: Send + 'static> Lanes<T> {
    /// `per_group` lanes for each of `groups` driver threads (both at least 1; driver threads beyond share by
    /// remainder), to be connected by `connect`, each within `connect_timeout`.
    pub(crate) fn new<F>(
        groups: usize,
        per_group: usize,
        connect_timeout: Duration,
        connect: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<T, LaneError>> + Send + 'static,
    {
        let (groups, per_group) = (groups.max(1), per_group.max(1));
        let of_background = std::iter::once(background_lanes(per_group));
        let sizes = std::iter::repeat_n(per_group, groups).chain(of_background);
        Self {
            groups: sizes.map(|lanes| Arc::new(Group::new(lanes))).collect(),
            connect: Box::new(move || Box::pin(connect())),
            connect_timeout,
            place: String::new(),
        }
    }

    /// The same, with the address that they lead to in what is said of it.
    pub(crate) fn to(self, place: &impl fmt::Display) -> Self {
        Self { place: format!("{place}: "), ..self }
    }

    fn group(&self, driver: u16) -> &Arc<Group<T>> {
        let background = self.groups.len() - 1;
        let place = if driver == OpContext::BACKGROUND { background } else { usize::from(driver) % background };
        &self.groups[place]
    }

    /// Waits for a lane of the given driver thread.
    ///
    /// What waits is boxed: an operation that finds a free lane, as most do, reserves and moves no room for it.
    pub(crate) async fn lane(&self, driver: u16, budget: &Budget) -> Result<Lane<T>, LaneError> {
        budget.check().map_err(|_| LaneError::Over)?;
        let group = self.group(driver);
        match group.gate.try_acquire() {
            Ok(permit) => permit.forget(),
            Err(_) => Box::pin(group.queued(budget)).await?,
        }
        let place = Place::new(Arc::clone(group));
        let free = group.idle().pop();
        match free {
            Some((connection, since)) => Ok(Lane::new(place, connection, Past::since(since, budget.began()))),
            None => Box::pin(self.connected(place, budget)).await,
        }
    }

    /// Connects a lane in its turn, or takes one that is free by then. A connecting that has begun goes on when the caller's time
    /// is up: the lane is then there for the next one, where a budget shorter than a connect would otherwise never get any.
    async fn connected(&self, mut place: Place<T>, budget: &Budget) -> Result<Lane<T>, LaneError> {
        let (mut done, lane) = oneshot::channel();
        let (connecting, limit, to) = ((self.connect)(), self.connect_timeout, self.place.clone());
        let group = Arc::clone(place.group());
        tokio::spawn(async move {
            let _turn = tokio::select! {
                turn = group.turns.acquire() => turn,
                () = done.closed() => return,
            };
            // What broke while it waited was broken before this one.
            let free = place.renew();
            let made = match free {
                Some((connection, since)) => Ok((connection, Past::since(since, Instant::now()))),
                None => match tokio::time::timeout(limit, connecting).await {
                    Ok(made) => made.inspect(|_| group.figures.connected()).map(|connection| (connection, Past::None)),
                    Err(_) => Err(LaneError::Unavailable(format!("{to}no connection within {limit:?}"))),
                },
            };
            // If nobody waits any more, the lane is dropped here, which puts it among the free ones.
            drop(done.send(made.map(|(connection, past)| Lane::new(place, connection, past))));
        });
        let _queueing = budget.queueing();
        match budget.bound(lane).await? {
            Ok(made) => {
                let lane = made?;
                // Dropped here, the lane is put among the free ones.
                budget.check_after_wait()?;
                Ok(lane)
            }
            Err(_) => Err(LaneError::Unavailable("the runtime stopped while connecting".to_owned())),
        }
    }

    /// Closes every lane: free ones now, others when they come back. To be called when what they lead to is gone; else they
    /// close when they are dropped.
    pub(crate) fn disconnect(&self) {
        self.groups.iter().for_each(|group| group.retire());
    }

    /// The figures of all groups, summed. No operation waited for the lanes of the background.
    pub(crate) fn stats(&self) -> LaneStats {
        let background = self.group(OpContext::BACKGROUND).figures.snapshot();
        let unwaited = LaneStats { waits: 0, wait_ns: 0, ..background };
        let drivers = &self.groups[..self.groups.len() - 1];
        drivers.iter().fold(unwaited, |sum, group| sum + group.figures.snapshot())
    }
}

impl From<Spent> for LaneError {
    fn from(Spent(span): Spent) -> Self {
        Self::Queue(span)
    }
}

impl<T> fmt::Debug for Lanes<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lanes").field("groups", &self.groups.len()).finish_non_exhaustive()
    }
}
