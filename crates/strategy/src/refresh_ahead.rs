//! Refresh-ahead: an entry that is read near its end is loaded anew in the background, and served meanwhile.
//!
//! - Read: get; an entry is a hit, and in the last `refresh-factor` of its lifetime it is also reloaded: store read,
//!   set. The reader does not wait. On a miss, store read, set, return, as in cache-aside: misses of one key at the
//!   same time are as many loads.
//! - Write, delete: the store's, then delete of the entry; a reload of the key that is queued or under way is
//!   superseded: it fills nothing, and another may begin.
//!
//! Each process reloads a key once at a time. A reload that fails keeps the old entry, and the next read in time
//! tries again; one that finds no row takes the entry out. Only reads reload: what nobody asks for expires. The
//! factor is the share of the lifetime *before* its end, as in Oracle Coherence: 0.2 of 20 s is from 16 s on; 0 never
//! reloads, 1 at each hit. Ages are taken from the clock of the process that reads, against what the one that filled
//! wrote down.
//!
//! Fills are guarded: one process never puts an old row into the cache. Several over one cache do, by misses and by
//! reloads alike: the descriptor declares it.

use crate::Parts;
use crate::aside::Aside;
use crate::delegate::delegate;
use crate::model;
use crate::read_path::{Looked, answer};
use crate::relatives::GUARDED;
use crate::reloads::{RELOAD_TIMEOUT_MS, Reloads};
use crate::rules::Rules;
use crate::settings;
use crate::steps;
use crate::write_path::{Change, may_have_changed};
use cachemark_core::{
    Cache, Descriptor, Freshness, HitModel, Key, Model, OpContext, OpError, PartKind, Protocol, ReadOutcome, Setting,
    Settings, Source, Step, Store, WriteOutcome,
};
use std::sync::Arc;
use std::time::Duration;

/// The share of a lifetime before its end in which a read reloads.
pub const REFRESH_FACTOR: Setting = Setting::ratio(
    "refresh-factor",
    0.2,
    "The share of an entry's lifetime, before its end, in which a read reloads it in the background.",
);

/// What the strategy says of itself.
pub const DESCRIPTOR: Descriptor = Descriptor {
    on_request: true,
    settings: &[
        settings::TTL_ALWAYS_MS,
        REFRESH_FACTOR,
        settings::TTL_JITTER,
        settings::NEGATIVE_TTL_MS,
        RELOAD_TIMEOUT_MS,
        settings::ON_CACHE_READ_ERROR,
        settings::ON_CACHE_WRITE_ERROR,
    ],
    model: |settings| Model { fills_unseen: true, ..model::of(settings, HitModel::InvalidatedWithLoads) },
    anomalies: GUARDED,
    protocol: Protocol {
        hit: &[Step::Cache("get"), Step::Own("in the last part of the lifetime: begin a reload"), Step::Answer],
        ..steps::GUARDED
    },
    formula: "An entry of a key that is read r times a second is reloaded before its end with probability 1 - e^(-r f \
              T), f the refresh-factor, T the lifetime.",
    source: "Oracle Coherence, Caching Data Sources: refresh-ahead; Caffeine, refreshAfterWrite.",
    colour: [17, 68, 68],
    ..Descriptor::of(
        PartKind::Strategy,
        "refresh-ahead",
        "Cache-aside that loads an entry anew in the background when it is read near its end.",
    )
};

/// Cache-aside that reloads before the end.
#[derive(Debug)]
pub struct RefreshAhead<C, S>(Refreshing<C, S>);

#[derive(Debug)]
struct Refreshing<C, S> {
    aside: Arc<Aside<C, S>>,
    reloads: Reloads<C, S>,
    factor: f64,
}

impl<C: Cache, S: Store> RefreshAhead<C, S> {
    /// Takes the settings of the descriptor.
    #[must_use]
    pub fn new(settings: &Settings, parts: Parts<C, S>) -> Self {
        let aside = Aside::new(parts, Rules::invalidating(settings)).guarded().dating(Duration::ZERO);
        let aside = Arc::new(aside);
        let reloads = Reloads::new(settings, &aside);
        Self(Refreshing { aside, reloads, factor: settings.ratio(REFRESH_FACTOR.name) })
    }
}

impl<C: Cache, S: Store> Refreshing<C, S> {
    async fn read(&self, ctx: &OpContext, key: &Key) -> Result<ReadOutcome, OpError> {
        match self.aside.look(ctx, key).await? {
            Looked::Found(entry) => {
                if self.is_due(entry.freshness) {
                    self.reloads.begin(ctx, key);
                }
                Ok(answer(entry, Source::Hit))
            }
            Looked::Load(why) => self.aside.led(ctx, key, why).await,
        }
    }

    /// Whether the last part of the lifetime has begun; never of an entry that does not say how long it lives.
    fn is_due(&self, Freshness { filled_at_ns, fresh_for_ns, .. }: Freshness) -> bool {
        let age_ns = self.aside.clock.now_ns().saturating_sub(filled_at_ns);
        self.factor > 0.0 && fresh_for_ns > 0 && age_ns as f64 >= fresh_for_ns as f64 * (1.0 - self.factor)
    }

    async fn change(&self, ctx: &OpContext, key: &Key, what: Change) -> Result<WriteOutcome, OpError> {
        let outcome = self.aside.change(ctx, key, what).await;
        if may_have_changed(&outcome) {
            self.reloads.forget(key);
        }
        outcome
    }

    async fn drain(&self, ctx: &OpContext) -> Result<(), OpError> {
        self.reloads.drain(ctx).await
    }
}

delegate!(RefreshAhead);
