//! XFetch: a reader recomputes an entry before it expires, each by chance, and the likelier the nearer the end is.
//!
//! - Read: get. An entry says what its load cost (delta) and when it expires. The reader draws u from (0, 1] and
//!   recomputes if `now - delta * beta * ln(u) >= expiry`: store read, set for `ttl-ms` from now, return the new
//!   value. Else the entry is a hit. On a miss, store read, set, return, as in cache-aside.
//! - Write, delete: the store's, then delete of the entry.
//!
//! Nobody is coordinated: readers who draw otherwise go on hitting the old entry while one recomputes (Vattani,
//! Chierichetti and Lowenstein, "Optimal probabilistic cache stampede prevention", PVLDB 8, 2015). With tau left of
//! its lifetime a read recomputes with probability e^(-tau / (beta delta)), so a key that is read r times a second
//! expires unrefreshed with e^(-r beta delta): it helps from r beta delta of about 3 on, and where that is large
//! there are e^(1 / beta) recomputations a cycle.
//!
//! As in the paper the reader recomputes itself and waits for it. Its source is `miss-led`: it made a load, which is
//! what the store sees, though the cache had an entry. Where the store fails, the entry is served as a hit: it has
//! not expired. A recomputation that finds no row takes the entry out. The draw is made of key, session and sequence,
//! so a run draws the same again. Ages are taken from the clock of the process that reads, against what the one that
//! filled wrote down.
//!
//! Its races are those of cache-aside, in one process as in several: the descriptor declares them. An empty cache has
//! its stampede: there is no entry to recompute early.

use crate::Parts;
use crate::aside::Aside;
use crate::declared::{ACKNOWLEDGES_ALL_THE_SAME, FORGETS_ABSENCE, REMEMBERS_ABSENCE, UNSPREAD};
use crate::delegate::delegate;
use crate::model;
use crate::policy::{draw, unit};
use crate::read_path::{Looked, answer};
use crate::rules::Rules;
use crate::settings;
use crate::steps;
use crate::write_path::Change;
use cachemark_core::{
    Cache, Declared, Descriptor, Freshness, HitModel, Key, OpContext, OpError, PartKind, Protocol, ReadOutcome,
    Setting, Settings, Source, Step, Store, WriteOutcome, anomaly,
};
use std::time::Duration;

/// How early readers recompute.
pub const BETA_PERCENT: Setting = Setting::integer(
    "beta-percent",
    0,
    10_000,
    100,
    "How early entries are recomputed, in hundredths of the time that their load took (beta); 0 waits for their end.",
);

/// Tells these draws from those of lifetimes.
const OF_XFETCH: u64 = 0x5846_6574_6368;

/// What the strategy says of itself.
pub const DESCRIPTOR: Descriptor = Descriptor {
    on_request: true,
    settings: &[
        settings::TTL_ALWAYS_MS,
        BETA_PERCENT,
        settings::TTL_JITTER,
        settings::NEGATIVE_TTL_MS,
        settings::ON_CACHE_READ_ERROR,
        settings::ON_CACHE_WRITE_ERROR,
    ],
    model: |settings| model::of(settings, HitModel::InvalidatedByWrites),
    anomalies: &[
        Declared::always(anomaly::STALE_SET, &[]),
        Declared::always(anomaly::LOST_INVALIDATION, &[ACKNOWLEDGES_ALL_THE_SAME]),
        Declared::always(anomaly::CANCELLED_WRITE, &[]),
        Declared::over_one_cache(anomaly::CRASH_AFTER_COMMIT, &[]),
        Declared::behind_a_replica(anomaly::REPLICA_LAG, &[]),
        Declared::behind_a_replica(anomaly::REPLICA_RESURRECTION, &[]),
        Declared::with_own_caches(anomaly::READ_YOUR_WRITES, &[]),
        Declared::with_own_caches(anomaly::NON_MONOTONIC_READ, &[]),
        Declared::always(anomaly::STAMPEDE, &[]),
        Declared::always(anomaly::PENETRATION, &[FORGETS_ABSENCE]),
        Declared::always(anomaly::AVALANCHE, &[UNSPREAD]),
        Declared::always(anomaly::RESURRECTED_DELETE, &[]),
        Declared::always(anomaly::STALE_NEGATIVE, &[REMEMBERS_ABSENCE]),
    ],
    protocol: Protocol {
        hit: &[Step::Cache("get"), Step::Own("draw: by chance load and set first"), Step::Answer],
        ..steps::ASIDE
    },
    formula: "With tau left of its lifetime a read recomputes with probability e^(-tau / (beta delta)), delta being \
              what the load took; a key that is read r times a second expires all the same with probability e^(-r beta \
              delta), and where r beta delta is large there are e^(1 / beta) recomputations in a lifetime.",
    source: "Vattani, Chierichetti, Lowenstein, Optimal Probabilistic Cache Stampede Prevention, PVLDB 8, 2015.",
    colour: [238, 119, 255],
    ..Descriptor::of(
        PartKind::Strategy,
        "xfetch",
        "Cache-aside whose readers recompute an entry before it expires, the likelier the nearer its end.",
    )
};

/// Cache-aside with early recomputation by chance.
#[derive(Debug)]
pub struct XFetch<C, S>(Recomputing<C, S>);

#[derive(Debug)]
struct Recomputing<C, S> {
    aside: Aside<C, S>,
    beta: f64,
}

impl<C: Cache, S: Store> XFetch<C, S> {
    /// Takes the settings of the descriptor.
    #[must_use]
    pub fn new(settings: &Settings, parts: Parts<C, S>) -> Self {
        let aside = Aside::new(parts, Rules::invalidating(settings)).dating(Duration::ZERO);
        Self(Recomputing { aside, beta: settings.integer(BETA_PERCENT.name) as f64 / 100.0 })
    }
}

impl<C: Cache, S: Store> Recomputing<C, S> {
    async fn read(&self, ctx: &OpContext, key: &Key) -> Result<ReadOutcome, OpError> {
        match self.aside.look(ctx, key).await? {
            Looked::Found(entry) if self.is_early(ctx, key, entry.freshness) => {
                let recomputed = self.aside.reload(ctx, key).await;
                Ok(recomputed.map_or_else(|_| answer(entry, Source::Hit), |row| ReadOutcome::of(row, Source::MissLed)))
            }
            Looked::Found(entry) => Ok(answer(entry, Source::Hit)),
            Looked::Load(why) => self.aside.led(ctx, key, why).await,
        }
    }

    /// Whether this reader is to recompute; never an entry that does not say how long it lives.
    fn is_early(&self, ctx: &OpContext, key: &Key, freshness: Freshness) -> bool {
        let Freshness { filled_at_ns, load_cost_ns, fresh_for_ns } = freshness;
        let left_ns = filled_at_ns.saturating_add(fresh_for_ns).saturating_sub(self.aside.clock.now_ns());
        let id = ctx.write_id();
        let u = unit(draw(key, [OF_XFETCH, u64::from(id.session), id.sequence]));
        fresh_for_ns > 0 && load_cost_ns as f64 * self.beta * -u.ln() >= left_ns as f64
    }

    async fn change(&self, ctx: &OpContext, key: &Key, what: Change) -> Result<WriteOutcome, OpError> {
        self.aside.change(ctx, key, what).await
    }

    async fn drain(&self, ctx: &OpContext) -> Result<(), OpError> {
        self.aside.drain(ctx).await
    }
}

delegate!(XFetch);
