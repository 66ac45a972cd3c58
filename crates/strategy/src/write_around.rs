//! Write-around: writes go to the store alone, and the cache is filled by reads that miss.
//!
//! - Read: as cache-aside: get; on a miss, store read, set, return.
//! - Write, delete: the store's. The entry is left alone until it is evicted or its TTL (`ttl-ms`) is over.
//!
//! It is cache-aside with `on-write = none`, under the name that the trade has for it. For data that is written and
//! seldom read again, a write costs one trip and puts nothing out of the cache. The price: **every write of a key
//! that is cached leaves a stale entry**, also for the session that wrote it, and without a TTL for as long as the
//! entry is not evicted.

use crate::Parts;
use crate::aside::Aside;
use crate::declared::{EXPIRES, UNSPREAD};
use crate::delegate::delegate;
use crate::model;
use crate::relatives::left_alone;
use crate::rules::Rules;
use crate::settings;
use crate::steps;
use cachemark_core::{Cache, Descriptor, HitModel, PartKind, Settings, Store};

/// What the strategy says of itself.
pub const DESCRIPTOR: Descriptor = Descriptor {
    on_request: true,
    settings: &[settings::TTL_MS, settings::TTL_JITTER, settings::NEGATIVE_TTL_MS, settings::ON_CACHE_READ_ERROR],
    model: |settings| model::of(settings, HitModel::UntouchedByWrites),
    anomalies: &left_alone(&[EXPIRES, UNSPREAD]),
    protocol: steps::AROUND,
    formula: "Without a lifetime an entry is never replaced until it is evicted: a key that is written stays stale. \
              With a lifetime T a key that is read r times a second is a hit for r T / (1 + r T) of its reads. Of \
              those P = 1 - (1 - e^(-w T)) / (w T) are stale where it is written w times a second, in the mean for (T \
              / 2 - P / w) / P.",
    source: "Amazon DynamoDB Accelerator (DAX), consistency models: write-around.",
    colour: [170, 136, 187],
    ..Descriptor::of(
        PartKind::Strategy,
        "write-around",
        "The application fills the cache on a miss; a write goes to the store alone and leaves the entry as it is.",
    )
};

/// Cache-aside whose writes pass the cache by.
#[derive(Debug)]
pub struct WriteAround<C, S>(Aside<C, S>);

impl<C: Cache, S: Store> WriteAround<C, S> {
    /// Takes the settings of the descriptor.
    #[must_use]
    pub fn new(settings: &Settings, parts: Parts<C, S>) -> Self {
        Self(Aside::new(parts, Rules::leaving(settings)))
    }
}

delegate!(WriteAround);
