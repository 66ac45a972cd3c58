//! Delayed double delete: the entry is deleted before the commit, and once more some time after it.
//!
//! - Read: as cache-aside.
//! - Write, delete: delete of the entry, the store's, acknowledgement; `delay-ms` after the commit, in the
//!   background, delete of the entry again.
//!
//! The second delete takes out what a reader put there that had read the old row: before the commit, or before a
//! replica had the new one. It heals stale sets, and does not keep them off: until then the entry is served, **for as
//! long as the delay**, also to the session that wrote. A refill that comes later than the delay stays. The delay has
//! to be longer than a load with its fill (and a replica's lag); each write costs two deletes, and the second one
//! takes a good entry out as a rule.
//!
//! A first delete that fails keeps nobody from the commit; a second one that fails is not tried again, and nobody
//! hears of it. Where the store's answer is lost, the second delete is the clean-up. One that is still to come when
//! its runtime is shut down is lost; a drain waits for all of them.

use crate::Parts;
use crate::aside::Aside;
use crate::declared::{EXPIRES, FORGETS_ABSENCE, REMEMBERS_ABSENCE, UNSPREAD};
use crate::delegate::delegate;
use crate::model;
use crate::policy::{InFlight, within};
use crate::rules::Rules;
use crate::settings;
use crate::steps;
use crate::write_path::{CLEANUP_BUDGET, Change, acknowledged, commit};
use cachemark_core::{
    Cache, CacheEffect, Declared, Descriptor, HitModel, Key, OpContext, OpError, PartKind, Protocol, ReadOutcome,
    Setting, Settings, Step, Store, WriteOutcome, anomaly,
};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;

/// How long after the commit the entry is deleted again.
pub const DELAY_MS: Setting = Setting::integer(
    "delay-ms",
    1,
    20_000,
    1000,
    "How long after the commit the entry is deleted again, in milliseconds: longer than a load and its fill take.",
);

/// What the strategy says of itself.
pub const DESCRIPTOR: Descriptor = Descriptor {
    on_request: true,
    settings: &[
        DELAY_MS,
        settings::TTL_MS,
        settings::TTL_JITTER,
        settings::NEGATIVE_TTL_MS,
        settings::ON_CACHE_READ_ERROR,
        settings::ON_CACHE_WRITE_ERROR,
    ],
    model: |settings| model::of(settings, HitModel::InvalidatedTwice),
    anomalies: &[
        Declared::always(anomaly::STALE_SET, &[]),
        Declared::always(anomaly::EARLY_INVALIDATION, &[]),
        // The second one is lost unheard, whatever a write reports of the first.
        Declared::always(anomaly::LOST_INVALIDATION, &[]),
        Declared::behind_a_replica(anomaly::REPLICA_LAG, &[]),
        Declared::behind_a_replica(anomaly::REPLICA_RESURRECTION, &[]),
        Declared::with_own_caches(anomaly::READ_YOUR_WRITES, &[]),
        Declared::with_own_caches(anomaly::NON_MONOTONIC_READ, &[]),
        Declared::always(anomaly::STAMPEDE, &[]),
        Declared::always(anomaly::PENETRATION, &[FORGETS_ABSENCE]),
        Declared::always(anomaly::AVALANCHE, &[EXPIRES, UNSPREAD]),
        Declared::always(anomaly::RESURRECTED_DELETE, &[]),
        Declared::always(anomaly::STALE_NEGATIVE, &[REMEMBERS_ABSENCE]),
    ],
    protocol: Protocol {
        write: &[
            Step::Cache("delete"),
            Step::Store("write"),
            Step::Answer,
            Step::Own("wait for delay-ms"),
            Step::Cache("delete"),
        ],
        delete: &[
            Step::Cache("delete"),
            Step::Store("delete"),
            Step::Answer,
            Step::Own("wait for delay-ms"),
            Step::Cache("delete"),
        ],
        ..steps::ASIDE
    },
    formula: "A stale set lives until the second delete, for delay-ms at most, if the load that makes it takes no \
              longer than that.",
    colour: [119, 0, 0],
    ..Descriptor::of(
        PartKind::Strategy,
        "double-delete",
        "Cache-aside that removes the entry before the commit, and again some time after it.",
    )
};

/// Cache-aside that deletes twice.
#[derive(Debug)]
pub struct DoubleDelete<C, S>(Twice<C, S>);

#[derive(Debug)]
struct Twice<C, S> {
    aside: Aside<C, S>,
    delay: Duration,
    to_come: Arc<InFlight>,
}

impl<C: Cache, S: Store> DoubleDelete<C, S> {
    /// Takes the settings of the descriptor.
    #[must_use]
    pub fn new(settings: &Settings, parts: Parts<C, S>) -> Self {
        let delay = Duration::from_millis(settings.integer(DELAY_MS.name));
        Self(Twice { aside: Aside::new(parts, Rules::invalidating(settings)), delay, to_come: Arc::default() })
    }
}

impl<C: Cache, S: Store> Twice<C, S> {
    async fn read(&self, ctx: &OpContext, key: &Key) -> Result<ReadOutcome, OpError> {
        self.aside.read(ctx, key).await
    }

    async fn change(&self, ctx: &OpContext, key: &Key, what: Change) -> Result<WriteOutcome, OpError> {
        let first = self.aside.cache.delete(ctx, key).await.map(|()| CacheEffect::Invalidated);
        let committed = commit(&*self.aside.store, ctx, key, what).await;
        if !committed.is_surely_unchanged() {
            self.delete_later(ctx, key);
        }
        acknowledged(&self.aside.rules, committed.version?, first)
    }

    fn delete_later(&self, ctx: &OpContext, key: &Key) {
        let (cache, delay, ticket) = (Arc::clone(&self.aside.cache), self.delay, self.to_come.enter());
        // Its hops are no part of the operation, which does not wait for them.
        let (ctx, key) = (ctx.timed(None), key.clone());
        tokio::spawn(async move {
            sleep(delay).await;
            let _ = cache.delete(&ctx.detached(CLEANUP_BUDGET), &key).await;
            drop(ticket);
        });
    }

    async fn drain(&self, ctx: &OpContext) -> Result<(), OpError> {
        within(ctx, self.to_come.idle()).await.ok_or(OpError::Deadline)
    }
}

delegate!(DoubleDelete);
