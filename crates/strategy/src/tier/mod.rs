//! The cache tier: the component that owns loading and writing in read-through and write-through.
//!
//! Its users never talk to cache and store themselves. In return it joins the misses of a key into one load, lets that
//! load outlive the reader that began it, and orders fills and writes of a key.
//!
//! # Why no old row is ever put into the cache
//!
//! A load runs through: (L1) register the flight of the key, (L2) read the store, *without* the key's lock,
//! (L3) take the lock, or go on with L6 without it, (L4) fill the cache unless the flight is superseded, (L5) unlock,
//! (L6) end the flight.
//!
//! A write runs through: (W1) take the lock, (W2) write the store, (W3) delete or replace the entry, (W4) supersede
//! the flight that is registered by then, (W5) unlock, (W6) acknowledge.
//!
//! Take a load that read the row of before W2, and fills. Then its L2 came before W2 ended, so its L1 came before W4. L3 to L5
//! and W1 to W5 exclude each other, so one of two things holds:
//! - L5 came before W1: the old row was in the cache when W3 deleted or replaced it.
//! - W5 came before L3: W4 has marked the flight, and L4 does nothing.
//!
//! So once W5 is done the cache holds no row older than the write, and a load that registers after W4 reads the row
//! of W2 or a later one, because the store's reads see what it committed before.
//!
//! A reader joins only a flight that is registered, and W4 takes the flight out. So whoever begins after W6 cannot
//! join a load from before: it hits an entry as new as the write, or loads.
//!
//! The slow part of a load, L2, is outside the lock: a write waits for another write of its key or for a fill, never
//! for a load. A load waits for the lock no longer than its deadline, and where writers wait for a queue ([`Unstored`]) not at all: it
//! gives its row to those who wait for it, and leaves the cache alone. That costs a fill only where the write then fails.
//!
//! # Without the order of writers
//!
//! With `lock = false` W1 stands after W2: the lock orders fills and what changes do to entries, and no longer the
//! changes themselves. The argument holds as it stands, for it asks only that W3 and W4 are under the lock and come
//! after W2. What is lost is the order of W3 among writers: two of them commit in one order and put their values into
//! the cache in the other.
//!
//! # What this does not cover
//!
//! - Another instance of the tier over the same cache: locks and flights are this instance's own.
//! - A call that the backend carries out after it has timed out: nobody can tell when it lands.
//! - The number of loads is one a key *at a time*: a reader whose get missed just before a load ended, and who boards
//!   after it, loads again.
//!
//! # A failing cache
//!
//! With `on-cache-read-error = open` reads that pass the cache over are joined like misses, and with misses: when the
//! cache is gone, joined loads are all that stands before the store. The reader that leads decides whether its flight
//! refills; each reader's source says what its own get met.

mod loader;
mod placement;
mod unstored;
mod writes;

pub(crate) use placement::Placed;
pub(crate) use unstored::Unstored;

use crate::Parts;
use crate::policy::{Flights, KeyGuard, KeyLocks, within};
use crate::read_path::{Asked, ask};
use crate::rules::{Rules, Update};
use crate::settings::LOAD_TIMEOUT_MS;
use cachemark_core::{Cache, Key, OpContext, OpError, ReadOutcome, Row, Settings, Store, StoreError};
use std::sync::Arc;
use std::time::Duration;

/// What a flight brings.
type Loaded = Result<Row, StoreError>;

/// One instance of the tier.
#[derive(Debug)]
pub(crate) struct Tier<C, S> {
    cache: Arc<C>,
    store: Arc<S>,
    rules: Rules,
    /// Whether a writer holds the key's lock from before the store's answer.
    orders_writers: bool,
    load_timeout: Duration,
    flights: Arc<Flights<Loaded>>,
    locks: KeyLocks,
    /// What answers misses before the store is asked.
    unstored: Option<Arc<dyn Unstored>>,
}

impl<C: Cache, S: Store> Tier<C, S> {
    pub(crate) fn new(settings: &Settings, parts: Parts<C, S>) -> Self {
        Self::by(Rules::new(settings, Update::Versioned), settings, parts)
    }

    /// One that goes by `rules` instead of those that the settings say.
    pub(crate) fn by(rules: Rules, settings: &Settings, parts: Parts<C, S>) -> Self {
        Self {
            cache: parts.cache,
            store: parts.store,
            rules,
            orders_writers: true,
            load_timeout: Duration::from_millis(settings.integer(LOAD_TIMEOUT_MS.name)),
            flights: Arc::new(Flights::new()),
            locks: KeyLocks::new(),
            unstored: None,
        }
    }

    /// The same where misses are answered by `unstored` if it has the row.
    pub(crate) fn answering_from(self, unstored: Arc<dyn Unstored>) -> Self {
        Self { unstored: Some(unstored), ..self }
    }

    /// The same without the order of writers, and with plain sets where it updates: a versioned one would hide what
    /// that brings about.
    pub(crate) fn without_order(self, settings: &Settings) -> Self {
        Self { rules: Rules::new(settings, Update::Plain), orders_writers: false, ..self }
    }

    pub(crate) async fn read(self: &Arc<Self>, ctx: &OpContext, key: &Key) -> Result<ReadOutcome, OpError> {
        match ask(&*self.cache, self.rules.on_read_error, ctx, key).await? {
            Asked::Hit(outcome) => Ok(outcome),
            Asked::Load(why) => match self.unstored_row(ctx, key, why).await {
                Some(row) => Ok(ReadOutcome::of(row, why.queued())),
                None => self.load(ctx, key, why).await,
            },
        }
    }

    /// Waits until no load is under way.
    pub(crate) async fn drain(&self, ctx: &OpContext) -> Result<(), OpError> {
        within(ctx, self.flights.idle()).await.ok_or(OpError::Deadline)
    }

    /// The key's lock, by the deadline.
    async fn lock(&self, ctx: &OpContext, key: &Key) -> Result<KeyGuard<'_>, OpError> {
        within(ctx, self.locks.lock(key)).await.ok_or(OpError::LineTimeout)
    }
}
