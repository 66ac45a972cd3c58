//! How often each rank of popularity is asked for. Rank 0 is the most popular.
//!
//! A distribution knows its exact probabilities beside its sampler, so that predictions and the goodness of fit are
//! reckoned from the same law that the operations are drawn from.

mod uniform;
mod zipf;

pub use uniform::UniformRanks;
pub use zipf::{LARGEST_EXPONENT, ZipfRanks};

use crate::WorkloadError;
use rand::Rng;
use std::fmt;

/// The law that picks keys.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum KeyDistribution {
    /// Every key alike.
    Uniform,
    /// Zipf's law: the probability of rank i, from 1, is proportional to i to the power of -`exponent`.
    Zipf {
        /// The skew, 0 (uniform) to [`LARGEST_EXPONENT`]. Web and cache traffic: 0.6 to 1.5.
        exponent: f64,
    },
}

impl KeyDistribution {
    /// Checks the parameters.
    ///
    /// # Errors
    /// [`WorkloadError::Exponent`] if the exponent is out of range.
    pub fn check(self) -> Result<(), WorkloadError> {
        match self {
            Self::Zipf { exponent } if !(0.0..=LARGEST_EXPONENT).contains(&exponent) => {
                Err(WorkloadError::Exponent { exponent })
            }
            Self::Uniform | Self::Zipf { .. } => Ok(()),
        }
    }

    /// A sampler of ranks 0 to `keys` - 1.
    ///
    /// # Errors
    /// [`WorkloadError`] if the parameters are out of range or there are no keys.
    pub fn sampler(self, keys: u64) -> Result<RankSampler, WorkloadError> {
        self.check()?;
        Ok(match self {
            Self::Uniform => RankSampler::Uniform(UniformRanks::new(keys)?),
            Self::Zipf { exponent } => RankSampler::Zipf(ZipfRanks::new(keys, exponent)?),
        })
    }

    /// The exact probability of each rank, most popular first; they sum to 1. `keys` numbers, so 8 bytes each.
    #[must_use]
    pub fn probabilities(self, keys: u64) -> Vec<f64> {
        match self {
            Self::Uniform => uniform::probabilities(keys),
            Self::Zipf { exponent } => zipf::probabilities(keys, exponent),
        }
    }
}

impl fmt::Display for KeyDistribution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Uniform => f.write_str("uniform"),
            Self::Zipf { exponent } => write!(f, "zipf {exponent}"),
        }
    }
}

/// Draws ranks of one [`KeyDistribution`] over a number of keys.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum RankSampler {
    /// Of [`KeyDistribution::Uniform`].
    Uniform(UniformRanks),
    /// Of [`KeyDistribution::Zipf`].
    Zipf(ZipfRanks),
}

impl RankSampler {
    /// A rank, from 0 to below the number of keys.
    pub fn sample(&self, rng: &mut impl Rng) -> u64 {
        match self {
            Self::Uniform(ranks) => ranks.sample(rng),
            Self::Zipf(ranks) => ranks.sample(rng),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Seed;
    use proptest::prelude::*;

    fn distributions() -> impl Strategy<Value = KeyDistribution> {
        prop_oneof![
            Just(KeyDistribution::Uniform),
            (0.0..=LARGEST_EXPONENT).prop_map(|exponent| KeyDistribution::Zipf { exponent }),
            (0.999_999_99..1.000_000_01).prop_map(|exponent| KeyDistribution::Zipf { exponent }),
        ]
    }

    proptest! {
        #[test]
        fn ranks_stay_below_the_number_of_keys(law in distributions(), keys in 1..=1_000_000u64, seed: u64) {
            let (sampler, mut rng) = (law.sampler(keys).unwrap(), Seed::new(seed).rng());
            prop_assert!((0..200).all(|_| sampler.sample(&mut rng) < keys));
        }

        #[test]
        fn probabilities_fall_with_rank_and_sum_to_one(law in distributions(), keys in 1..5_000u64) {
            let probabilities = law.probabilities(keys);
            prop_assert_eq!(probabilities.len() as u64, keys);
            prop_assert!(probabilities.is_sorted_by(|a, b| a >= b));
            prop_assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn exponents_out_of_range_are_refused() {
        for exponent in [-0.1, 10.1, f64::NAN, f64::INFINITY] {
            assert!(matches!(KeyDistribution::Zipf { exponent }.sampler(10), Err(WorkloadError::Exponent { .. })));
        }
        assert!(KeyDistribution::Uniform.sampler(0).is_err());
    }
}
