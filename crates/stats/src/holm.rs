//! Several comparisons at once: p values adjusted for their number, and how many blocks that takes.
//!
//! S. Holm, "A Simple Sequentially Rejective Multiple Test Procedure", 1979. Whatever the dependence between the
//! comparisons (ours share a reference cell), the chance of even one false verdict in the family stays at or below
//! alpha.

use crate::StatsError;

/// Holm's step-down adjusted p values, in the order given. A comparison passes at `alpha` when its adjusted p is at or
/// below it. With the p values ascending, the i-th (from 0) of m is multiplied by m - i, and none may fall below the
/// one before it.
///
/// # Errors
/// A value that does not lie between 0 and 1.
pub fn holm_adjusted(p_values: &[f64]) -> Result<Vec<f64>, StatsError> {
    if let Some(index) = p_values.iter().position(|p| !(0.0..=1.0).contains(p)) {
        return Err(StatsError::NotAProbability { index });
    }
    let mut ascending: Vec<usize> = (0..p_values.len()).collect();
    ascending.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let mut adjusted = vec![0.0; p_values.len()];
    let mut before = 0.0_f64;
    for (step, &index) in ascending.iter().enumerate() {
        let remaining = (p_values.len() - step) as f64;
        before = before.max(remaining * p_values[index]).min(1.0);
        adjusted[index] = before;
    }
    Ok(adjusted)
}

/// The least p value that the signed-rank test can give with so many blocks: 2 / 2^blocks, all differences of one sign.
pub fn least_p(blocks: u32) -> f64 {
    // From 1075 blocks on the power is 0 anyhow; the bound keeps the conversion from wrapping.
    (2.0 * 0.5_f64.powi(blocks.min(1_100) as i32)).min(1.0)
}

/// The largest family of comparisons of which, with so many blocks, one can pass at `alpha`: [`least_p`] times its size
/// is at most `alpha`. At 0.05: 1 with 6 blocks, 3 with 7, 6 with 8, 12 with 9, 25 with 10; 0 with 5 or fewer, or for
/// an alpha that doesn't lie between 0 and 1.
pub fn largest_family(blocks: u32, alpha: f64) -> usize {
    if !(alpha > 0.0 && alpha < 1.0) {
        return 0;
    }
    // A float cast saturates, so a great many blocks give the greatest number there is.
    (alpha / least_p(blocks)).floor() as usize
}

/// The fewest blocks with which a family of that size can be judged at `alpha`, or `None` for an alpha that doesn't lie
/// between 0 and 1. An empty family needs none.
pub fn blocks_needed(family: usize, alpha: f64) -> Option<u32> {
    if family == 0 {
        return Some(0);
    }
    (1..=1_100).find(|&blocks| largest_family(blocks, alpha) >= family)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_design_s_table_holds() {
        let largest: Vec<usize> = (0..=10).map(|blocks| largest_family(blocks, 0.05)).collect();
        assert_eq!(largest, [0, 0, 0, 0, 0, 0, 1, 3, 6, 12, 25]);
        let needed = [0, 1, 2, 3, 4, 6, 7, 12, 13, 25, 26].map(|family| blocks_needed(family, 0.05));
        assert_eq!(needed, [0, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11].map(Some));
    }

    #[test]
    fn the_ends_of_the_range() {
        assert_eq!((least_p(0), least_p(1), least_p(6)), (1.0, 1.0, 0.03125));
        assert_eq!(least_p(u32::MAX), 0.0);
        assert_eq!(largest_family(u32::MAX, 0.05), usize::MAX);
        assert!(blocks_needed(usize::MAX, f64::MIN_POSITIVE).is_some());
        assert_eq!((blocks_needed(1, 0.0), blocks_needed(1, f64::NAN), blocks_needed(1, 1.0)), (None, None, None));
        assert_eq!(largest_family(10, -1.0), 0);
    }

    #[test]
    fn a_known_family() {
        assert_eq!(holm_adjusted(&[0.01, 0.04, 0.03, 0.005]), Ok(vec![0.03, 0.06, 0.06, 0.02]));
        assert_eq!(holm_adjusted(&[0.6, 0.9]), Ok(vec![1.0, 1.0]));
        assert_eq!(holm_adjusted(&[]), Ok(vec![]));
    }

    #[test]
    fn what_is_no_probability_is_refused() {
        assert_eq!(holm_adjusted(&[0.5, 1.5]), Err(StatsError::NotAProbability { index: 1 }));
        assert_eq!(holm_adjusted(&[f64::NAN]), Err(StatsError::NotAProbability { index: 0 }));
    }
}
