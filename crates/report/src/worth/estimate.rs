//! Where a figure lies, of one value a block.

use cachemark_stats::{CONFIDENCE, Interval, hodges_lehmann, pseudo_median_interval};

/// The Hodges-Lehmann estimate of a figure over blocks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The estimate.
    pub middle: f64,
    /// Its exact interval at [`CONFIDENCE`]; none of fewer than six blocks.
    pub interval: Option<Interval>,
    /// Blocks that have the figure.
    pub blocks: usize,
}

impl Estimate {
    /// None where no block has the figure.
    #[must_use]
    pub fn of(by_block: &[Option<f64>]) -> Option<Self> {
        let values: Vec<f64> = by_block.iter().copied().flatten().filter(|value| value.is_finite()).collect();
        let middle = hodges_lehmann(&values).ok()?;
        let interval = pseudo_median_interval(&values, CONFIDENCE).ok().flatten();
        Some(Self { middle, interval, blocks: values.len() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_without_a_value_do_not_count() {
        let six = [Some(1.0), None, Some(2.0), Some(3.0), Some(4.0), Some(5.0), Some(f64::NAN), Some(6.0)];
        let estimate = Estimate::of(&six).unwrap();
        assert_eq!((estimate.middle, estimate.blocks), (3.5, 6));
        assert_eq!(estimate.interval.map(|interval| (interval.low, interval.high)), Some((1.0, 6.0)));
        assert_eq!(Estimate::of(&six[..6]).map(|estimate| (estimate.interval, estimate.blocks)), Some((None, 5)));
        assert_eq!(Estimate::of(&[None, None]), None);
    }
}
