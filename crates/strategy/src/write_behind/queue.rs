//! What was acknowledged and is not yet in the store: one change a key, the last.
//!
//! A key is *waiting* from its first write on; its delay counts from that, and later writes replace what it waits with. The flusher
//! then *takes* it, and a write from there on waits anew. A key that waits and one that is taken hold a place each, of
//! `queue-limit`; who finds no place free waits for one. Readers find the last change here until the store has it.

use super::versions::Versions;
use crate::policy::{InFlight, Ticket, within};
use crate::tier::Unstored;
use cachemark_core::{
    Clock, Key, LostWrites, OpContext, OpError, Row, Settings, StoreChange, StoreError, Value, Version,
};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{Instant, sleep, sleep_until};

/// What a flush takes at most of values, in bytes, beyond its first: one message to the store holds them all.
const MOST_BYTES: usize = 8 << 20;
/// How long a change that was refused waits at most before the store is asked again, at the end too.
const LONGEST_AFTER_REFUSAL: Duration = Duration::from_secs(1);
const CLOSED: &str = "the strategy was drained or dropped, and takes no write any more";

#[derive(Debug)]
pub(super) struct Queue {
    state: Mutex<State>,
    versions: Versions,
    places: Arc<Semaphore>,
    limits: Limits,
    phase: watch::Sender<Phase>,
    /// Wakes the flusher: the first key waits, or the drain has begun.
    wake: Notify,
    /// Wakes those who wait until nothing is left.
    empty: Notify,
    /// Entries of writes that were given up are being taken out of the cache.
    cleaning: Arc<InFlight>,
}

#[derive(Debug, Clone, Copy)]
struct Limits {
    delay: Duration,
    batch: usize,
    drain: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Open,
    /// Nothing waits for its delay any more.
    Draining,
    /// Nothing is taken any more.
    Closed,
}

#[derive(Debug, Default)]
struct State {
    waiting: HashMap<Key, Pending>,
    /// The keys that wait, each once, and when they are due: all wait equally long, so they are due in the order of their coming.
    line: VecDeque<(Instant, Key)>,
    /// What the flusher is at.
    taken: HashMap<Key, Row>,
    /// Acknowledged writes that `taken` stands for.
    taken_writes: u64,
    /// What the store refused for good, and nothing newer has come in its place of: how many acknowledged writes of each key it stands for.
    refused: HashMap<Key, u64>,
    /// What a drain has left.
    left: Left,
    /// What the store said of the first that it refused, and of its last failure, if it has not recovered since.
    refusal: Option<StoreError>,
    failure: Option<StoreError>,
}

/// Keys that were still queued when a drain's time was over.
#[derive(Debug, Default)]
struct Left {
    keys: u64,
    /// Acknowledged writes of them.
    writes: u64,
    /// How long they were waited for.
    waited: Duration,
}

/// A change that waits or is taken.
#[derive(Debug)]
pub(super) struct Pending {
    row: Row,
    /// Acknowledged writes that it stands for.
    writes: u64,
    /// How often the store has refused it.
    pub(super) refusals: u32,
    _place: OwnedSemaphorePermit,
}

/// A key that was taken.
#[derive(Debug)]
pub(super) struct Taken {
    pub(super) key: Key,
    pub(super) pending: Pending,
}

impl Taken {
    pub(super) fn change(&self) -> StoreChange {
        let Row { version, value } = self.pending.row.clone();
        StoreChange { key: self.key.clone(), version, value }
    }
}

impl Queue {
    pub(super) fn new(settings: &Settings, clock: Arc<dyn Clock>) -> Self {
        let millis = |name| Duration::from_millis(settings.integer(name));
        // The ranges of the settings fit.
        let count = |name| settings.integer(name) as usize;
        let (delay, drain) = (millis(super::DELAY_MS.name), millis(super::DRAIN_TIMEOUT_MS.name));
        Self {
            state: Mutex::default(),
            versions: Versions::new(clock),
            places: Arc::new(Semaphore::new(count(super::QUEUE_LIMIT.name))),
            limits: Limits { delay, batch: count(super::BATCH.name), drain },
            phase: watch::Sender::new(Phase::Open),
            wake: Notify::new(),
            empty: Notify::new(),
            cleaning: Arc::default(),
        }
    }

    /// A row was met in the store.
    pub(super) fn met(&self, version: Version) {
        self.versions.met(version);
    }

    /// Queues a change of `key` and returns its version. It is in order with all other changes of the key then.
    ///
    /// # Errors
    /// [`StoreError::QueueTimeout`] if the queue is full until the deadline, [`StoreError::Unavailable`] if it is closed: the
    /// change is not queued.
    pub(super) async fn put(&self, ctx: &OpContext, key: &Key, value: Option<Value>) -> Result<Version, StoreError> {
        if let Some(pending) = self.state().waiting.get_mut(key) {
            // One that waits is gone once the queue is closed.
            return Ok(pending.replace(self.versions.next(), value));
        }
        let began = Instant::now();
        let place = within(ctx, Arc::clone(&self.places).acquire_owned()).await;
        let place = place.ok_or_else(|| StoreError::QueueTimeout(began.elapsed()))?.map_err(|_| closed())?;
        let mut state = self.state();
        if *self.phase.borrow() == Phase::Closed {
            return Err(closed());
        }
        let version = self.versions.next();
        if let Some(pending) = state.waiting.get_mut(key) {
            return Ok(pending.replace(version, value));
        }
        // What was given up of the key is written over, as one that waits would be.
        let writes = 1 + state.refused.remove(key).unwrap_or(0);
        let pending = Pending { row: Row { version, value }, writes, refusals: 0, _place: place };
        self.wait(&mut state, key.clone(), pending);
        Ok(version)
    }

    /// Puts a key at the end of the line.
    fn wait(&self, state: &mut State, key: Key, pending: Pending) {
        if state.line.is_empty() {
            self.wake.notify_one();
        }
        let delay = match pending.refusals {
            0 => self.limits.delay,
            _ => self.limits.delay.min(LONGEST_AFTER_REFUSAL),
        };
        state.line.push_back((Instant::now() + delay, key.clone()));
        state.waiting.insert(key, pending);
    }

    /// Waits until a key is due and takes it, with others that are due, in the order of their coming. None once the queue is closed.
    pub(super) async fn take(&self) -> Option<Vec<Taken>> {
        loop {
            let due = {
                let (mut state, phase) = (self.state(), *self.phase.borrow());
                if phase == Phase::Closed {
                    return None;
                }
                let now = Instant::now();
                // What the store has refused is not pressed on it without a pause, at the end neither.
                let is_due = |due: Instant, refused: bool| due <= now || (phase == Phase::Draining && !refused);
                match state.line.front() {
                    Some((due, key)) if is_due(*due, state.is_refused(key)) => {
                        return Some(state.take(self.limits.batch, is_due));
                    }
                    first => first.map(|(due, _)| *due),
                }
            };
            // What is told between the look and the wait is kept.
            match due {
                None => self.wake.notified().await,
                Some(due) => tokio::select! {
                    () = self.wake.notified() => {}
                    () = sleep_until(due) => {}
                },
            }
        }
    }

    /// The store has what was taken, or something newer.
    pub(super) fn flushed(&self, taken: Vec<Taken>) {
        let mut state = self.state();
        state.failure = None;
        taken.iter().for_each(|taken| state.give_back(taken));
        self.tell_if_empty(&state);
    }

    /// The store has refused what was taken, which goes to the end of the line; unless something newer waits there, which takes
    /// its place.
    pub(super) fn refused(&self, taken: Taken) {
        let mut state = self.state();
        state.give_back(&taken);
        let Taken { key, pending } = taken;
        if *self.phase.borrow() == Phase::Closed {
            return;
        }
        match state.waiting.get_mut(&key) {
            Some(newer) => newer.writes += pending.writes,
            None => self.wait(&mut state, key, Pending { refusals: pending.refusals + 1, ..pending }),
        }
    }

    /// What was taken is given up, as the store will not have it. Whether something newer takes its place; else it is lost, unless a later
    /// write of the key comes into the store.
    pub(super) fn give_up(&self, taken: &Taken, why: StoreError) -> bool {
        let mut state = self.state();
        state.give_back(taken);
        let newer = state.waiting.get_mut(&taken.key);
        let replaced = newer.map(|newer| newer.writes += taken.pending.writes).is_some();
        if !replaced && *self.phase.borrow() != Phase::Closed {
            state.refused.insert(taken.key.clone(), taken.pending.writes);
            state.refusal.get_or_insert(why);
        }
        self.tell_if_empty(&state);
        replaced
    }

    /// Counts as under way until the ticket is dropped, for whoever drains.
    pub(super) fn cleaning(&self) -> Ticket {
        self.cleaning.enter()
    }

    /// The store has failed: waits for `pause`. Whether the queue is still open after that.
    pub(super) async fn failed(&self, why: StoreError, pause: Duration) -> bool {
        self.state().failure = Some(why);
        tokio::select! {
            () = self.closed() => false,
            () = sleep(pause) => true,
        }
    }

    /// Waits until the queue is closed.
    pub(super) async fn closed(&self) {
        // The sender lives in `self`, so the wait cannot end for want of one.
        let _ = self.phase.subscribe().wait_for(|phase| *phase == Phase::Closed).await;
    }

    /// Has everything flushed at once, and waits for that: no longer than `drain-timeout-ms` and the deadline, after which the queue
    /// is closed and what is left in it is lost.
    pub(super) async fn drain(&self, ctx: &OpContext) -> Result<(), OpError> {
        let began = Instant::now();
        self.phase.send_if_modified(|phase| {
            let begins = *phase == Phase::Open;
            if begins {
                *phase = Phase::Draining;
            }
            begins
        });
        self.wake.notify_one();
        let ctx = ctx.within(self.limits.drain);
        if within(&ctx, self.emptied()).await.is_none() {
            self.abandon(began.elapsed());
        }
        within(&ctx, self.cleaning.idle()).await;
        self.lost().map_or(Ok(()), |lost| Err(OpError::Lost(Box::new(lost))))
    }

    /// Takes nothing any more, as if the process had ended.
    pub(super) fn close(&self) {
        let mut state = self.state();
        self.shut(&mut state);
    }

    async fn emptied(&self) {
        loop {
            // Made before the look, so that what is told between the two is not lost.
            let notified = self.empty.notified();
            if self.state().is_empty() {
                return;
            }
            notified.await;
        }
    }

    fn abandon(&self, waited: Duration) {
        let mut state = self.state();
        // Another drain may have done it, or it came to its end meanwhile.
        if state.is_empty() {
            return;
        }
        let taken_only = state.taken.keys().filter(|key| !state.waiting.contains_key(*key)).count();
        state.left = Left {
            keys: (state.waiting.len() + taken_only) as u64,
            writes: state.taken_writes + state.waiting.values().map(|pending| pending.writes).sum::<u64>(),
            waited,
        };
        self.shut(&mut state);
    }

    fn shut(&self, state: &mut State) {
        self.phase.send_replace(Phase::Closed);
        self.places.close();
        state.waiting.clear();
        state.line.clear();
        state.taken.clear();
        state.taken_writes = 0;
        self.wake.notify_one();
        self.empty.notify_waiters();
    }

    fn lost(&self) -> Option<LostWrites> {
        let state = self.state();
        let State { left, refused, .. } = &*state;
        let failure = state.failure.as_ref().filter(|_| left.keys > 0);
        let refusal = state.refusal.as_ref().filter(|_| !refused.is_empty());
        (left.keys > 0 || !refused.is_empty()).then(|| LostWrites {
            queued_keys: left.keys,
            refused_keys: refused.len() as u64,
            writes: left.writes + refused.values().sum::<u64>(),
            waited: left.waited,
            said: failure.or(refusal).cloned(),
            unfinished: None,
        })
    }

    fn tell_if_empty(&self, state: &State) {
        if state.is_empty() {
            self.empty.notify_waiters();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Only map operations run under the lock, and a panic in one leaves no half-made state.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Unstored for Queue {
    fn row(&self, key: &Key) -> Option<Row> {
        let state = self.state();
        state.waiting.get(key).map(|pending| &pending.row).or_else(|| state.taken.get(key)).cloned()
    }
}

fn closed() -> StoreError {
    StoreError::Unavailable(CLOSED.to_owned())
}

impl Pending {
    fn replace(&mut self, version: Version, value: Option<Value>) -> Version {
        self.row = Row { version, value };
        self.writes += 1;
        // What was refused was another value.
        self.refusals = 0;
        version
    }
}

impl State {
    fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.taken.is_empty()
    }

    /// Whether the store has refused what the key waits with.
    fn is_refused(&self, key: &Key) -> bool {
        self.waiting.get(key).is_some_and(|pending| pending.refusals > 0)
    }

    /// Takes what is due from the front of the line.
    fn take(&mut self, most: usize, is_due: impl Fn(Instant, bool) -> bool) -> Vec<Taken> {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while batch.len() < most
            && bytes < MOST_BYTES
            && self.line.front().is_some_and(|(due, key)| is_due(*due, self.is_refused(key)))
        {
            let Some((_, key)) = self.line.pop_front() else { break };
            let Some(pending) = self.waiting.remove(&key) else { continue };
            bytes += pending.row.value.as_ref().map_or(0, Value::len);
            self.taken.insert(key.clone(), pending.row.clone());
            self.taken_writes += pending.writes;
            batch.push(Taken { key, pending });
        }
        batch
    }

    /// It is taken no more.
    fn give_back(&mut self, taken: &Taken) {
        // Once the queue is closed it is not there.
        if let Entry::Occupied(there) = self.taken.entry(taken.key.clone()) {
            there.remove();
            self.taken_writes = self.taken_writes.saturating_sub(taken.pending.writes);
        }
    }
}
