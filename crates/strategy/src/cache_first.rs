//! Cache first: **a mistake**, kept to be measured: the cache is told of a write before the store.
//!
//! - Read: as cache-aside.
//! - Write: delete of the entry (`on-write = invalidate`) or plain set of the new value (`update`), then the store's.
//! - Delete: delete of the entry, then the store's.
//!
//! What it brings about, as the descriptor declares:
//! - **Invalidation before the commit**: a reader between the two steps loads the old row and fills the cache with
//!   it, and nothing removes it again. Under load that is the rule, not the exception.
//! - With `update`, a **dirty read**: readers are given a value that the store then refuses, and go on being given it; and two writers tell
//!   the cache in one order and **commit in the other**.
//! - What cache-aside has besides: late refills, and with `update` a refill over the update.
//!
//! What is put into the cache before the store has it has no version (the store gives versions), so a read that it
//! answers tells none, and the oracle cannot judge it; an audit takes it for what its value's stamp says. A cache
//! that fails keeps nobody from the commit. Where the store's answer is lost, or it refuses, nothing is put right.

use crate::Parts;
use crate::aside::Aside;
use crate::declared::{
    ACKNOWLEDGES_ALL_THE_SAME, EXPIRES, FORGETS_ABSENCE, INVALIDATES, REMEMBERS_ABSENCE, UNSPREAD, UPDATES,
};
use crate::delegate::delegate;
use crate::model;
use crate::rules::{Rules, Update};
use crate::settings;
use crate::steps;
use crate::write_path::{Change, acknowledged, commit, tell};
use cachemark_core::{
    Cache, Declared, Descriptor, HitModel, Key, OpContext, OpError, PartKind, Protocol, ReadOutcome, Setting, Settings,
    Step, Store, Version, WriteOutcome, anomaly,
};

/// What a write does to the cache before it goes to the store.
const ON_WRITE: Setting = Setting::choice(
    settings::ON_WRITE.name,
    &["invalidate", "update"],
    "What a write does to the cache's entry before it goes to the store: deletes it, or replaces it.",
);

/// What the strategy says of itself.
pub const DESCRIPTOR: Descriptor = Descriptor {
    on_request: true,
    settings: &[
        ON_WRITE,
        settings::TTL_MS,
        settings::TTL_JITTER,
        settings::NEGATIVE_TTL_MS,
        settings::ON_CACHE_READ_ERROR,
        settings::ON_CACHE_WRITE_ERROR,
    ],
    model: |settings| model::of(settings, HitModel::InvalidatedByWrites),
    anomalies: &[
        Declared::always(anomaly::STALE_SET, &[INVALIDATES]),
        Declared::always(anomaly::EARLY_INVALIDATION, &[INVALIDATES]),
        Declared::always(anomaly::WRITE_INVERSION, &[UPDATES]),
        Declared::always(anomaly::REFILL_OVER_UPDATE, &[UPDATES]),
        Declared::always(anomaly::DIRTY_READ, &[UPDATES]),
        Declared::always(anomaly::LOST_INVALIDATION, &[ACKNOWLEDGES_ALL_THE_SAME]),
        Declared::behind_a_replica(anomaly::REPLICA_LAG, &[INVALIDATES]),
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
        write: &[Step::Cache("delete"), Step::Store("write"), Step::Answer],
        delete: &[Step::Cache("delete"), Step::Store("delete"), Step::Answer],
        ..steps::ASIDE
    },
    source: "Microsoft, Azure Architecture Center, Cache-Aside pattern, warns of this order.",
    colour: [170, 51, 0],
    ..Descriptor::of(
        PartKind::Strategy,
        "cache-first",
        "A mistake, to be measured: cache-aside that tells the cache of a write before the store has it.",
    )
};

/// Cache-aside in the wrong order.
#[derive(Debug)]
pub struct CacheFirst<C, S>(Inverted<C, S>);

#[derive(Debug)]
struct Inverted<C, S>(Aside<C, S>);

impl<C: Cache, S: Store> CacheFirst<C, S> {
    /// Takes the settings of the descriptor.
    #[must_use]
    pub fn new(settings: &Settings, parts: Parts<C, S>) -> Self {
        Self(Inverted(Aside::new(parts, Rules::new(settings, Update::Plain))))
    }
}

impl<C: Cache, S: Store> Inverted<C, S> {
    async fn read(&self, ctx: &OpContext, key: &Key) -> Result<ReadOutcome, OpError> {
        self.0.read(ctx, key).await
    }

    async fn change(&self, ctx: &OpContext, key: &Key, what: Change) -> Result<WriteOutcome, OpError> {
        let Aside { cache, store, rules, .. } = &self.0;
        let to_be_written = match &what {
            Change::Write(value) => Some(value.clone()),
            Change::Delete => None,
        };
        let told = tell(&**cache, rules, ctx, key, Version::NONE, to_be_written).await;
        acknowledged(rules, commit(&**store, ctx, key, what).await.version?, told)
    }

    async fn drain(&self, ctx: &OpContext) -> Result<(), OpError> {
        self.0.drain(ctx).await
    }
}

delegate!(CacheFirst);
