//! What must hold of the oracle, whatever it watches, and the controls: faults that were made on purpose are found, as often as
//! they were made.

mod forgotten_invalidations;
mod late_refills;
mod left_over;
mod no_cache;
mod parts;
mod register;
mod sequential;
mod sparse;
mod ttl_only;
mod watch;
mod write_behind;

use super::{Oracle, OraclePlan, Versions};
use cachemark_results::Freshness;
use std::time::Duration;

/// The trial that the values of these tests are of.
const TRIAL: u32 = 3;

/// Watches `keys` keys that were all loaded.
fn oracle(keys: u64) -> Oracle {
    oracle_of(keys, Versions::OfStore)
}

fn oracle_of(keys: u64, versions: Versions) -> Oracle {
    Oracle::new(OraclePlan {
        keys,
        sessions: 16,
        trial: TRIAL,
        loaded: true,
        our_rows: true,
        by_stamp: false,
        caches: 1,
        fills_unseen: false,
        versions,
        window: Duration::from_secs(1),
    })
}

/// That nothing that could be told against a read was told.
fn is_spotless(freshness: &Freshness) -> bool {
    let Freshness { stale, regressions, resurrected, phantoms, left_over, corrupt, own_writes, own_reads, .. } =
        freshness;
    let counts = [
        *stale,
        *regressions,
        *resurrected,
        *phantoms,
        *left_over,
        *corrupt,
        own_writes.violations,
        own_reads.violations,
    ];
    counts == [0; 8]
}
