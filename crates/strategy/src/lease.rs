//! Cache-aside with leases: of all who miss a key, the cache lets one load it, and takes no fill that a write has overtaken.
//!
//! - Read: get, or the lease of the key. Who wins it reads the store and sets the entry under the lease. Others wait
//!   (`wait-ms`, each time twice as long, up to sixteen times it) and ask again, until they hit, win, or have waited for
//!   `longest-wait-ms`; then they read the store for themselves and leave the cache alone, as they have no lease.
//! - Write: store write, then delete of the entry, which voids the lease: whoever has read the old row can no longer fill.
//! - Delete: store delete, then the same.
//!
//! This is the protocol of Nishtala et al., Scaling Memcache at Facebook, NSDI 2013: a token is given once in ten seconds for
//! each key, and those who get none are told to wait a short time. What becomes of one who has waited long it leaves to the
//! application; here he is served from the store, so that a slow leader costs loads rather than errors. With
//! `longest-wait-ms = 0` nobody waits, and leases only keep old rows out.
//!
//! A winner that has nothing to set (the store failed, the fill failed, there is no row and absence is not cached) gives the lease
//! back by a delete, and the next one in turn may load. One that dies (a process killed, a future dropped), or never heard that it has
//! won, gives back nothing: its lease ends by itself after `lease-ms`. Until then others wait, each for `longest-wait-ms`, which is to
//! be well below their deadline: a caller whose deadline comes first gets [`OpError::LoadTimeout`].
//!
//! All of it holds for any number of instances over one cache, since the cache keeps the leases. Of what cache-aside has,
//! these are left, besides those of instances with caches of their own:
//! - A failed, lost or cancelled invalidation leaves a stale entry until its TTL.
//! - Absent keys are loaded by every reader, one after another, unless absence is cached.
//! - A load that takes longer than its lease is begun again by another, and what it fetched fills nothing.

use crate::Parts;
use crate::declared::{ACKNOWLEDGES_ALL_THE_SAME, EXPIRES, FORGETS_ABSENCE, REMEMBERS_ABSENCE, UNSPREAD};
use crate::model;
use crate::policy::within;
use crate::read_path::{Looked, Why, answer, looked};
use crate::rules::{Rules, Update};
use crate::settings;
use crate::steps;
use crate::write_path::{CLEANUP_BUDGET, Change, change};
use cachemark_core::{
    Cache, Capabilities, Condition, Declared, Descriptor, HitModel, Key, LeaseToken, Leased, OpContext, OpError,
    PartKind, Protocol, ReadOutcome, Row, Setting, Settings, Source, Step, Store, Strategy, Value, WriteOutcome,
    anomaly,
};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;

/// How long a lease lasts whose holder does nothing.
pub const LEASE_MS: Setting = Setting::integer(
    "lease-ms",
    1,
    600_000,
    10_000,
    "How long a reader that misses may fill the key before another one may, in milliseconds.",
);

/// How long a reader waits that was told that another one loads.
pub const WAIT_MS: Setting = Setting::integer(
    "wait-ms",
    1,
    60_000,
    5,
    "How long a reader waits before it asks again whether another's load has filled the key, in milliseconds; each time twice \
     as long, up to sixteen times it.",
);

/// How long it waits in all.
pub const LONGEST_WAIT_MS: Setting = Setting::integer(
    "longest-wait-ms",
    0,
    3_600_000,
    500,
    "How long a reader waits for another's load in all, in milliseconds, before it reads the store for itself, without filling \
     the cache.",
);

/// Nobody waits for another's load.
const WAITS_FOR_NOBODY: Condition = Condition::Is0(LONGEST_WAIT_MS.name);

/// What the strategy says of itself.
pub const DESCRIPTOR: Descriptor = Descriptor {
    on_request: true,
    settings: &[
        LEASE_MS,
        WAIT_MS,
        LONGEST_WAIT_MS,
        settings::TTL_MS,
        settings::TTL_JITTER,
        settings::NEGATIVE_TTL_MS,
        settings::ON_CACHE_READ_ERROR,
        settings::ON_CACHE_WRITE_ERROR,
    ],
    needs: Capabilities { lease: true, ..Capabilities::NONE },
    model: |settings| model::of(settings, HitModel::InvalidatedWithLoads),
    anomalies: &[
        Declared::always(anomaly::LOST_INVALIDATION, &[ACKNOWLEDGES_ALL_THE_SAME]),
        Declared::always(anomaly::CANCELLED_WRITE, &[]),
        Declared::over_one_cache(anomaly::CRASH_AFTER_COMMIT, &[]),
        Declared::behind_a_replica(anomaly::REPLICA_LAG, &[]),
        Declared::behind_a_replica(anomaly::REPLICA_RESURRECTION, &[]),
        Declared::with_own_caches(anomaly::READ_YOUR_WRITES, &[]),
        Declared::with_own_caches(anomaly::NON_MONOTONIC_READ, &[]),
        Declared::always(anomaly::STAMPEDE, &[WAITS_FOR_NOBODY]),
        Declared::always(anomaly::PENETRATION, &[FORGETS_ABSENCE]),
        Declared::always(anomaly::AVALANCHE, &[EXPIRES, UNSPREAD]),
        Declared::with_own_caches(anomaly::STALE_NEGATIVE, &[REMEMBERS_ABSENCE]),
    ],
    protocol: Protocol {
        hit: &[Step::Cache("get-or-lease"), Step::Answer],
        miss: &[Step::Cache("get-or-lease"), Step::Store("read"), Step::Cache("set-leased"), Step::Answer],
        ..steps::ASIDE
    },
    formula: "Hit ratio as of cache-aside. A key that expires is loaded once, however many instances there are.",
    source: "Nishtala et al., Scaling Memcache at Facebook, NSDI 2013, section 3.2.1.",
    colour: [94, 60, 153],
    ..Descriptor::of(
        PartKind::Strategy,
        "lease",
        "Cache-aside where the cache lets one reader of a missing key load it, and a write voids that right.",
    )
};

/// A wait doubles this often at most.
const DOUBLINGS: u32 = 4;

/// The application's own calls to a cache with leases and to the store.
#[derive(Debug)]
pub struct Lease<C, S> {
    cache: Arc<C>,
    store: Arc<S>,
    rules: Rules,
    lease: Duration,
    waits: Waits,
}

/// How long a reader waits before each time that it asks again.
#[derive(Debug, Clone, Copy)]
struct Waits {
    next: Duration,
    doublings: u32,
    left: Duration,
}

impl Waits {
    /// The next wait; none when all are over. The sum of all is the longest wait, to the timer's step.
    fn next(&mut self) -> Option<Duration> {
        let wait = self.next.min(self.left);
        self.left -= wait;
        if self.doublings > 0 {
            (self.next, self.doublings) = (2 * self.next, self.doublings - 1);
        }
        (!wait.is_zero()).then_some(wait)
    }
}

impl<C: Cache, S: Store> Lease<C, S> {
    /// Takes the settings of the descriptor.
    #[must_use]
    pub fn new(settings: &Settings, parts: Parts<C, S>) -> Self {
        let millis = |setting: Setting| Duration::from_millis(settings.integer(setting.name));
        Self {
            cache: parts.cache,
            store: parts.store,
            // A write always removes the entry: nothing else voids a lease for sure.
            rules: Rules::new(settings, Update::Plain),
            lease: millis(LEASE_MS),
            waits: Waits { next: millis(WAIT_MS), doublings: DOUBLINGS, left: millis(LONGEST_WAIT_MS) },
        }
    }

    /// Loads the row, and fills the cache under the lease.
    async fn lead(&self, ctx: &OpContext, key: &Key, token: LeaseToken) -> Result<ReadOutcome, OpError> {
        match self.store.read(ctx, key).await {
            Ok(row) => {
                self.fill(ctx, key, &row, token).await;
                Ok(ReadOutcome::of(row, Source::MissLed))
            }
            Err(error) => {
                self.give_back(ctx, key).await;
                Err(error.into())
            }
        }
    }

    async fn fill(&self, ctx: &OpContext, key: &Key, row: &Row, token: LeaseToken) {
        let Some(fill) = self.rules.expiry.of_row(ctx, key, row) else { return self.give_back(ctx, key).await };
        // A fill that fails costs the next reader a miss, and this one nothing. What became of it nobody may know: a delete lets
        // another one load in any case.
        if self.cache.set_leased(ctx, key, fill.entry, fill.ttl, token).await.is_err() {
            self.give_back(ctx, key).await;
        }
    }

    /// Lets another one load. The delete is of the key: if the lease was over already, it takes what has been filled since, or
    /// another's lease, and costs a load.
    async fn give_back(&self, ctx: &OpContext, key: &Key) {
        // As a rule there is nothing left of the caller's deadline. Where the cache fails, the lease ends by itself.
        let _ = self.cache.delete(&ctx.detached(CLEANUP_BUDGET), key).await;
    }

    /// Reads past the cache.
    async fn bypass(&self, ctx: &OpContext, key: &Key, why: Why) -> Result<ReadOutcome, OpError> {
        Ok(ReadOutcome::of(self.store.read(ctx, key).await?, why.led()))
    }

    async fn change(&self, ctx: &OpContext, key: &Key, what: Change) -> Result<WriteOutcome, OpError> {
        change(&*self.cache, &*self.store, &self.rules, ctx, key, what).await
    }
}

impl<C: Cache, S: Store> Strategy for Lease<C, S> {
    async fn read(&self, ctx: &OpContext, key: &Key) -> Result<ReadOutcome, OpError> {
        let (mut waits, mut source) = (self.waits, Source::Hit);
        loop {
            let found = match self.cache.get_or_lease(ctx, key, self.lease).await {
                Ok(Leased::Hit(entry)) => Ok(Some(entry)),
                Ok(Leased::Won(token)) => return self.lead(ctx, key, token).await,
                Ok(Leased::Held) => Ok(None),
                Err(error) => Err(error),
            };
            match looked(found, self.rules.on_read_error, ctx)? {
                Looked::Found(entry) => return Ok(answer(entry, source)),
                Looked::Load(Why::PassedOver) => return self.bypass(ctx, key, Why::PassedOver).await,
                Looked::Load(Why::Missed) => source = Source::MissJoined,
            }
            let Some(wait) = waits.next() else { return self.bypass(ctx, key, Why::Missed).await };
            within(ctx, sleep(wait)).await.ok_or(OpError::LoadTimeout)?;
        }
    }

    async fn write(&self, ctx: &OpContext, key: &Key, value: Value) -> Result<WriteOutcome, OpError> {
        self.change(ctx, key, Change::Write(value)).await
    }

    async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<WriteOutcome, OpError> {
        self.change(ctx, key, Change::Delete).await
    }

    async fn drain(&self, _ctx: &OpContext) -> Result<(), OpError> {
        // Every load is awaited by the operation that began it.
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_to_sixteen_times_and_sum_up_to_the_longest() {
        let millis = Duration::from_millis;
        let mut waits = Waits { next: millis(5), doublings: DOUBLINGS, left: millis(400) };
        let waited: Vec<u128> = std::iter::from_fn(|| waits.next()).map(|wait| wait.as_millis()).collect();
        assert_eq!(waited, [5, 10, 20, 40, 80, 80, 80, 80, 5]);
        assert_eq!(Waits { next: millis(5), doublings: DOUBLINGS, left: Duration::ZERO }.next(), None);
    }
}
