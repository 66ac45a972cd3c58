//! Where the middle of a few differences lies, and between which bounds, whatever their distribution.
//!
//! The Hodges-Lehmann estimate (J. L. Hodges and E. L. Lehmann, "Estimates of Location Based on Rank Tests", 1963) is
//! the median of the Walsh averages: the means of all pairs of values, each value with itself among them. It estimates
//! the pseudo-median, which for a symmetric distribution is the median; one wild trial moves it little.
//!
//! The interval lies between two Walsh averages: the k-th from below and the k-th from above, where k is the greatest
//! number with P(T < k) <= (1 - confidence) / 2, and T is the signed-rank sum of as many values (J. W. Tukey's; see
//! Hollander, Wolfe and Chicken, "Nonparametric Statistical Methods", 3.4). It holds exactly those centres that the
//! signed-rank test would not refuse. It supposes that the values are independent and their distribution symmetric.

use serde::{Deserialize, Serialize};

use crate::StatsError;
use crate::error::{check_between_0_and_1, check_sample};
use crate::null_distribution::NullDistribution;
use crate::quantile::median_of_sorted;

/// A confidence interval. Both ends belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The confidence achieved, 0 to 1: what was asked for, or more, since ranks come in steps.
    pub confidence: f64,
}

impl Interval {
    /// Whether `value` lies in the interval.
    pub fn contains(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }
}

/// The Hodges-Lehmann estimate: the median of the means of all pairs. Time and memory grow as n^2.
///
/// # Errors
/// An empty sample, or a value that is not a finite number.
pub fn hodges_lehmann(values: &[f64]) -> Result<f64, StatsError> {
    check_sample(values)?;
    Ok(median_of_sorted(&walsh_averages(values)))
}

/// The exact interval for the pseudo-median, or `None` where so few values cannot reach that confidence: at 0.95 it
/// takes six.
///
/// With ties or zeros among the values the confidence achieved is a lower bound.
///
/// # Errors
/// An empty sample, a value that is not a finite number, or a confidence that does not lie between 0 and 1.
pub fn pseudo_median_interval(values: &[f64], confidence: f64) -> Result<Option<Interval>, StatsError> {
    check_sample(values)?;
    check_between_0_and_1("confidence", confidence)?;
    let ranks: Vec<usize> = (1..=values.len()).collect();
    let null = NullDistribution::of(&ranks);
    let allowed = (1.0 - confidence) / 2.0;
    let averages = walsh_averages(values);
    // The k-th average from below has index k - 1, and P(T < k) = P(T <= k - 1).
    let Some((index, below)) =
        null.all_at_most().take(averages.len()).take_while(|&below| below <= allowed).enumerate().last()
    else {
        return Ok(None);
    };
    Ok(Some(Interval {
        low: averages[index],
        high: averages[averages.len() - 1 - index],
        confidence: 1.0 - 2.0 * below,
    }))
}

/// The means of all pairs, each value with itself too, ascending.
fn walsh_averages(values: &[f64]) -> Vec<f64> {
    let pairs = values.iter().enumerate().flat_map(|(index, a)| values[..=index].iter().map(|b| a.midpoint(*b)));
    let mut averages: Vec<f64> = pairs.collect();
    averages.sort_by(f64::total_cmp);
    averages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_pairs_make_averages() {
        assert_eq!(walsh_averages(&[3.0, 1.0, 7.0]), [1.0, 2.0, 3.0, 4.0, 5.0, 7.0]);
        assert_eq!(hodges_lehmann(&[3.0, 1.0, 7.0]), Ok(3.5));
    }

    #[test]
    fn six_values_reach_95_percent_and_five_do_not() {
        let values = [1.0, 2.0, 3.0, 4.0, 5.0, 60.0];
        assert_eq!(pseudo_median_interval(&values[..5], 0.95), Ok(None));
        assert_eq!(
            pseudo_median_interval(&values, 0.95),
            Ok(Some(Interval { low: 1.0, high: 60.0, confidence: 1.0 - 2.0 / 64.0 }))
        );
    }

    #[test]
    fn one_wild_value_moves_it_little() {
        let calm = [1.0, 1.1, 0.9, 1.05, 0.95, 1.02, 0.98, 1.0];
        let mut wild = calm;
        wild[0] = 1000.0;
        let (calm, wild) = (hodges_lehmann(&calm), hodges_lehmann(&wild));
        assert!(calm.is_ok_and(|calm| wild.is_ok_and(|wild| (wild - calm).abs() < 0.05)));
    }

    #[test]
    fn bad_questions_are_refused() {
        assert_eq!(hodges_lehmann(&[]), Err(StatsError::Empty));
        assert_eq!(pseudo_median_interval(&[f64::NAN], 0.95), Err(StatsError::NotFinite { index: 0 }));
        assert!(matches!(pseudo_median_interval(&[1.0], 1.0), Err(StatsError::BadSetting { .. })));
    }
}
