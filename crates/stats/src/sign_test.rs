//! The sign test: is one of two more often the greater?
//!
//! J. Arbuthnot, "An Argument for Divine Providence", 1710. Of each pair only its sign counts, so a value that is known to be
//! beyond some bound, and not how far (a recovery that was not seen before the window ended), counts like any other. How many of n
//! signs are positive is the number of heads of n tosses of a fair coin. Pairs that are equal say nothing of the direction: they
//! are dropped first, and counted.
//!
//! It sees less than the [signed-rank test](crate::signed_rank()) where sizes mean something, and with n pairs that are not equal its
//! least p is the same, [`least_p`](crate::least_p): 7 pairs can tell only if all 7 point one way.

use crate::StatsError;
use crate::compare::{CONFIDENCE, Comparison, Direction, blank};
use crate::error::check_sample;
use crate::median::median_interval;
use crate::null_distribution::NullDistribution;
use crate::quantile::quantile_type7;

/// What the sign test found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SignTest {
    /// Differences above zero.
    pub above: usize,
    /// Differences below zero.
    pub below: usize,
    /// Differences of zero, which were dropped.
    pub ties: usize,
    /// The exact two-sided p value; 1 where every difference is zero.
    pub p: f64,
}

/// The exact two-sided sign test of `differences` against zero.
///
/// # Errors
/// An empty sample, or a value that is not a finite number.
pub fn sign_test(differences: &[f64]) -> Result<SignTest, StatsError> {
    check_sample(differences)?;
    let above = differences.iter().filter(|difference| **difference > 0.0).count();
    let below = differences.iter().filter(|difference| **difference < 0.0).count();
    let ties = differences.len() - above - below;
    // A random half of ranks of 1 each sums up to the number of heads.
    let p = NullDistribution::of(&vec![1; above + below]).two_sided(above);
    Ok(SignTest { above, below, ties, p })
}

/// Compares a cell with the reference cell by the signs of the differences, cell - reference, of each block. Differences of up to
/// `tolerance` are ties, and counted as 0. The estimate is the median of the differences, its interval the exact one of the median
/// (the sign test turned around), the p value that of the [`sign_test`]; there is no ratio.
///
/// # Errors
/// Different numbers of blocks, a value that is not a finite number, or a tolerance that is none.
pub fn compare_signs(
    name: impl Into<String>,
    reference: &[Option<f64>],
    cell: &[Option<f64>],
    direction: Direction,
    tolerance: f64,
) -> Result<Comparison, StatsError> {
    if !(tolerance >= 0.0 && tolerance.is_finite()) {
        return Err(StatsError::BadSetting { name: "tolerance", range: "at or above 0", value: tolerance });
    }
    let differences = block_differences(reference, cell, tolerance)?;
    let mut paired: Vec<f64> = differences.iter().copied().flatten().collect();
    let blank = blank(name, direction, &differences);
    if paired.is_empty() {
        return Ok(blank);
    }
    let p = sign_test(&paired)?.p;
    let difference_interval = median_interval(&paired, CONFIDENCE)?;
    paired.sort_by(f64::total_cmp);
    Ok(Comparison { difference: quantile_type7(&paired, 0.5), difference_interval, p: Some(p), ..blank })
}

/// What [`compare_signs`] counts: cell - reference of each block that has both, 0 within the tolerance.
///
/// # Errors
/// Different numbers of blocks.
pub fn block_differences(
    reference: &[Option<f64>],
    cell: &[Option<f64>],
    tolerance: f64,
) -> Result<Vec<Option<f64>>, StatsError> {
    if reference.len() != cell.len() {
        return Err(StatsError::BlocksDiffer { reference: reference.len(), cell: cell.len() });
    }
    let difference = |(reference, cell): (&Option<f64>, &Option<f64>)| {
        let difference = (*cell)? - (*reference)?;
        Some(if difference.abs() <= tolerance { 0.0 } else { difference })
    };
    Ok(reference.iter().zip(cell).map(difference).collect())
}

/// Of so many pairs without ties, how many must point one way for the first of a family of that size to pass at `alpha` by Holm;
/// `None` where not even all of them are enough, and of an empty family.
pub fn signs_needed(pairs: usize, family: usize, alpha: f64) -> Option<usize> {
    let law = NullDistribution::of(&vec![1; pairs]);
    let passes = |above: &usize| family as f64 * law.two_sided(*above) <= alpha;
    (pairs.div_ceil(2)..=pairs).find(passes).filter(|_| family > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn seven_of_seven_tell_and_six_of_seven_do_not() {
        let all = sign_test(&[1.0; 7]).unwrap();
        assert_eq!(all, SignTest { above: 7, below: 0, ties: 0, p: 2.0 / 128.0 });
        let six = sign_test(&[-1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]).unwrap();
        assert_eq!((six.above, six.below, six.p), (6, 1, 16.0 / 128.0));
    }

    #[test]
    fn ties_are_dropped_and_counted() {
        let test = sign_test(&[0.0, -0.0, 1.0, 1.0]).unwrap();
        assert_eq!(test, SignTest { above: 2, below: 0, ties: 2, p: 0.5 });
        let none = sign_test(&[0.0; 3]).unwrap();
        assert_eq!((none.ties, none.p), (3, 1.0));
    }

    #[test]
    fn a_comparison_has_ties_within_its_tolerance() {
        let here = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 0.05].map(Some);
        let found = compare_signs("a", &[Some(0.0); 7], &here, Direction::LowerIsBetter, 0.1).unwrap();
        assert_eq!((found.difference, found.p, found.ratio), (Some(3.0), Some(2.0 / 64.0), None));
        let interval = found.difference_interval.unwrap();
        assert_eq!((interval.low, interval.high), (0.0, 6.0), "of seven blocks the interval is the whole sample");
        let lacking =
            compare_signs("a", &[Some(0.0), None], &[None, Some(1.0)], Direction::LowerIsBetter, 0.0).unwrap();
        assert_eq!((lacking.pairs, lacking.dropped, lacking.p), (0, 2, None));
    }

    /// 9 of 10 has p = 0.0215, 10 of 10 has 0.00195; 13 of 15 has 0.0074.
    #[test]
    fn few_blocks_must_all_point_one_way() {
        let needed = [(5, 1), (6, 1), (7, 1), (7, 3), (7, 4), (10, 1), (10, 3), (15, 6), (9, 0)];
        let found = needed.map(|(pairs, family)| signs_needed(pairs, family, 0.05));
        assert_eq!(found, [None, Some(6), Some(7), Some(7), None, Some(9), Some(10), Some(13), None]);
    }

    #[test]
    fn bad_samples_are_refused() {
        assert_eq!(sign_test(&[]), Err(StatsError::Empty));
        assert_eq!(sign_test(&[f64::NAN]), Err(StatsError::NotFinite { index: 0 }));
        let of = |tolerance| compare_signs("a", &[Some(1.0)], &[Some(f64::NAN)], Direction::LowerIsBetter, tolerance);
        assert_eq!(of(0.0), Err(StatsError::NotFinite { index: 0 }));
        assert!(matches!(of(f64::NAN), Err(StatsError::BadSetting { .. })));
        assert!(matches!(block_differences(&[None], &[], 0.0), Err(StatsError::BlocksDiffer { .. })));
    }

    proptest! {
        /// Whichever is called the first, and whatever the sizes.
        #[test]
        fn only_signs_count(differences in prop::collection::vec(-50_i32..50, 1..40)) {
            let values: Vec<f64> = differences.iter().map(|difference| f64::from(*difference)).collect();
            let turned: Vec<f64> = values.iter().map(|value| -value).collect();
            let cubed: Vec<f64> = values.iter().map(|value| value.powi(3)).collect();
            let (test, other) = (sign_test(&values).unwrap(), sign_test(&turned).unwrap());
            prop_assert_eq!((test.above, test.below, test.p), (other.below, other.above, other.p));
            prop_assert_eq!(test, sign_test(&cubed).unwrap());
            prop_assert!(test.p >= crate::least_p((test.above + test.below) as u32) && test.p <= 1.0);
        }
    }
}
