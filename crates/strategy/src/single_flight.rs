//! Single flight: cache-aside whose readers of one key, in one process, wait for one load of it.
//!
//! - Read: get; on a miss, join the load of the key or lead one: store read, set, return to all who joined.
//! - Write, delete: the store's, then delete of the entry. Before the acknowledgement the load of the key is
//!   forgotten: nobody joins it any more, and it fills nothing.
//!
//! What it has of read-through's tier, and what not:
//!
//! | axis | here |
//! |---|---|
//! | joined loads | yes, of one process: at most one load of a key at a time |
//! | superseded loads | yes: a load that a write of this process has overtaken fills nothing |
//! | order of writers | no: the store alone orders them; the key is locked for calls to the cache, never to the store |
//! | deadline of a load | its leader's own, with whom it ends; one of those who wait leads the next |
//! | place | the callers' tasks: no component of its own, no hop |
//!
//! An error of the store is given to all who joined, a call that took too long as well, but a leader's running out of
//! time is its own: the next who waits then leads, within its own deadline. The same where a leader is dropped.
//!
//! One process never puts an old row into the cache, and joins no load from before a write that it has acknowledged.
//! Several over one cache have what cache-aside has: the descriptor declares it.

use crate::Parts;
use crate::aside::Aside;
use crate::declared::{ACKNOWLEDGES_ALL_THE_SAME, EXPIRES, FORGETS_ABSENCE, REMEMBERS_ABSENCE, UNSPREAD};
use crate::delegate::delegate;
use crate::model;
use crate::policy::{Boarding, Flights, within};
use crate::read_path::{Asked, Why, ask};
use crate::relatives::TELLING;
use crate::rules::Rules;
use crate::steps;
use crate::write_path::{Change, may_have_changed};
use cachemark_core::{
    Cache, Declared, Descriptor, ErrorKind, HitModel, Key, OpContext, OpError, PartKind, ReadOutcome, Row, Settings,
    Store, StoreError, WriteOutcome, anomaly,
};
use std::sync::Arc;

/// What the strategy says of itself.
pub const DESCRIPTOR: Descriptor = Descriptor {
    on_request: true,
    settings: TELLING,
    model: |settings| model::of(settings, HitModel::InvalidatedWithLoads),
    anomalies: &[
        Declared::over_one_cache(anomaly::STALE_SET, &[]),
        Declared::always(anomaly::LOST_INVALIDATION, &[ACKNOWLEDGES_ALL_THE_SAME]),
        Declared::always(anomaly::CANCELLED_WRITE, &[]),
        Declared::over_one_cache(anomaly::CRASH_AFTER_COMMIT, &[]),
        Declared::behind_a_replica(anomaly::REPLICA_LAG, &[]),
        Declared::behind_a_replica(anomaly::REPLICA_RESURRECTION, &[]),
        Declared::with_own_caches(anomaly::READ_YOUR_WRITES, &[]),
        Declared::over_one_cache(anomaly::STALE_JOIN, &[]),
        Declared::with_own_caches(anomaly::NON_MONOTONIC_READ, &[]),
        Declared::over_one_cache(anomaly::STAMPEDE, &[]),
        Declared::always(anomaly::PENETRATION, &[FORGETS_ABSENCE]),
        Declared::always(anomaly::AVALANCHE, &[EXPIRES, UNSPREAD]),
        Declared::over_one_cache(anomaly::RESURRECTED_DELETE, &[]),
        Declared::over_one_cache(anomaly::STALE_NEGATIVE, &[REMEMBERS_ABSENCE]),
        Declared::with_own_caches(anomaly::STALE_NEGATIVE, &[REMEMBERS_ABSENCE]),
    ],
    protocol: steps::JOINED,
    formula: "Hit ratio as of cache-aside. A key that expires is loaded once by each process at most.",
    source: "Go, golang.org/x/sync/singleflight (Do, Forget).",
    colour: [85, 17, 119],
    ..Descriptor::of(
        PartKind::Strategy,
        "single-flight",
        "Cache-aside whose readers of one key wait for one load of it in each process.",
    )
};

/// Cache-aside with joined loads.
#[derive(Debug)]
pub struct SingleFlight<C, S>(Joining<C, S>);

#[derive(Debug)]
struct Joining<C, S> {
    aside: Aside<C, S>,
    flights: Arc<Flights<Result<Row, StoreError>>>,
}

impl<C: Cache, S: Store> SingleFlight<C, S> {
    /// Takes the settings of the descriptor.
    #[must_use]
    pub fn new(settings: &Settings, parts: Parts<C, S>) -> Self {
        let aside = Aside::new(parts, Rules::invalidating(settings)).guarded();
        Self(Joining { aside, flights: Arc::default() })
    }
}

impl<C: Cache, S: Store> Joining<C, S> {
    async fn read(&self, ctx: &OpContext, key: &Key) -> Result<ReadOutcome, OpError> {
        match ask(&*self.aside.cache, self.aside.rules.on_read_error, ctx, key).await? {
            Asked::Hit(outcome) => Ok(outcome),
            Asked::Load(why) => self.load(ctx, key, why).await,
        }
    }

    async fn load(&self, ctx: &OpContext, key: &Key, why: Why) -> Result<ReadOutcome, OpError> {
        loop {
            match self.flights.board(key) {
                Boarding::Lead(lead, _) => {
                    let loaded = self.aside.load(ctx, key, why).await;
                    // Dropped, it lets another one lead.
                    if !loaded.as_ref().is_err_and(|error| ran_out_of_time(ctx, error)) {
                        lead.finish(loaded.clone());
                    }
                    return Ok(ReadOutcome::of(loaded?, why.led()));
                }
                Boarding::Join(join) => {
                    // Without a result, whoever led it is gone, and one of those who waited leads.
                    if let Ok(loaded) = within(ctx, join.wait()).await.ok_or(OpError::LoadTimeout)? {
                        return Ok(ReadOutcome::of(loaded?, why.joined()));
                    }
                }
            }
        }
    }

    async fn change(&self, ctx: &OpContext, key: &Key, what: Change) -> Result<WriteOutcome, OpError> {
        let outcome = self.aside.change(ctx, key, what).await;
        if may_have_changed(&outcome) {
            self.flights.supersede(key);
        }
        outcome
    }

    async fn drain(&self, ctx: &OpContext) -> Result<(), OpError> {
        self.aside.drain(ctx).await
    }
}

/// Whether the load ended with its caller's time, which says nothing of the store to those who have more. A call may also have a time of its
/// own, and whoever led the next one would wait for that in vain.
fn ran_out_of_time(ctx: &OpContext, error: &StoreError) -> bool {
    // What is shed may have waited for a place until then.
    let waited =
        matches!(error.kind(), ErrorKind::Timeout | ErrorKind::QueueTimeout | ErrorKind::Deadline | ErrorKind::Shed);
    waited && ctx.is_over()
}

delegate!(SingleFlight);
