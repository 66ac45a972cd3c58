//! Did the keys that were asked for follow the law that was declared? A run can show so of its own operations.
//!
//! Pearson's chi-square test with neighbouring ranks pooled until each pool is expected often enough (Cochran, "Some
//! methods for strengthening the common chi-square tests", Biometrics 10, 1954). It grows stricter with the number of
//! draws: among many good runs, one in a hundred has a p value below 0.01.

mod chi_square;

pub use chi_square::chi_square_survival;

use crate::Permutation;

/// The least expected count of a pool of ranks.
pub const LEAST_EXPECTED: f64 = 5.0;

/// How well counts fit their law.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    /// Pearson's sum of (observed - expected)^2 / expected.
    pub statistic: f64,
    /// The number of pools less one.
    pub degrees: u32,
    /// The chance of a statistic this large or larger under the law, 0 to 1.
    pub p_value: f64,
    /// How many draws were counted.
    pub draws: u64,
}

/// Why a fit cannot be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FitError {
    /// Not one count for each probability.
    #[error("{counts} counts for {probabilities} probabilities")]
    Lengths {
        /// How many counts were given.
        counts: usize,
        /// How many probabilities were given.
        probabilities: usize,
    },
    /// Fewer than two pools: one key alone, or too few draws.
    #[error(
        "{draws} draws are too few to judge the fit: no two groups of keys are expected {LEAST_EXPECTED} times each"
    )]
    TooFew {
        /// How many draws were counted.
        draws: u64,
    },
}

/// Tests the counts of draws by rank against the probabilities of the ranks, which sum to 1. Neighbours are pooled, so
/// both should be in the order of popularity: see [`counts_by_rank`].
///
/// # Errors
/// [`FitError`] if the lengths differ or the draws are too few.
pub fn chi_square_fit(counts: &[u64], probabilities: &[f64]) -> Result<Fit, FitError> {
    if counts.len() != probabilities.len() {
        return Err(FitError::Lengths { counts: counts.len(), probabilities: probabilities.len() });
    }
    let draws: u64 = counts.iter().sum();
    let pools = pooled(counts, probabilities, draws as f64);
    if pools.len() < 2 {
        return Err(FitError::TooFew { draws });
    }
    let statistic = pools.iter().map(|(observed, expected)| (observed - expected).powi(2) / expected).sum();
    let degrees = pools.len() as u32 - 1;
    Ok(Fit { statistic, degrees, p_value: chi_square_survival(statistic, degrees), draws })
}

/// Observed and expected count of each pool.
fn pooled(counts: &[u64], probabilities: &[f64], draws: f64) -> Vec<(f64, f64)> {
    let mut pools = Vec::new();
    let (mut observed, mut expected) = (0.0, 0.0);
    for (&count, &probability) in counts.iter().zip(probabilities) {
        observed += count as f64;
        expected += probability * draws;
        if expected >= LEAST_EXPECTED {
            pools.push((observed, expected));
            (observed, expected) = (0.0, 0.0);
        }
    }
    // What is left of the tail goes to the last pool.
    if let Some(last) = pools.last_mut() {
        last.0 += observed;
        last.1 += expected;
    }
    pools
}

/// The counts of draws by rank, from counts by key index.
///
/// # Panics
/// If `counts_by_key` has fewer or more entries than the permutation has keys.
#[must_use]
pub fn counts_by_rank(counts_by_key: &[u64], permutation: &Permutation) -> Vec<u64> {
    let keys = counts_by_key.len() as u64;
    assert_eq!(keys, permutation.keys(), "one count for each key");
    (0..keys).map(|rank| counts_by_key[permutation.apply(rank) as usize]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_by_hand() {
        // 60 throws of a die: (5^2 + 5^2 + 4^2 + 4^2 + 0 + 0) / 10.
        let fit = chi_square_fit(&[5, 15, 14, 6, 10, 10], &[1.0 / 6.0; 6]).unwrap();
        assert!((fit.statistic - 8.2).abs() < 1e-12);
        assert_eq!((fit.degrees, fit.draws), (5, 60));
        assert!((fit.p_value - 0.145_552).abs() < 1e-6, "{fit:?}");
    }

    #[test]
    fn rare_ranks_are_pooled_and_the_rest_joins_the_last_pool() {
        // Expected 50, 30, 4 + 4 = 8, then 4 + 4 = 8, then 4 left over.
        let counts = [50, 30, 4, 4, 4, 4, 4];
        let pools = pooled(&counts, &[0.5, 0.3, 0.04, 0.04, 0.04, 0.04, 0.04], 100.0);
        assert_eq!(pools.len(), 4);
        assert_eq!(pools[3].0, 12.0);
    }

    #[test]
    fn what_cannot_be_judged_is_said() {
        assert_eq!(chi_square_fit(&[1], &[0.5, 0.5]), Err(FitError::Lengths { counts: 1, probabilities: 2 }));
        assert_eq!(chi_square_fit(&[2, 3], &[0.5, 0.5]), Err(FitError::TooFew { draws: 5 }));
        assert_eq!(chi_square_fit(&[1_000], &[1.0]), Err(FitError::TooFew { draws: 1_000 }));
    }
}
