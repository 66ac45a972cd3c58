//! Between which bounds the median lies of what a few values are drawn from, whatever their distribution.
//!
//! How many of n independent values lie below the median is the number of heads of n tosses of a fair coin. So the interval
//! from the k-th value from below to the k-th from above holds the median with probability 1 - 2 P(B < k), where B is that
//! number; k is the greatest with P(B < k) <= (1 - confidence) / 2 (W. R. Thompson, "On Confidence Ranges for the Median
//! and Other Expectation Distributions", 1936; it is the sign test turned around).
//!
//! It supposes that the values are independent, and nothing of their distribution: not that it is symmetric, as the
//! interval of the [pseudo-median](crate::pseudo_median) does, which suits differences and not times. Both its ends are
//! values of the sample, so nothing is averaged. It is wider for that: with 6 to 8 values it is the whole sample.

use crate::StatsError;
use crate::error::{check_between_0_and_1, sorted_sample};
use crate::null_distribution::NullDistribution;
use crate::pseudo_median::Interval;

/// The exact interval for the median, or `None` where so few values cannot reach that confidence: at 0.95 it takes six.
///
/// With ties among the values the confidence achieved is a lower bound.
///
/// # Errors
/// An empty sample, a value that is not a finite number, or a confidence that does not lie between 0 and 1.
pub fn median_interval(values: &[f64], confidence: f64) -> Result<Option<Interval>, StatsError> {
    let sorted = sorted_sample(values)?;
    check_between_0_and_1("confidence", confidence)?;
    Ok(end(sorted.len(), confidence).map(|(index, below)| Interval {
        low: sorted[index],
        high: sorted[sorted.len() - 1 - index],
        confidence: 1.0 - 2.0 * below,
    }))
}

/// How many of so many values lie outside the interval on each side; `None` where there is no interval.
///
/// # Errors
/// A confidence that does not lie between 0 and 1.
pub fn median_interval_leaves_out(count: usize, confidence: f64) -> Result<Option<usize>, StatsError> {
    check_between_0_and_1("confidence", confidence)?;
    Ok(end(count, confidence).map(|(index, _)| index))
}

/// The interval's lower end as an index into the values in ascending order, and the probability that the median lies below
/// it.
fn end(count: usize, confidence: f64) -> Option<(usize, f64)> {
    let allowed = (1.0 - confidence) / 2.0;
    // A random half of ranks of 1 each sums up to the number of heads.
    let heads = NullDistribution::of(&vec![1; count]);
    heads.all_at_most().take_while(|&below| below <= allowed).enumerate().last()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_values_reach_95_percent_and_five_do_not() {
        let values = [3.0, 60.0, 1.0, 4.0, 2.0, 5.0];
        assert_eq!(median_interval(&values[..5], 0.95), Ok(None));
        let whole = Interval { low: 1.0, high: 60.0, confidence: 1.0 - 2.0 / 64.0 };
        assert_eq!(median_interval(&values, 0.95), Ok(Some(whole)));
    }

    /// The ranks that printed tables of the sign test give: 1 of 8, 2 of 9 to 11, 6 of 20, 8 of 25, 18 of 50, 40 of 100.
    #[test]
    fn the_ends_are_those_of_printed_tables() {
        for (count, rank) in [(6, 1), (8, 1), (9, 2), (11, 2), (12, 3), (20, 6), (25, 8), (50, 18), (100, 40)] {
            assert_eq!(median_interval_leaves_out(count, 0.95), Ok(Some(rank - 1)), "{count}");
        }
        assert_eq!([0, 1, 5].map(|count| median_interval_leaves_out(count, 0.95)), [Ok(None), Ok(None), Ok(None)]);
    }

    #[test]
    fn bad_questions_are_refused() {
        assert_eq!(median_interval(&[], 0.95), Err(StatsError::Empty));
        assert_eq!(median_interval(&[f64::NAN], 0.95), Err(StatsError::NotFinite { index: 0 }));
        assert!(matches!(median_interval(&[1.0], 1.0), Err(StatsError::BadSetting { .. })));
        assert!(matches!(median_interval_leaves_out(9, 0.0), Err(StatsError::BadSetting { .. })));
    }
}
