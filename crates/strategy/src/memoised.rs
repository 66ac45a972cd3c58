//! Memoised: a memo in front of the store that is never told of anything.
//!
//! - Read: get; on a miss, store read, set, return. Whatever the store says is kept, that there is no row as well,
//!   and an error never.
//! - Write, delete: the store's.
//!
//! What an application does that puts Python's `functools.lru_cache` before its query. The memo is the cell's cache:
//! over the in-process cache it is each instance's own, and holds as many entries as that (`capacity`, by least
//! recent use), which is what is meant; over a server all processes share it. Entries have no TTL by default, calls
//! are not joined.
//!
//! **Every write of a key that is memoised leaves a stale entry**, and so does the first write of a key that was
//! asked for before, until it is evicted. The only figure that it can be fast by is that of data that does not
//! change.

use crate::Parts;
use crate::aside::Aside;
use crate::declared::{EXPIRES, UNSPREAD};
use crate::delegate::delegate;
use crate::model;
use crate::policy::Expiry;
use crate::rules::Rules;
use crate::settings;
use crate::steps;
use cachemark_core::{Cache, Declared, Descriptor, HitModel, PartKind, Settings, Store, anomaly};

/// What the strategy says of itself.
pub const DESCRIPTOR: Descriptor = Descriptor {
    on_request: true,
    settings: &[settings::TTL_MS, settings::TTL_JITTER, settings::ON_CACHE_READ_ERROR],
    model: |settings| model::of(settings, HitModel::UntouchedByWrites),
    anomalies: &[
        Declared::behind_a_replica(anomaly::REPLICA_LAG, &[]),
        Declared::behind_a_replica(anomaly::REPLICA_RESURRECTION, &[]),
        Declared::always(anomaly::READ_YOUR_WRITES, &[]),
        Declared::with_own_caches(anomaly::NON_MONOTONIC_READ, &[]),
        Declared::always(anomaly::STAMPEDE, &[]),
        Declared::always(anomaly::AVALANCHE, &[EXPIRES, UNSPREAD]),
        Declared::always(anomaly::STALE_NEGATIVE, &[]),
    ],
    protocol: steps::AROUND,
    formula: "The hit ratio is that of reads alone; what is stale stays so until it is evicted.",
    source: "Python, functools.lru_cache.",
    colour: [187, 51, 255],
    ..Descriptor::of(
        PartKind::Strategy,
        "memoised",
        "Whatever the store has once said is remembered, that there is no row too; writes tell nobody.",
    )
};

/// A memo that forgets nothing by itself.
#[derive(Debug)]
pub struct Memoised<C, S>(Aside<C, S>);

impl<C: Cache, S: Store> Memoised<C, S> {
    /// Takes the settings of the descriptor.
    #[must_use]
    pub fn new(settings: &Settings, parts: Parts<C, S>) -> Self {
        Self(Aside::new(parts, Rules::leaving(settings).with(Expiry::new(settings).keeping_absence())))
    }
}

delegate!(Memoised);
