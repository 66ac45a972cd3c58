//! Quantiles of a small sample of figures (trials, windows), with linear interpolation.

/// The quantile `q` of a sample in ascending order, by Hyndman and Fan's type 7 ("Sample Quantiles in Statistical
/// Packages", 1996): the value at rank `(n - 1) * q` counted from 0, straight between the two neighbours. It is the
/// default of numpy, R and spreadsheets.
///
/// `None` for an empty sample and for a `q` outside 0 to 1. A sample that is not ascending, or holds values that are
/// not numbers, gives a figure without meaning; [`Summary`](crate::Summary) checks and sorts.
pub fn quantile_type7(sorted: &[f64], q: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    if !(0.0..=1.0).contains(&q) {
        return None;
    }
    let rank = last as f64 * q;
    let below = rank.floor() as usize;
    let above = (below + 1).min(last);
    let share = rank - below as f64;
    // Not a + (b - a) * share: that overflows where a and b lie far apart on both sides of 0.
    Some(if share == 0.0 { sorted[below] } else { sorted[below] * (1.0 - share) + sorted[above] * share })
}

/// The median of a sample in ascending order that is known to hold a value.
pub(crate) fn median_of_sorted(sorted: &[f64]) -> f64 {
    let upper = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[upper] } else { sorted[upper - 1].midpoint(sorted[upper]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_interpolates_between_neighbours() {
        let sorted = [1.0, 2.0, 4.0, 8.0];
        assert_eq!(
            [0.0, 0.25, 0.5, 0.75, 1.0].map(|q| quantile_type7(&sorted, q)),
            [1.0, 1.75, 3.0, 5.0, 8.0].map(Some)
        );
        assert_eq!(quantile_type7(&[7.0], 0.3), Some(7.0));
    }

    #[test]
    fn nothing_has_no_quantile() {
        assert_eq!(quantile_type7(&[], 0.5), None);
        assert_eq!(quantile_type7(&[1.0], 1.1), None);
        assert_eq!(quantile_type7(&[1.0], f64::NAN), None);
    }

    #[test]
    fn medians_of_odd_and_even_samples() {
        assert_eq!(median_of_sorted(&[1.0, 5.0, 9.0]), 5.0);
        assert_eq!(median_of_sorted(&[1.0, 5.0, 9.0, 10.0]), 7.0);
    }
}
