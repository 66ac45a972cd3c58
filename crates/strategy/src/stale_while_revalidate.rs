//! Stale while revalidate: an entry is fresh for a while, and for another while it is served stale and loaded anew in
//! the background (RFC 5861).
//!
//! - Read: get. An entry younger than `fresh-ms` is a hit. One that is older, but younger than `fresh-ms + stale-ms`,
//!   is served all the same (`stale-served`), and reloaded in the background: store read, set. On a miss, store read,
//!   set, return, as in cache-aside: misses of one key at the same time are as many loads.
//! - Write, delete: the store's, then delete of the entry; a reload of the key that is queued or under way is
//!   superseded: it fills nothing, and another may begin.
//!
//! The cache keeps an entry for `fresh-ms + stale-ms`, and no reader takes an older one, however late the cache is
//! with its expiry. Fresh spans are spread by `ttl-jitter`. Negative entries have no stale span. Each process reloads
//! a key once at a time; a reload that fails keeps the entry until its end, and the next read tries again; one that
//! finds no row takes it out. Ages are taken from the clock of the process that reads, against what the one that
//! filled wrote down.
//!
//! Since writes remove entries, what is served stale is old in years and not in version, unless the removal was lost
//! or another process's. Fills are guarded: one process never puts an old row into the cache. Several over one cache
//! do, by misses and by reloads alike: the descriptor declares it. **No read is older than `fresh-ms + stale-ms`**
//! (jitter on the first) and a load.

use crate::Parts;
use crate::aside::Aside;
use crate::delegate::delegate;
use crate::model;
use crate::policy::Expiry;
use crate::read_path::{Looked, Why, answer};
use crate::relatives::GUARDED;
use crate::reloads::{RELOAD_TIMEOUT_MS, Reloads};
use crate::rules::Rules;
use crate::settings;
use crate::steps;
use crate::write_path::{Change, may_have_changed};
use cachemark_core::{
    Acts, Cache, Descriptor, Entry, HitModel, Key, Lifetime, Model, OpContext, OpError, PartKind, Protocol,
    ReadOutcome, Remembered, Setting, Settings, Source, Step, Store, WriteOutcome,
};
use std::sync::Arc;
use std::time::Duration;

/// How long an entry is fresh.
pub const FRESH_MS: Setting = Setting::integer(
    "fresh-ms",
    1,
    settings::LONGEST_TTL_MS / 2,
    10_000,
    "How long an entry is fresh, in milliseconds.",
);

/// For how long after that it is served stale.
pub const STALE_MS: Setting = Setting::integer(
    "stale-ms",
    0,
    settings::LONGEST_TTL_MS / 2,
    10_000,
    "For how long after that an entry is served stale while it is loaded anew, in milliseconds.",
);

/// Fresh spans are always there to be spread.
const JITTER: Setting = settings::TTL_JITTER.acting(Acts::Always);

/// What the strategy says of itself.
pub const DESCRIPTOR: Descriptor = Descriptor {
    on_request: true,
    settings: &[
        FRESH_MS,
        STALE_MS,
        JITTER,
        settings::NEGATIVE_TTL_MS,
        RELOAD_TIMEOUT_MS,
        settings::ON_CACHE_READ_ERROR,
        settings::ON_CACHE_WRITE_ERROR,
    ],
    model: |settings| {
        let mut model = Model { fills_unseen: true, ..model::of(settings, HitModel::InvalidatedWithLoads) };
        model.lifetimes.push(lifetime(settings));
        model
    },
    anomalies: GUARDED,
    protocol: Protocol {
        hit: &[Step::Cache("get"), Step::Own("past freshness: begin a reload"), Step::Answer],
        ..steps::GUARDED
    },
    formula: "No read is older than fresh-ms + stale-ms and a load. A key that is read r times a second is loaded once \
              in fresh-ms + 1 / r, as long as that is below fresh-ms + stale-ms.",
    source: "RFC 5861, HTTP Cache-Control Extensions for Stale Content.",
    colour: [68, 0, 204],
    ..Descriptor::of(
        PartKind::Strategy,
        "stale-while-revalidate",
        "Cache-aside that serves an entry past its freshness, and loads it anew in the background.",
    )
};

/// From the fill to the end: of that only the fresh part is spread.
fn lifetime(settings: &Settings) -> Lifetime {
    let (fresh, stale) = (settings.integer(FRESH_MS.name), settings.integer(STALE_MS.name));
    Lifetime {
        of: Remembered::Value,
        length: Duration::from_millis(fresh + stale),
        added: Some((STALE_MS.name, Duration::from_millis(stale))),
        jitter: settings.ratio(JITTER.name) * fresh as f64 / (fresh + stale) as f64,
        setting: FRESH_MS.name,
        jitter_setting: JITTER.name,
        renewed: false,
    }
}

/// Cache-aside that serves stale entries for a while.
#[derive(Debug)]
pub struct StaleWhileRevalidate<C, S>(Revalidating<C, S>);

#[derive(Debug)]
struct Revalidating<C, S> {
    aside: Arc<Aside<C, S>>,
    reloads: Reloads<C, S>,
    stale: Duration,
}

/// How old an entry is, by its own account.
enum Age {
    Fresh,
    Stale,
    Over,
}

impl<C: Cache, S: Store> StaleWhileRevalidate<C, S> {
    /// Takes the settings of the descriptor.
    #[must_use]
    pub fn new(settings: &Settings, parts: Parts<C, S>) -> Self {
        let expiry = Expiry::new(settings).for_values(settings.millis(FRESH_MS.name));
        let stale = Duration::from_millis(settings.integer(STALE_MS.name));
        let aside = Aside::new(parts, Rules::invalidating(settings).with(expiry)).guarded().dating(stale);
        let aside = Arc::new(aside);
        let reloads = Reloads::new(settings, &aside);
        Self(Revalidating { aside, reloads, stale })
    }
}

impl<C: Cache, S: Store> Revalidating<C, S> {
    async fn read(&self, ctx: &OpContext, key: &Key) -> Result<ReadOutcome, OpError> {
        match self.aside.look(ctx, key).await? {
            Looked::Found(entry) => match self.age(&entry) {
                Age::Fresh => Ok(answer(entry, Source::Hit)),
                Age::Stale => {
                    self.reloads.begin(ctx, key);
                    Ok(answer(entry, Source::StaleServed))
                }
                Age::Over => self.aside.led(ctx, key, Why::Missed).await,
            },
            Looked::Load(why) => self.aside.led(ctx, key, why).await,
        }
    }

    fn age(&self, entry: &Entry) -> Age {
        let (fresh_ns, stale) = (entry.freshness.fresh_for_ns, entry.value().map_or(Duration::ZERO, |_| self.stale));
        let age_ns = self.aside.clock.now_ns().saturating_sub(entry.freshness.filled_at_ns);
        let stale_ns = u64::try_from(stale.as_nanos()).unwrap_or(u64::MAX);
        // One that does not say is of somebody else's making, and lives for as long as the cache keeps it.
        if fresh_ns == 0 || age_ns < fresh_ns {
            Age::Fresh
        } else if age_ns < fresh_ns.saturating_add(stale_ns) {
            Age::Stale
        } else {
            Age::Over
        }
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

delegate!(StaleWhileRevalidate);
