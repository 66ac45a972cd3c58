//! Hit ratios from formulas: what a measurement should come near to, or have a reason not to.
//!
//! All of them take the independent reference model: each operation picks its key by the same probabilities, whatever
//! came before, which is how [`crate::OpStream`] draws. Probabilities are by key in any order and sum to 1. A hit ratio
//! is hits over reads, 0 to 1. Times (a TTL, a mean age) and rates (reads or writes of one key) may have any one unit
//! of time, so long as it is the same for both.
//!
//! | module | formula for |
//! |---|---|
//! | `lru` | a cache with room for some of the keys |
//! | `invalidation` | writes that remove the entry, room for all keys |
//! | `overlap` | the same, with operations that overlap |
//! | `ttl` | entries that expire, one key |
//! | `sliding` | entries that expire unless they are asked for, all keys |
//! | `cold` | an empty cache that fills |

mod cold;
mod invalidation;
mod lru;
mod overlap;
mod popularity;
mod sliding;
mod ttl;

pub use cold::{cold_hit_ratio, cold_mean_hit_ratio};
pub use invalidation::{KeyRates, hit_ratio_over_keys, invalidated_by_writes};
pub use lru::{LruPrediction, lru};
pub use overlap::Overlap;
pub use popularity::Popularity;
pub use sliding::{SlidingTtl, warm_sliding};
pub use ttl::{
    fixed_ttl, fixed_ttl_invalidated, fixed_ttl_reset_by_writes, mean_age_of_stale, sliding_ttl, stale_ratio_of_hits,
};

use cachemark_core::HitModel;
use overlap::OvertakenLoad;

/// A warm cache that a strategy of the given model keeps, without a TTL: the hit ratio of its reads, and how long an entry stays.
///
/// `read_ratio` is the share of reads; `room` is how many entries the cache holds under least-recently-used eviction; `None` is
/// room for all keys. Deletes count as writes: where writes remove the entry they do too, and elsewhere they leave one that
/// says the key is absent. Without reads there is nothing to hit, and the hit ratio is 0. `overlap` says how operations of
/// several clients overlap; without it they come one at a time.
#[must_use]
pub fn warm(
    popularity: &Popularity,
    read_ratio: f64,
    model: HitModel,
    room: Option<u64>,
    overlap: Option<Overlap>,
) -> LruPrediction {
    if model == HitModel::Never || read_ratio == 0.0 {
        return LruPrediction { hit_ratio: 0.0, characteristic_time: f64::INFINITY };
    }
    let removed = |overtaken| move |p: f64| overlap.map_or(read_ratio, |it| it.kept(p, read_ratio, overtaken));
    match model {
        // Of entries that are removed twice this is an upper bound, good enough to warm a cache by.
        HitModel::InvalidatedByWrites | HitModel::InvalidatedTwice => {
            within(popularity, room, removed(OvertakenLoad::Fills))
        }
        HitModel::InvalidatedWithLoads => within(popularity, room, removed(OvertakenLoad::Dropped)),
        HitModel::UntouchedByWrites => {
            let of_reads = within(popularity, room, |_| 1.0);
            LruPrediction { characteristic_time: of_reads.characteristic_time / read_ratio, ..of_reads }
        }
        HitModel::KeptByWrites | HitModel::Never => within(popularity, room, |_| 1.0),
    }
}

fn within(popularity: &Popularity, room: Option<u64>, kept: impl Fn(f64) -> f64) -> LruPrediction {
    lru(popularity, room.unwrap_or(u64::MAX), kept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::KeyDistribution;

    fn hit_ratio(read_ratio: f64, model: HitModel, room: Option<u64>) -> f64 {
        let popularity = Popularity::of(KeyDistribution::Zipf { exponent: 0.99 }, 10_000);
        warm(&popularity, read_ratio, model, room, None).hit_ratio
    }

    #[test]
    fn each_model_has_its_formula() {
        let predicted = |model, room| hit_ratio(0.9, model, room);
        assert_eq!(predicted(HitModel::Never, None), 0.0);
        assert!((predicted(HitModel::InvalidatedByWrites, None) - 0.9).abs() < 1e-9);
        assert!((predicted(HitModel::KeptByWrites, Some(10_000)) - 1.0).abs() < 1e-9);
        assert!((predicted(HitModel::KeptByWrites, Some(1_000)) - 0.664).abs() < 0.001);
        assert!(predicted(HitModel::InvalidatedByWrites, Some(1_000)) < 0.664);
        assert_eq!(hit_ratio(0.0, HitModel::KeptByWrites, None), 0.0);
    }
}
