//! Versioned cache-aside: whatever is put into the cache carries its row's version, and the cache keeps the newest.
//!
//! - Read: get; on a miss, store read, versioned set, return. Each caller loads for itself within its own deadline.
//! - Write: store write, then a versioned set of the value.
//! - Delete: store delete, then a versioned set of a *tombstone*: an entry that says that the row was deleted, and at which
//!   version, for `tombstone-ttl-ms`. As long as it is there, no older value comes back; readers are told that there is no row.
//!   With 0 the entry is removed instead.
//!
//! The order in which rows were committed is the order of their versions, so it does not matter in which order they come to the
//! cache: no lock, no lease, any number of instances. The price is that **the cache remembers versions only of what it holds**. After an
//! eviction, or when an entry or a tombstone has expired, it takes an older version again, from a writer or a reader that
//! is late: the older value stays until its TTL or the next write. The descriptor declares this (`forgotten-version`), and what is
//! left of cache-aside:
//! - Without tombstones, **resurrected deletes**.
//! - A failed, lost or cancelled update leaves a stale entry until its TTL. After a write of unknown outcome the entry is removed, and
//!   with it what the cache knows of the version.
//! - Readers who miss a key at once each load it.
//! - An instance with a cache of its own goes by its tombstone, too, after another one has written the key anew.

use crate::Parts;
use crate::declared::{ACKNOWLEDGES_ALL_THE_SAME, EXPIRES, FORGETS_ABSENCE, REMEMBERS_ABSENCE, UNSPREAD};
use crate::model;
use crate::read_path::{Asked, Why, ask};
use crate::rules::{OnWrite, Rules, Update};
use crate::settings;
use crate::steps;
use crate::write_path::{Change, change};
use cachemark_core::{
    Cache, Capabilities, Condition, Declared, Descriptor, HitModel, Key, OpContext, OpError, PartKind, Protocol,
    ReadOutcome, Setting, Settings, Step, Store, Strategy, Value, WriteOutcome, anomaly,
};
use std::sync::Arc;

/// How long a deletion is remembered.
pub const TOMBSTONE_TTL_MS: Setting = Setting::integer(
    "tombstone-ttl-ms",
    0,
    settings::LONGEST_TTL_MS,
    10_000,
    "How long the cache remembers that a row was deleted, and at which version, in milliseconds; 0 only removes the entry.",
);

/// A delete leaves nothing behind.
const LEAVES_NO_TOMBSTONE: Condition = Condition::Is0(TOMBSTONE_TTL_MS.name);
/// A delete leaves an entry that says that there is no row.
const LEAVES_A_TOMBSTONE: Condition = Condition::Above0(TOMBSTONE_TTL_MS.name);

/// What the strategy says of itself.
pub const DESCRIPTOR: Descriptor = Descriptor {
    on_request: true,
    settings: &[
        TOMBSTONE_TTL_MS,
        settings::TTL_MS,
        settings::TTL_JITTER,
        settings::NEGATIVE_TTL_MS,
        settings::ON_CACHE_READ_ERROR,
        settings::ON_CACHE_WRITE_ERROR,
    ],
    needs: Capabilities { versioned_set: true, ..Capabilities::NONE },
    model: |settings| model::of(settings, HitModel::KeptByWrites),
    anomalies: &[
        Declared::always(anomaly::FORGOTTEN_VERSION, &[]),
        Declared::always(anomaly::LOST_INVALIDATION, &[ACKNOWLEDGES_ALL_THE_SAME]),
        Declared::always(anomaly::CANCELLED_WRITE, &[]),
        Declared::over_one_cache(anomaly::CRASH_AFTER_COMMIT, &[]),
        Declared::behind_a_replica(anomaly::REPLICA_RESURRECTION, &[LEAVES_NO_TOMBSTONE]),
        Declared::with_own_caches(anomaly::READ_YOUR_WRITES, &[]),
        Declared::with_own_caches(anomaly::NON_MONOTONIC_READ, &[]),
        Declared::always(anomaly::STAMPEDE, &[]),
        Declared::always(anomaly::PENETRATION, &[FORGETS_ABSENCE]),
        Declared::always(anomaly::AVALANCHE, &[EXPIRES, UNSPREAD]),
        Declared::always(anomaly::RESURRECTED_DELETE, &[LEAVES_NO_TOMBSTONE]),
        Declared::with_own_caches(anomaly::STALE_NEGATIVE, &[REMEMBERS_ABSENCE]),
        Declared::with_own_caches(anomaly::STALE_NEGATIVE, &[LEAVES_A_TOMBSTONE]),
    ],
    protocol: Protocol {
        miss: &[Step::Cache("get"), Step::Store("read"), Step::Cache("set-if-newer"), Step::Answer],
        write: &[Step::Store("write"), Step::Cache("set-if-newer"), Step::Answer],
        delete: &[Step::Store("delete"), Step::Cache("set-if-newer"), Step::Answer],
        ..steps::ASIDE
    },
    formula: "A write leaves the entry up to date: with room for every key each read after the first is a hit.",
    source: "Meta Engineering, Cache made consistent, 2022.",
    colour: [0, 104, 104],
    ..Descriptor::of(
        PartKind::Strategy,
        "versioned",
        "Cache-aside where the cache keeps the newest version of whatever it is given, and tombstones of deleted rows.",
    )
};

/// The application's own calls to a cache that compares versions and to the store.
#[derive(Debug)]
pub struct Versioned<C, S> {
    cache: Arc<C>,
    store: Arc<S>,
    rules: Rules,
}

impl<C: Cache, S: Store> Versioned<C, S> {
    /// Takes the settings of the descriptor.
    #[must_use]
    pub fn new(settings: &Settings, parts: Parts<C, S>) -> Self {
        let rules = Rules {
            on_write: OnWrite::ReplaceOlder,
            tombstone_ttl: settings.millis(TOMBSTONE_TTL_MS.name),
            ..Rules::new(settings, Update::Versioned)
        };
        Self { cache: parts.cache, store: parts.store, rules }
    }

    async fn load(&self, ctx: &OpContext, key: &Key, why: Why) -> Result<ReadOutcome, OpError> {
        let row = self.store.read(ctx, key).await?;
        if why.refills()
            && let Some(fill) = self.rules.expiry.of_row(ctx, key, &row)
        {
            // The row is in hand: a refill that fails costs the next reader a miss, and this one nothing.
            let _ = self.cache.set_if_newer(ctx, key, fill.entry, fill.ttl).await;
        }
        Ok(ReadOutcome::of(row, why.led()))
    }

    async fn change(&self, ctx: &OpContext, key: &Key, what: Change) -> Result<WriteOutcome, OpError> {
        change(&*self.cache, &*self.store, &self.rules, ctx, key, what).await
    }
}

impl<C: Cache, S: Store> Strategy for Versioned<C, S> {
    async fn read(&self, ctx: &OpContext, key: &Key) -> Result<ReadOutcome, OpError> {
        match ask(&*self.cache, self.rules.on_read_error, ctx, key).await? {
            Asked::Hit(outcome) => Ok(outcome),
            Asked::Load(why) => self.load(ctx, key, why).await,
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
