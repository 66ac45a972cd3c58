//! TTL only: nobody tells the cache of writes, and every entry expires.
//!
//! - Read: as cache-aside: get; on a miss, store read, set for `ttl-ms` spread by `ttl-jitter`, return.
//! - Write, delete: the store's.
//!
//! Write-around whose lifetime cannot be left out. An entry is **stale from the first write after its fill until its
//! end**: no read is older than the longest lifetime, `ttl-ms * (1 + ttl-jitter)`, and the time of the fill. Of hits
//! on a key with read rate lambda and write rate w the share 1 - (1 - e^(-wT)) / (wT) is stale, and lambda T / (1 +
//! lambda T) of its reads hit, whatever is written.

use crate::Parts;
use crate::aside::Aside;
use crate::declared::UNSPREAD;
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
    settings: &[
        settings::TTL_ALWAYS_MS,
        settings::TTL_JITTER,
        settings::NEGATIVE_TTL_MS,
        settings::ON_CACHE_READ_ERROR,
    ],
    model: |settings| model::of(settings, HitModel::UntouchedByWrites),
    anomalies: &left_alone(&[UNSPREAD]),
    protocol: steps::AROUND,
    formula: "With a lifetime T a key that is read r times a second is a hit for r T / (1 + r T) of its reads. Of \
              those P = 1 - (1 - e^(-w T)) / (w T) are stale where it is written w times a second, in the mean for (T \
              / 2 - P / w) / P.",
    source: "RFC 9111, section 4.2 (freshness by lifetime alone).",
    colour: [119, 187, 102],
    ..Descriptor::of(
        PartKind::Strategy,
        "ttl-only",
        "The application fills the cache on a miss; an entry is served until it expires, whatever is written.",
    )
};

/// Cache-aside whose entries end by themselves and by nothing else.
#[derive(Debug)]
pub struct TtlOnly<C, S>(Aside<C, S>);

impl<C: Cache, S: Store> TtlOnly<C, S> {
    /// Takes the settings of the descriptor.
    #[must_use]
    pub fn new(settings: &Settings, parts: Parts<C, S>) -> Self {
        Self(Aside::new(parts, Rules::leaving(settings)))
    }
}

delegate!(TtlOnly);
