//! Cache-aside whose hits renew the TTL: an entry lives for as long as it is asked for.
//!
//! - Read: get that touches: a hit lives for `ttl-ms` from now. On a miss, store read, set, return, as cache-aside.
//! - Write and delete: as cache-aside, by `on-write`. An update brings a lifetime of its own.
//!
//! A key that is asked for at rate lambda hits with probability 1 - exp(-lambda T), where a lifetime counted from the fill
//! gives lambda T / (1 + lambda T): hot keys hardly ever miss. **The TTL bounds no staleness**: an old entry that is asked for
//! more often than once in a TTL stays until it is evicted or the next write. Everything else is as with cache-aside, whose
//! anomalies it has, and worse for that.
//!
//! Absence is not cached: a touch does not know what it will find, and an absence that is asked for would stay for ever.

use crate::Parts;
use crate::aside::Aside;
use crate::declared::{
    ACKNOWLEDGES_ALL_THE_SAME, INVALIDATES, LEAVES_THE_ENTRY, PUTS_NOTHING, TELLS_THE_CACHE, UNSPREAD, UPDATES,
};
use crate::model;
use crate::read_path::{Looked, answer, looked};
use crate::rules::{Rules, Update};
use crate::settings;
use crate::steps;
use crate::write_path::Change;
use cachemark_core::{
    Acts, Cache, Capabilities, Declared, Descriptor, HitModel, Key, OpContext, OpError, PartKind, Protocol,
    ReadOutcome, Setting, Settings, Source, Step, Store, Strategy, Value, WriteOutcome, anomaly,
};

/// How long an entry lives that nobody asks for.
pub const TTL_MS: Setting = Setting::integer(
    settings::TTL_MS.name,
    1,
    settings::LONGEST_TTL_MS,
    10_000,
    "How long an entry lives after it was set or asked for last, in milliseconds.",
);

/// How far that is spread.
pub const TTL_JITTER: Setting = settings::TTL_JITTER.acting(Acts::Always);

/// What the strategy says of itself.
pub const DESCRIPTOR: Descriptor = Descriptor {
    on_request: true,
    settings: &[settings::ON_WRITE, TTL_MS, TTL_JITTER, settings::ON_CACHE_READ_ERROR, settings::ON_CACHE_WRITE_ERROR],
    needs: Capabilities { ttl: true, touch: true, ..Capabilities::NONE },
    model: |settings| model::renewed_by_hits(model::of(settings, HitModel::InvalidatedByWrites)),
    anomalies: &[
        Declared::always(anomaly::STALE_SET, &[INVALIDATES]),
        Declared::always(anomaly::WRITE_INVERSION, &[UPDATES]),
        Declared::always(anomaly::FORGOTTEN_VERSION, &[UPDATES]),
        Declared::always(anomaly::REFILL_OVER_UPDATE, &[UPDATES]),
        Declared::always(anomaly::LOST_INVALIDATION, &[TELLS_THE_CACHE, ACKNOWLEDGES_ALL_THE_SAME]),
        Declared::always(anomaly::CANCELLED_WRITE, &[TELLS_THE_CACHE]),
        Declared::over_one_cache(anomaly::CRASH_AFTER_COMMIT, &[TELLS_THE_CACHE]),
        Declared::behind_a_replica(anomaly::REPLICA_LAG, &[PUTS_NOTHING]),
        Declared::behind_a_replica(anomaly::REPLICA_RESURRECTION, &[]),
        Declared::always(anomaly::READ_YOUR_WRITES, &[LEAVES_THE_ENTRY]),
        Declared::with_own_caches(anomaly::READ_YOUR_WRITES, &[]),
        Declared::with_own_caches(anomaly::NON_MONOTONIC_READ, &[]),
        Declared::always(anomaly::STAMPEDE, &[]),
        Declared::always(anomaly::PENETRATION, &[]),
        Declared::always(anomaly::AVALANCHE, &[UNSPREAD]),
        Declared::always(anomaly::RESURRECTED_DELETE, &[TELLS_THE_CACHE]),
    ],
    protocol: Protocol {
        hit: &[Step::Cache("get-and-touch"), Step::Answer],
        miss: &[Step::Cache("get-and-touch"), Step::Store("read"), Step::Cache("set"), Step::Answer],
        ..steps::ASIDE
    },
    formula: "A key that is read r times a second and never written is a hit for 1 - e^(-r T) of its reads; with w \
              writes a second that remove it for r / (r + w) (1 - e^(-(r + w) T)).",
    source: "Redis, GETEX; Memcached, meta get with T.",
    colour: [170, 119, 28],
    ..Descriptor::of(PartKind::Strategy, "sliding-ttl", "Cache-aside where each hit renews the entry's lifetime.")
};

/// Cache-aside over a cache that touches.
#[derive(Debug)]
pub struct SlidingTtl<C, S> {
    aside: Aside<C, S>,
}

impl<C: Cache, S: Store> SlidingTtl<C, S> {
    /// Takes the settings of the descriptor.
    #[must_use]
    pub fn new(settings: &Settings, parts: Parts<C, S>) -> Self {
        Self { aside: Aside::new(parts, Rules::new(settings, Update::Plain)) }
    }

    async fn look(&self, ctx: &OpContext, key: &Key) -> Result<Looked, OpError> {
        let Aside { cache, rules, .. } = &self.aside;
        let found = match rules.expiry.renewal(ctx, key) {
            Some(ttl) => cache.get_and_touch(ctx, key, ttl).await,
            // Not with the settings of the descriptor.
            None => cache.get(ctx, key).await,
        };
        looked(found, rules.on_read_error, ctx)
    }
}

impl<C: Cache, S: Store> Strategy for SlidingTtl<C, S> {
    async fn read(&self, ctx: &OpContext, key: &Key) -> Result<ReadOutcome, OpError> {
        match self.look(ctx, key).await? {
            Looked::Found(entry) => Ok(answer(entry, Source::Hit)),
            Looked::Load(why) => self.aside.led(ctx, key, why).await,
        }
    }

    async fn write(&self, ctx: &OpContext, key: &Key, value: Value) -> Result<WriteOutcome, OpError> {
        self.aside.change(ctx, key, Change::Write(value)).await
    }

    async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<WriteOutcome, OpError> {
        self.aside.change(ctx, key, Change::Delete).await
    }

    async fn drain(&self, ctx: &OpContext) -> Result<(), OpError> {
        self.aside.drain(ctx).await
    }
}
