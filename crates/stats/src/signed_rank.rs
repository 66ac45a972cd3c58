//! Wilcoxon's signed-rank test: do differences lie around zero?
//!
//! F. Wilcoxon, "Individual Comparisons by Ranking Methods", 1945. The differences are ranked by size, the ranks of the
//! positive ones are added up, and the sum is held against all 2^n ways to give the ranks signs. Differences of exactly
//! zero are dropped first, as Wilcoxon did. Equal sizes share the mean of their ranks (mid-ranks), and the law is that
//! of these very mid-ranks, so the p value is exact with ties too.

use crate::StatsError;
use crate::error::check_sample;
use crate::null_distribution::NullDistribution;

/// What the signed-rank test found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SignedRank {
    /// Differences that were ranked.
    pub ranked: usize,
    /// Differences of exactly zero, which were dropped.
    pub zeros: usize,
    /// The sum of the ranks of the positive differences.
    pub positive_rank_sum: f64,
    /// The exact two-sided p value; 1 where every difference is zero.
    pub p: f64,
}

/// The exact two-sided signed-rank test of `differences` against zero. Time grows as n^3: about 10 ms for 200.
///
/// # Errors
/// An empty sample, or a value that is not a finite number.
pub fn signed_rank(differences: &[f64]) -> Result<SignedRank, StatsError> {
    check_sample(differences)?;
    let mut ranked: Vec<f64> = differences.iter().copied().filter(|&difference| difference != 0.0).collect();
    ranked.sort_by(|a, b| a.abs().total_cmp(&b.abs()));
    let doubled_ranks = doubled_mid_ranks(&ranked);
    let positive: usize =
        ranked.iter().zip(&doubled_ranks).filter(|(difference, _)| **difference > 0.0).map(|(_, rank)| rank).sum();
    Ok(SignedRank {
        ranked: ranked.len(),
        zeros: differences.len() - ranked.len(),
        positive_rank_sum: positive as f64 / 2.0,
        p: NullDistribution::of(&doubled_ranks).two_sided(positive),
    })
}

/// Twice the mid-rank of each value of a sample that ascends by size. Doubled, since the mean of two ranks may end in
/// .5.
fn doubled_mid_ranks(by_size: &[f64]) -> Vec<usize> {
    let mut doubled = Vec::with_capacity(by_size.len());
    for tied in by_size.chunk_by(|a, b| a.abs() == b.abs()) {
        let first = doubled.len() + 1;
        let last = doubled.len() + tied.len();
        doubled.resize(last, first + last);
    }
    doubled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_share_their_ranks() {
        assert_eq!(doubled_mid_ranks(&[1.0, -2.0, 2.0, 3.0]), [2, 5, 5, 8]);
        assert_eq!(doubled_mid_ranks(&[-5.0, 5.0, 5.0]), [4, 4, 4]);
    }

    #[test]
    fn all_of_one_sign_gives_the_least_p() {
        let test = signed_rank(&[0.1, 0.2, 0.3, 0.4, 0.5, 0.6]).expect("a good sample");
        assert_eq!(test, SignedRank { ranked: 6, zeros: 0, positive_rank_sum: 21.0, p: 2.0 / 64.0 });
    }

    #[test]
    fn zeros_are_dropped_and_counted() {
        let test = signed_rank(&[0.0, -0.0, 1.0, -2.0, 3.0]).expect("a good sample");
        assert_eq!((test.ranked, test.zeros, test.positive_rank_sum, test.p), (3, 2, 4.0, 0.75));
        let nothing = signed_rank(&[0.0; 8]).expect("a good sample");
        assert_eq!((nothing.ranked, nothing.zeros, nothing.p), (0, 8, 1.0));
    }

    #[test]
    fn bad_samples_are_refused() {
        assert_eq!(signed_rank(&[]), Err(StatsError::Empty));
        assert_eq!(signed_rank(&[1.0, f64::NAN]), Err(StatsError::NotFinite { index: 1 }));
    }
}
