//! What cache-aside's relatives have in common: the settings that they take, and the anomalies that they have for
//! what a write does to the entry.

use crate::declared::{ACKNOWLEDGES_ALL_THE_SAME, FORGETS_ABSENCE, REMEMBERS_ABSENCE, UNSPREAD};
use crate::settings;
use cachemark_core::{Condition, Declared, Setting, anomaly};

/// Of a strategy that tells the cache of writes, and whose entries may live for ever.
pub(crate) const TELLING: &[Setting] = &[
    settings::TTL_MS,
    settings::TTL_JITTER,
    settings::NEGATIVE_TTL_MS,
    settings::ON_CACHE_READ_ERROR,
    settings::ON_CACHE_WRITE_ERROR,
];

/// A write leaves the entry alone: it is wrong until it expires, whatever else happens. Entries that are filled together end
/// together where that is `when`.
pub(crate) const fn left_alone(when: &'static [Condition]) -> [Declared; 8] {
    [
        Declared::behind_a_replica(anomaly::REPLICA_LAG, &[]),
        Declared::behind_a_replica(anomaly::REPLICA_RESURRECTION, &[]),
        Declared::always(anomaly::READ_YOUR_WRITES, &[]),
        Declared::with_own_caches(anomaly::NON_MONOTONIC_READ, &[]),
        Declared::always(anomaly::STAMPEDE, &[]),
        Declared::always(anomaly::PENETRATION, &[FORGETS_ABSENCE]),
        Declared::always(anomaly::AVALANCHE, when),
        Declared::always(anomaly::STALE_NEGATIVE, &[REMEMBERS_ABSENCE]),
    ]
}

/// A write removes the entry after the commit, and refills are guarded: what one process does cannot put an old row
/// into the cache. Misses are not joined. Entries always expire.
pub(crate) const GUARDED: &[Declared] = &[
    Declared::over_one_cache(anomaly::STALE_SET, &[]),
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
    Declared::over_one_cache(anomaly::RESURRECTED_DELETE, &[]),
    Declared::over_one_cache(anomaly::STALE_NEGATIVE, &[REMEMBERS_ABSENCE]),
    Declared::with_own_caches(anomaly::STALE_NEGATIVE, &[REMEMBERS_ABSENCE]),
];
