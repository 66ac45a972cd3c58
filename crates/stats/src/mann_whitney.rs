//! By how much one sample lies above another that it is not paired with, whatever their distribution.
//!
//! The Hodges-Lehmann estimate of the shift is the median of all differences between a value of the one and a value of the other. The
//! interval lies between two of these differences: the k-th from below and the k-th from above, where k is the greatest number
//! with P(U < k) <= (1 - confidence) / 2, and U is the statistic of H. B. Mann and D. R. Whitney ("On a Test of Whether one
//! of Two Random Variables is Stochastically Larger than the Other", 1947). It holds exactly those shifts that their test would not
//! refuse (L. E. Moses; see Hollander, Wolfe and Chicken, "Nonparametric Statistical Methods", 4.3). It supposes that the values
//! are independent, and that both samples have one distribution but for the shift.

use crate::StatsError;
use crate::error::{check_between_0_and_1, check_sample};
use crate::pseudo_median::Interval;
use crate::quantile::median_of_sorted;

/// The estimate of the shift from one sample to the other.
///
/// # Errors
/// An empty sample, or a value that is not a finite number.
pub fn shift(from: &[f64], to: &[f64]) -> Result<f64, StatsError> {
    Ok(median_of_sorted(&differences(from, to)?))
}

/// The exact interval of the shift, or `None` where so few values cannot reach that confidence: at 0.95 four of each do,
/// and three of each don't. With ties the confidence achieved is a lower bound.
///
/// # Errors
/// An empty sample, a value that is not a finite number, or a confidence that does not lie between 0 and 1.
pub fn shift_interval(from: &[f64], to: &[f64], confidence: f64) -> Result<Option<Interval>, StatsError> {
    check_between_0_and_1("confidence", confidence)?;
    let differences = differences(from, to)?;
    let allowed = (1.0 - confidence) / 2.0;
    let below = law(from.len(), to.len()).into_iter().scan(0.0, |total, probability| {
        *total += probability;
        Some(*total)
    });
    // The k-th difference from below has index k - 1, and P(U < k) = P(U <= k - 1).
    let last = below.take(differences.len()).take_while(|below| *below <= allowed).enumerate().last();
    Ok(last.map(|(index, below)| Interval {
        low: differences[index],
        high: differences[differences.len() - 1 - index],
        confidence: 1.0 - 2.0 * below,
    }))
}

/// Every value of `to` less every value of `from`, ascending.
fn differences(from: &[f64], to: &[f64]) -> Result<Vec<f64>, StatsError> {
    check_sample(from)?;
    check_sample(to)?;
    let mut differences: Vec<f64> = from.iter().flat_map(|from| to.iter().map(move |to| to - from)).collect();
    differences.sort_by(f64::total_cmp);
    Ok(differences)
}

/// The probabilities of U = 0, 1, 2, .. where every order of the values is as likely as any other.
///
/// The places of the common order are gone through: each is of the first sample with the probability that it has among those
/// that are left, and then counts the values of the second sample below it. So nothing can overflow, however many there are.
fn law(first: usize, second: usize) -> Vec<f64> {
    let all = first + second;
    let greatest = first * second;
    // By how many of the first sample have had their place, and by U.
    let mut reached = vec![vec![0.0; greatest + 1]; first + 1];
    reached[0][0] = 1.0;
    for place in 0..all {
        for placed in (0..=first.min(place)).rev() {
            let below = place - placed;
            let of_first = (first - placed) as f64 / (all - place) as f64;
            for u in 0..=greatest {
                let probability = reached[placed][u];
                if probability == 0.0 {
                    continue;
                }
                reached[placed][u] = probability * (1.0 - of_first);
                if placed < first {
                    reached[placed + 1][u + below] += probability * of_first;
                }
            }
        }
    }
    reached.swap_remove(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_law_of_two_and_two_by_hand() {
        // Six orders: U is 0, 1, 2, 2, 3, 4.
        let law = law(2, 2);
        let expected = [1.0, 1.0, 2.0, 1.0, 1.0].map(|orders| orders / 6.0);
        assert!(law.iter().zip(expected).all(|(ours, by_hand)| (ours - by_hand).abs() < 1e-15), "{law:?}");
    }

    #[test]
    fn the_table_of_critical_values_holds() {
        // The greatest U that a two-sided test refuses at 5 %, from Mann and Whitney's table as textbooks have it.
        for (first, second, critical) in [(4, 4, 0), (5, 5, 2), (6, 6, 5), (7, 8, 10), (8, 8, 13), (10, 10, 23)] {
            let law = law(first, second);
            let at_most = |u: usize| law[..=u].iter().sum::<f64>();
            assert!(at_most(critical) <= 0.025 && at_most(critical + 1) > 0.025, "{first} and {second}");
            assert!((law.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn four_and_four_reach_95_percent_and_three_do_not() {
        let (from, to) = ([1.0, 2.0, 3.0, 4.0], [11.0, 12.0, 14.0, 18.0]);
        assert_eq!(shift(&from, &to), Ok(10.5));
        let interval = shift_interval(&from, &to, 0.95).unwrap().unwrap();
        assert_eq!((interval.low, interval.high), (7.0, 17.0), "the least difference and the greatest");
        assert!((interval.confidence - (1.0 - 2.0 / 70.0)).abs() < 1e-12);
        assert_eq!(shift_interval(&from[..3], &to, 0.95), Ok(None));
    }

    #[test]
    fn a_sample_does_not_lie_above_itself() {
        let values = [0.3, 0.1 + 0.2, 7.1, 5.5, 1e-9];
        assert_eq!(shift(&values, &values), Ok(0.0));
    }

    #[test]
    fn bad_questions_are_refused() {
        assert_eq!(shift(&[], &[1.0]), Err(StatsError::Empty));
        assert_eq!(shift(&[1.0], &[f64::NAN]), Err(StatsError::NotFinite { index: 0 }));
        assert!(shift_interval(&[1.0], &[1.0], 1.0).is_err());
    }
}
