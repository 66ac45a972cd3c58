//! Zipf's law, drawn exactly.
//!
//! The sampler is `rand_distr`'s (rejection from a piecewise bound), which needs no table and no sum over the keys and
//! follows the law for every exponent. The common approximation after Gray et al. (SIGMOD 1994), which YCSB uses,
//! draws rank 3 about a fifth too often; hit ratios measured with it do not fit predictions from the law.

use crate::WorkloadError;
use rand::Rng;
use rand_distr::{Distribution, Zipf};

/// The largest Zipf exponent: beyond it the most popular key takes more than 99.9 % of all operations.
pub const LARGEST_EXPONENT: f64 = 10.0;

/// Exponents this near to 1 count as 1: the sampler divides by their difference and would lose its digits, while the
/// probabilities themselves differ by less than 1 in 10^7.
const NEAR_ONE: f64 = 1e-9;

/// Draws rank r, from 0, with a probability proportional to (r + 1)^-exponent.
#[derive(Debug, Clone, Copy)]
pub struct ZipfRanks {
    zipf: Zipf<f64>,
    last: u64,
}

impl ZipfRanks {
    /// A sampler of ranks 0 to `keys` - 1 with an exponent of 0 to [`LARGEST_EXPONENT`].
    ///
    /// # Errors
    /// [`WorkloadError::Keys`] if there are none; [`WorkloadError::Exponent`] if the exponent is out of range.
    pub fn new(keys: u64, exponent: f64) -> Result<Self, WorkloadError> {
        let last = keys.checked_sub(1).ok_or(WorkloadError::Keys { keys })?;
        if !(0.0..=LARGEST_EXPONENT).contains(&exponent) {
            return Err(WorkloadError::Exponent { exponent });
        }
        let snapped = if (exponent - 1.0).abs() < NEAR_ONE { 1.0 } else { exponent };
        let zipf = Zipf::new(keys as f64, snapped).map_err(|_| WorkloadError::Exponent { exponent })?;
        Ok(Self { zipf, last })
    }

    /// A rank.
    pub fn sample(&self, rng: &mut impl Rng) -> u64 {
        // `rand_distr` counts from 1. Rounding can carry it one beyond the last rank, hence `min`.
        (self.zipf.sample(rng) as u64 - 1).min(self.last)
    }
}

pub(super) fn probabilities(keys: u64, exponent: f64) -> Vec<f64> {
    let mut weights: Vec<f64> = (1..=keys).map(|rank| (rank as f64).powf(-exponent)).collect();
    // From the smallest up, so that the long tail is not lost against the head.
    let total: f64 = weights.iter().rev().sum();
    weights.iter_mut().for_each(|weight| *weight /= total);
    weights
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Seed, chi_square_fit};

    fn counts(keys: u64, exponent: f64, draws: u64) -> Vec<u64> {
        let (ranks, mut rng) = (ZipfRanks::new(keys, exponent).unwrap(), Seed::new(11).rng());
        let mut counts = vec![0; keys as usize];
        (0..draws).for_each(|_| counts[ranks.sample(&mut rng) as usize] += 1);
        counts
    }

    #[test]
    fn draws_fit_the_law_at_every_kind_of_exponent() {
        for exponent in [0.0, 0.5, 0.99, 1.0, 1.0 + 1e-12, 1.5, 3.0, 10.0] {
            let fit = chi_square_fit(&counts(1_000, exponent, 1_000_000), &probabilities(1_000, exponent)).unwrap();
            // Eight tests of one seed: a sampler that is right fails once in 125 seeds.
            assert!(fit.p_value > 0.001, "exponent {exponent}: {fit:?}");
        }
    }

    #[test]
    fn one_key_is_always_drawn() {
        assert_eq!(counts(1, 0.99, 100), [100]);
    }

    #[test]
    fn the_first_and_the_last_rank_are_both_drawn() {
        let counts = counts(10, 0.5, 10_000);
        assert!(counts[0] > counts[9] && counts[9] > 0, "{counts:?}");
    }
}
