//! Entries whose lifetime begins anew with each hit, over all keys of a workload, with room for all of them.
//!
//! A key of which reads come at rate lambda and writes at rate w, at random (Poisson), with a lifetime T:
//! - A write removes the entry: a read hits if the operation before it on the key was a read, and came no longer ago than T:
//!   lambda / (lambda + w) (1 - exp(-(lambda + w) T)).
//! - A write puts the new value in place, which brings a lifetime: any operation within T will do: 1 - exp(-(lambda + w) T).
//! - A write leaves the entry alone: 1 - exp(-lambda T).
//!
//! Each lifetime is drawn uniformly between T (1 - j) and T (1 + j); then it is the mean of the exponential over that span.

use super::overlap::OvertakenLoad;
use super::{KeyRates, Overlap, Popularity};
use cachemark_core::HitModel;

/// A lifetime that a hit begins anew.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SlidingTtl {
    /// How long, in any unit of time.
    pub length: f64,
    /// How far it is spread to both sides, as a share of it, 0 to 1.
    pub jitter: f64,
}

impl SlidingTtl {
    /// The chance that of operations at `rate` the next one comes before the lifetime is over.
    fn outlasts(self, rate: f64) -> f64 {
        let (mean, spread) = (rate * self.length, rate * self.length * self.jitter);
        if spread < 1e-6 {
            return -(-mean).exp_m1();
        }
        1.0 - ((spread - mean).exp() - (-spread - mean).exp()) / (2.0 * spread)
    }

    /// The hit ratio of one key.
    #[must_use]
    pub fn of_key(self, rates: KeyRates, model: HitModel) -> f64 {
        if rates.reads <= 0.0 {
            return 0.0;
        }
        let all = rates.reads + rates.writes;
        match model {
            HitModel::Never => 0.0,
            HitModel::UntouchedByWrites => self.outlasts(rates.reads),
            HitModel::KeptByWrites => self.outlasts(all),
            // Of entries that are removed twice this is an upper bound.
            HitModel::InvalidatedByWrites | HitModel::InvalidatedWithLoads | HitModel::InvalidatedTwice => {
                rates.reads / all * self.outlasts(all)
            }
        }
    }
}

/// The hit ratio of a warm cache with room for all keys, in which entries live for `ttl` seconds after they were set or asked for
/// last; `ops_per_s` operations come a second, `read_ratio` of them reads. `overlap` says how operations of several clients overlap,
/// which is reckoned where writes remove entries; without it they come one at a time.
#[must_use]
pub fn warm_sliding(
    popularity: &Popularity,
    read_ratio: f64,
    model: HitModel,
    ttl: SlidingTtl,
    ops_per_s: f64,
    overlap: Option<Overlap>,
) -> f64 {
    let kept = |p: f64| match (model, overlap) {
        (HitModel::InvalidatedByWrites, Some(overlap)) => {
            overlap.kept(p, read_ratio, OvertakenLoad::Fills) / read_ratio
        }
        (HitModel::InvalidatedWithLoads, Some(overlap)) => {
            overlap.kept(p, read_ratio, OvertakenLoad::Dropped) / read_ratio
        }
        _ => 1.0,
    };
    if read_ratio <= 0.0 {
        return 0.0;
    }
    popularity.sum(|p| {
        let of_key = p * ops_per_s;
        let rates = KeyRates { reads: of_key * read_ratio, writes: of_key * (1.0 - read_ratio) };
        p * ttl.of_key(rates, model) * kept(p)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::KeyDistribution;
    use crate::predict::{hit_ratio_over_keys, sliding_ttl, warm};

    const MODELS: [HitModel; 4] = [
        HitModel::InvalidatedByWrites,
        HitModel::InvalidatedWithLoads,
        HitModel::KeptByWrites,
        HitModel::UntouchedByWrites,
    ];

    fn zipf() -> KeyDistribution {
        KeyDistribution::Zipf { exponent: 0.99 }
    }

    #[test]
    fn without_writes_it_is_the_law_of_each_key_over_all_keys() {
        let (keys, ops_per_s) = (1_000, 500.0);
        let rates = zipf().probabilities(keys).into_iter().map(|p| KeyRates { reads: p * ops_per_s, writes: 0.0 });
        let by_key = hit_ratio_over_keys(rates, |rates| sliding_ttl(rates, 2.0));
        let ttl = SlidingTtl { length: 2.0, jitter: 0.0 };
        for model in MODELS {
            let all = warm_sliding(&Popularity::of(zipf(), keys), 1.0, model, ttl, ops_per_s, None);
            assert!((all - by_key).abs() < 1e-9, "{model:?}: {all}, by key {by_key}");
        }
    }

    #[test]
    fn without_an_end_of_the_ttl_the_unbounded_formulas_come_out() {
        let (popularity, ttl) = (Popularity::of(zipf(), 1_000), SlidingTtl { length: 1e9, jitter: 0.2 });
        for model in MODELS {
            let timeless = warm(&popularity, 0.8, model, None, None).hit_ratio;
            let sliding = warm_sliding(&popularity, 0.8, model, ttl, 500.0, None);
            assert!((sliding - timeless).abs() < 1e-6, "{model:?}: {sliding}, without an end {timeless}");
        }
    }

    #[test]
    fn a_spread_lifetime_is_the_mean_over_its_span() {
        for (rate, jitter) in [(0.1, 0.5), (1.0, 0.1), (3.0, 1.0), (1_000.0, 1.0)] {
            const STEPS: u32 = 100_000;
            let of = |step: u32| {
                let length = 1.0 + jitter * (2.0 * (f64::from(step) + 0.5) / f64::from(STEPS) - 1.0);
                SlidingTtl { length, jitter: 0.0 }.outlasts(rate)
            };
            let mean = (0..STEPS).map(of).sum::<f64>() / f64::from(STEPS);
            let spread = SlidingTtl { length: 1.0, jitter }.outlasts(rate);
            assert!((spread - mean).abs() < 1e-6, "{rate} {jitter}: {spread}, by steps {mean}");
        }
        let (hardly, none) = (SlidingTtl { length: 1.0, jitter: 1e-7 }, SlidingTtl { length: 1.0, jitter: 0.0 });
        assert!((hardly.outlasts(2.0) - none.outlasts(2.0)).abs() < 1e-9);
    }

    #[test]
    fn overlapping_operations_hit_no_more_often() {
        let (popularity, ttl) = (Popularity::of(zipf(), 1_000), SlidingTtl { length: 2.0, jitter: 0.1 });
        let overlap = Overlap { ops_per_s: 5_000.0, clients: Some(8), load_s: 1e-3, write_s: 1e-3 };
        for model in MODELS {
            let [alone, overlapping] =
                [None, Some(overlap)].map(|overlap| warm_sliding(&popularity, 0.8, model, ttl, 5_000.0, overlap));
            assert!(overlapping <= alone + 1e-12, "{model:?}: {overlapping} of {alone}");
        }
        assert_eq!(warm_sliding(&popularity, 0.0, HitModel::KeptByWrites, ttl, 5_000.0, None), 0.0);
        assert_eq!(warm_sliding(&popularity, 0.8, HitModel::Never, ttl, 5_000.0, None), 0.0);
    }
}
