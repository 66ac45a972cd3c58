//! The list of provocations: a line here and a file is all that an anomaly needs, besides its value in core's list.

use super::provocation::Provocation;

/// Declares the files and the list of them.
macro_rules! provocations {
    ($($file:ident,)*) => {
        pub(super) const PROVOCATIONS: &[Provocation] = &[$(super::$file::PROVOCATION),*];
    };
}

provocations! {
    stale_set,
    early_invalidation,
    write_inversion,
    forgotten_version,
    refill_over_update,
    dirty_read,
    lost_invalidation,
    cancelled_write,
    crash_after_commit,
    replica_lag,
    replica_resurrection,
    lost_write,
    unflushed_read,
    read_your_writes,
    stale_join,
    non_monotonic_read,
    stampede,
    penetration,
    avalanche,
    near_cache_race,
    resurrected_delete,
    stale_negative,
}

#[cfg(test)]
mod tests {
    use super::PROVOCATIONS;
    use cachemark_core::ANOMALIES;

    #[test]
    fn every_anomaly_can_be_provoked() {
        let provoked: Vec<_> = PROVOCATIONS.iter().map(|provocation| provocation.anomaly.name).collect();
        let listed: Vec<_> = ANOMALIES.iter().map(|anomaly| anomaly.name).collect();
        assert_eq!(provoked, listed);
    }
}
