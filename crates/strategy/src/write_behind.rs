//! Write-behind: the tier of write-through, which acknowledges a write once it is queued, and brings it into the store later.
//!
//! - Read: as read-through; what the cache has not is looked for in the queue before it is loaded (`miss-queued`: a miss of the cache's
//!   that asks no store).
//! - Write: under the key's lock, the tier gives the write its version and queues it in the place of the one that the key waits with, if
//!   it does; then a versioned set. It is acknowledged as not durable.
//! - Delete: the same with a tombstone, and a delete of the entry.
//! - Flush: `delay-ms` after the first write of a key, what the key waits with by then goes to the store, with others that are due,
//!   `batch` keys at most. A write that comes during the flush waits anew. The store puts a row at the version that the tier gave,
//!   unless it has a newer one. The flusher's errors, and what becomes of writes that the store will not have, are in `flusher.rs`.
//! - `queue-limit` keys wait at most: further writers wait for a place until their deadline and are turned away then, with nothing
//!   queued.
//! - Drain: everything is flushed at once. A store that is gone is waited for `drain-timeout-ms`; the drain then ends with
//!   [`OpError::Lost`], which says of how many keys the store lacks the last acknowledged write. So it does after writes that the store
//!   refused.
//!
//! The store need not be asked before a write: versions are times, made to rise, with a tag of the instance's (`versions.rs`), and those that it
//! has counted itself are far below. What is assumed of the clock: it is set no further back between two processes, over one store, than the time
//! between a key's last write in the one and its first in the other, unless the second has met the key's row; a write below the
//! row's version is taken for one that was written over. Several instances are on one host, or on hosts whose clocks agree: of two writes
//! of a key, that with the later time stays.
//!
//! Within one instance no read is stale, evicted entries included. The descriptor declares its anomalies, of which these are the
//! ones to know:
//! - The process dies, or is stopped without a drain: the writes of the last `delay-ms` and of the flush under way are **lost**,
//!   one a key that waited.
//! - Several instances: another instance that finds no entry (it was evicted, or the row deleted) **loads the old row** from a store that does
//!   not have the write yet, and fills the cache with it. Over one cache, as with write-through, a **refill covers the update** of a writer or
//!   brings back what was deleted, and after an eviction the cache takes an **older version** from another instance again.
//! - The cache fails, or the caller drops the write between queue and cache: a stale entry until its TTL (with `placement = task` the
//!   write goes on without its caller).
//! - The store refuses an acknowledged write for good: its value was read by others, and is then gone from cache and queue.

mod behind;
mod flusher;
mod queue;
mod versions;

use crate::Parts;
use crate::declared::{ACKNOWLEDGES_ALL_THE_SAME, EXPIRES, FORGETS_ABSENCE, IN_PROCESS, REMEMBERS_ABSENCE, UNSPREAD};
use crate::model;
use crate::rules::{OnWrite, Rules, Update};
use crate::settings;
use crate::tier::{Placed, Tier};
use crate::write_path::Change;
use behind::Behind;
use cachemark_core::{
    Cache, Capabilities, Declared, Descriptor, HitModel, Key, MOST_CHANGES, Model, OpContext, OpError, PartKind,
    Protocol, ReadOutcome, Setting, Settings, Step, Store, Strategy, Value, WriteOutcome, anomaly,
};
use flusher::Flusher;
use queue::Queue;
use std::sync::Arc;
use std::time::Duration;

/// How long a write waits.
pub const DELAY_MS: Setting = Setting::integer(
    "delay-ms",
    1,
    600_000,
    500,
    "How long after the first write of a key the store gets what it was last written with, in milliseconds.",
);

/// How many keys the store gets at once.
pub const BATCH: Setting =
    Setting::integer("batch", 1, MOST_CHANGES as u64, 100, "The most keys that are flushed as one transaction.");

/// How many keys may wait.
pub const QUEUE_LIMIT: Setting = Setting::integer(
    "queue-limit",
    1,
    1_000_000,
    10_000,
    "How many keys may wait for the store; further writers wait until their deadline, and are turned away then.",
);

/// How long a flush may take.
pub const FLUSH_TIMEOUT_MS: Setting = Setting::integer(
    "flush-timeout-ms",
    1,
    600_000,
    5000,
    "How long a flush may take, in milliseconds; one that takes longer is tried again.",
);

/// How long the store is waited for at the end.
pub const DRAIN_TIMEOUT_MS: Setting = Setting::integer(
    "drain-timeout-ms",
    1,
    600_000,
    10_000,
    "How long the store is waited for at the end, in milliseconds; what it does not have by then is lost, and told.",
);

/// What a write reports whose entry could not be put into the cache.
const ON_CACHE_WRITE_ERROR: Setting = Setting::choice(
    settings::ON_CACHE_WRITE_ERROR.name,
    &["ack", "error"],
    "What a queued write reports when the cache step after it fails: success, or an error of unknown outcome; it goes to the store all the same.",
);

/// What the strategy says of itself.
pub const DESCRIPTOR: Descriptor = Descriptor {
    // It promises less than the others: nobody is to have it by chance.
    on_request: true,
    settings: &[
        DELAY_MS,
        BATCH,
        QUEUE_LIMIT,
        FLUSH_TIMEOUT_MS,
        DRAIN_TIMEOUT_MS,
        settings::TTL_MS,
        settings::TTL_JITTER,
        settings::NEGATIVE_TTL_MS,
        settings::ON_CACHE_READ_ERROR,
        ON_CACHE_WRITE_ERROR,
        settings::LOAD_TIMEOUT_MS,
        settings::PLACEMENT,
    ],
    needs: Capabilities { versioned_set: true, ..Capabilities::NONE },
    model: |settings| Model {
        coalesced_for: settings.millis(DELAY_MS.name),
        gives_versions: true,
        ..model::of(settings, HitModel::KeptByWrites)
    },
    anomalies: &[
        Declared::over_one_cache(anomaly::FORGOTTEN_VERSION, &[]),
        Declared::over_one_cache(anomaly::REFILL_OVER_UPDATE, &[]),
        Declared::always(anomaly::LOST_INVALIDATION, &[ACKNOWLEDGES_ALL_THE_SAME]),
        Declared::always(anomaly::CANCELLED_WRITE, &[IN_PROCESS]),
        Declared::behind_a_replica(anomaly::REPLICA_RESURRECTION, &[]),
        Declared::over_one_cache(anomaly::LOST_WRITE, &[]),
        Declared::with_own_caches(anomaly::LOST_WRITE, &[]),
        Declared::over_one_cache(anomaly::UNFLUSHED_READ, &[]),
        Declared::with_own_caches(anomaly::UNFLUSHED_READ, &[]),
        Declared::with_own_caches(anomaly::READ_YOUR_WRITES, &[]),
        Declared::with_own_caches(anomaly::NON_MONOTONIC_READ, &[]),
        Declared::over_one_cache(anomaly::STAMPEDE, &[]),
        Declared::always(anomaly::PENETRATION, &[FORGETS_ABSENCE]),
        Declared::always(anomaly::AVALANCHE, &[EXPIRES, UNSPREAD]),
        Declared::over_one_cache(anomaly::RESURRECTED_DELETE, &[]),
        Declared::over_one_cache(anomaly::STALE_NEGATIVE, &[REMEMBERS_ABSENCE]),
        Declared::with_own_caches(anomaly::STALE_NEGATIVE, &[REMEMBERS_ABSENCE]),
    ],
    protocol: Protocol {
        hit: &[Step::Cache("get"), Step::Answer],
        miss: &[
            Step::Cache("get"),
            Step::Own("begin or join a load, look into the queue"),
            Step::Store("read"),
            Step::Own("lock the key"),
            Step::Cache("set"),
            Step::Own("unlock the key"),
            Step::Answer,
        ],
        write: &[
            Step::Own("lock the key, queue the value"),
            Step::Cache("set-if-newer"),
            Step::Own("supersede the load, unlock the key"),
            Step::Answer,
            Step::Own("wait for delay-ms since the first change of the key"),
            Step::Store("write"),
        ],
        delete: &[
            Step::Own("lock the key, queue a tombstone"),
            Step::Cache("delete"),
            Step::Own("supersede the load, unlock the key"),
            Step::Answer,
            Step::Own("wait for delay-ms since the first change of the key"),
            Step::Store("delete"),
        ],
    },
    formula: "A key that is written w times a second makes 1 / (1 + w D) store operations a write, D being delay-ms, and waits for \
              the store for w D / (1 + w D) of the time. When the process dies, what a key waits with is lost: with a chance of at \
              most 1 - e^(-w (D + t)), t being how long a flush takes.",
    source: "Oracle Coherence, Caching Data Sources: write-behind; versions: Kulkarni et al., Logical Physical Clocks, \
             OPODIS 2014.",
    colour: [204, 121, 167],
    ..Descriptor::of(
        PartKind::Strategy,
        "write-behind",
        "A cache tier loads missing rows, and acknowledges what is written before the store has it.",
    )
};

/// A tier that writes later.
#[derive(Debug)]
pub struct WriteBehind<C, S> {
    tier: Placed<C, Behind<S>>,
    queue: Arc<Queue>,
}

impl<C: Cache, S: Store> WriteBehind<C, S> {
    /// Takes the settings of the descriptor.
    ///
    /// # Panics
    /// Outside a runtime; writes are flushed on the one where it is made, which must be kept running until the strategy is drained.
    #[must_use]
    pub fn new(settings: &Settings, parts: Parts<C, S>) -> Self {
        let Parts { cache, store, clock } = parts;
        let queue = Arc::new(Queue::new(settings, Arc::clone(&clock)));
        let behind = Arc::new(Behind { store: Arc::clone(&store), queue: Arc::clone(&queue) });
        let rules = Rules { on_write: OnWrite::ReplaceOlder, ..Rules::new(settings, Update::Versioned) };
        let tier = Tier::by(rules, settings, Parts { cache, store: behind, clock });
        let tier = Arc::new(tier.answering_from(Arc::<Queue>::clone(&queue)));
        let timeout = Duration::from_millis(settings.integer(FLUSH_TIMEOUT_MS.name));
        let flusher = Flusher { queue: Arc::clone(&queue), store, tier: Arc::clone(&tier), timeout };
        tokio::spawn(flusher.run());
        Self { tier: Placed::place(settings, tier), queue }
    }

    async fn change(&self, ctx: &OpContext, key: &Key, what: Change) -> Result<WriteOutcome, OpError> {
        match self.tier.change(ctx, key, what).await {
            Ok(outcome) => Ok(WriteOutcome { durable: false, ..outcome }),
            // What the tier takes for its store is the queue.
            Err(OpError::AfterCommit(error)) => Err(OpError::AfterQueueing(error)),
            Err(error) => Err(error),
        }
    }
}

impl<C: Cache, S: Store> Strategy for WriteBehind<C, S> {
    async fn read(&self, ctx: &OpContext, key: &Key) -> Result<ReadOutcome, OpError> {
        self.tier.read(ctx, key).await
    }

    async fn write(&self, ctx: &OpContext, key: &Key, value: Value) -> Result<WriteOutcome, OpError> {
        self.change(ctx, key, Change::Write(value)).await
    }

    async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<WriteOutcome, OpError> {
        self.change(ctx, key, Change::Delete).await
    }

    async fn drain(&self, ctx: &OpContext) -> Result<(), OpError> {
        // What is queued first: no load that hangs may take the time for it. Then what the tier was still at, which may be a write.
        // Told at the end is what was lost in all.
        let _ = self.queue.drain(ctx).await;
        let tier = self.tier.drain(ctx).await;
        OpError::of_drains(self.queue.drain(ctx).await, tier)
    }
}

impl<C, S> Drop for WriteBehind<C, S> {
    fn drop(&mut self) {
        // The flusher ends with it.
        self.queue.close();
    }
}
