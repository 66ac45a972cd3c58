//! Why a read was stale.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Causes with their names in the record, their titles, what they mean, and the anomalies of `docs/anomalies.md` that bring them about.
macro_rules! causes {
    ($($(#[$doc:meta])* $cause:ident, $field:ident, $title:literal, $meaning:literal, [$($anomaly:literal),*];)*) => {
        /// Why a read was stale, so far as the order of events tells it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum StaleCause {
            $(#[doc = $meaning] $cause,)*
        }

        /// How many stale reads there were of each cause; together they are all stale reads.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct StaleCauses {
            $(#[doc = $meaning] pub $field: u64,)*
        }

        impl StaleCause {
            /// All of them, in the order of tables; what could not be told is the last.
            pub const ALL: &[Self] = &[$(Self::$cause),*];

            /// Its name in the record, in CSV and JSON.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$cause => stringify!($field),)*
                }
            }

            /// Its name for people.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self {
                    $(Self::$cause => $title,)*
                }
            }

            /// What it means, as a sentence without its full stop.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self {
                    $(Self::$cause => $meaning,)*
                }
            }

            /// The anomalies that bring it about, by name.
            #[must_use]
            pub fn anomalies(self) -> &'static [&'static str] {
                match self {
                    $(Self::$cause => &[$($anomaly),*],)*
                }
            }
        }

        impl StaleCauses {
            /// How many were of that cause.
            #[must_use]
            pub fn of(&self, cause: StaleCause) -> u64 {
                match cause {
                    $(StaleCause::$cause => self.$field,)*
                }
            }

            /// As many more.
            pub fn add(&mut self, cause: StaleCause, reads: u64) {
                match cause {
                    $(StaleCause::$cause => self.$field += reads,)*
                }
            }
        }
    };
}

causes! {
    Refill, refill_after_invalidation, "refill after invalidation",
    "A load that had read the old row put it into the cache after a newer write had removed the entry",
    ["stale-set", "early-invalidation", "replica-lag", "replica-resurrection", "resurrected-delete"];
    Lost, lost_invalidation, "lost or failed invalidation",
    "A newer write was to remove or replace the entry, and the cache kept it: the call failed, or did nothing",
    ["lost-invalidation"];
    Inversion, update_inversion, "update inversion",
    "Two writes told the cache in another order than the store, so that the older one's value stayed",
    ["write-inversion", "forgotten-version"];
    Overwrite, unversioned_overwrite, "unversioned overwrite",
    "A load that had read the old row put it over the entry of a newer write",
    ["refill-over-update", "forgotten-version", "unflushed-read"];
    TtlOnly, ttl_only, "TTL only",
    "No write of the key tells the cache: its entry is stale until it expires",
    ["read-your-writes"];
    Negative, negative_entry, "negative entry over a live row",
    "The cache remembered that the key has no row, and it had one",
    ["stale-negative"];
    CrossTier, cross_tier, "another instance's cache",
    "The cache of the instance that was asked was not told: newer writes were made through other instances, which have caches of their own",
    ["non-monotonic-read"];
    JoinedLoad, joined_load, "joined load from before the write",
    "The read took the result of a load that had begun before the newer write was acknowledged",
    ["stale-join"];
    Store, replica_lag, "replica lag",
    "The store itself answered with an older row than had been acknowledged, and no cache was in between: it lags behind itself, or behind \
     a strategy that acknowledges before it has the write",
    ["replica-lag", "replica-resurrection", "unflushed-read", "lost-write"];
    Unknown, unknown, "unknown",
    "What the oracle remembers of the key does not tell it, or tells of more than one cause",
    [];
}

impl StaleCauses {
    /// All together.
    #[must_use]
    pub fn sum(&self) -> u64 {
        StaleCause::ALL.iter().map(|cause| self.of(*cause)).sum()
    }

    /// Those of another thread or trial, too.
    pub fn merge(&mut self, other: &Self) {
        StaleCause::ALL.iter().for_each(|cause| self.add(*cause, other.of(*cause)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn causes_are_told_apart_and_what_is_unknown_comes_last() {
        let names: BTreeSet<&str> = StaleCause::ALL.iter().map(|cause| cause.name()).collect();
        let titles: BTreeSet<&str> = StaleCause::ALL.iter().map(|cause| cause.title()).collect();
        assert_eq!((names.len(), titles.len()), (StaleCause::ALL.len(), StaleCause::ALL.len()));
        assert_eq!(StaleCause::ALL.last(), Some(&StaleCause::Unknown));
        for cause in StaleCause::ALL {
            assert!(cause.meaning().len() > 15 && !cause.meaning().ends_with('.'), "{cause:?}");
        }
    }

    #[test]
    fn every_count_is_of_its_cause() {
        let mut counts = StaleCauses::default();
        for (reads, cause) in (1..).zip(StaleCause::ALL) {
            counts.add(*cause, reads);
            assert_eq!(counts.of(*cause), reads);
        }
        let all = counts.sum();
        counts.merge(&counts.clone());
        assert_eq!(counts.sum(), 2 * all);
    }
}
