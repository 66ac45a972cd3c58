//! What a handful of trials said, in a few figures. Their unit is that of the values.

use serde::{Deserialize, Serialize};

use crate::StatsError;
use crate::error::sorted_sample;
use crate::quantile::{median_of_sorted, quantile_type7};

/// The summary of a sample of per-trial figures.
///
/// It describes; it compares nothing. Two cells are compared with [`compare()`](crate::compare()), never by two means.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// How many values.
    pub count: usize,
    /// The least value.
    pub min: f64,
    /// The lower quartile, by [`quantile_type7`].
    pub lower_quartile: f64,
    /// The median.
    pub median: f64,
    /// The upper quartile, by [`quantile_type7`].
    pub upper_quartile: f64,
    /// The greatest value.
    pub max: f64,
    /// The arithmetic mean.
    pub mean: f64,
    /// The median absolute deviation from the median, as it is: not multiplied by 1.4826.
    pub mad: f64,
}

impl Summary {
    /// The summary of `values`, in any order.
    ///
    /// # Errors
    /// An empty sample, or a value that is not a finite number.
    pub fn of(values: &[f64]) -> Result<Self, StatsError> {
        let sorted = sorted_sample(values)?;
        let median = median_of_sorted(&sorted);
        let deviations: Vec<f64> = sorted.iter().map(|value| (value - median).abs()).collect();
        let quartile = |q| quantile_type7(&sorted, q).unwrap_or(median);
        let count = sorted.len();
        Ok(Self {
            count,
            min: sorted[0],
            lower_quartile: quartile(0.25),
            median,
            upper_quartile: quartile(0.75),
            max: sorted[count - 1],
            mean: sorted.iter().sum::<f64>() / count as f64,
            mad: median_of_sorted(&sorted_sample(&deviations)?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_sample() {
        let summary = Summary::of(&[9.0, 1.0, 2.0, 100.0, 3.0]).expect("a good sample");
        assert_eq!(
            summary,
            Summary {
                count: 5,
                min: 1.0,
                lower_quartile: 2.0,
                median: 3.0,
                upper_quartile: 9.0,
                max: 100.0,
                mean: 23.0,
                mad: 2.0,
            }
        );
    }

    #[test]
    fn one_value_is_its_own_summary() {
        let summary = Summary::of(&[4.0]).expect("a good sample");
        assert_eq!((summary.lower_quartile, summary.median, summary.mad), (4.0, 4.0, 0.0));
    }

    #[test]
    fn bad_samples_are_refused() {
        assert_eq!(Summary::of(&[]), Err(StatsError::Empty));
        assert_eq!(Summary::of(&[1.0, f64::NAN]), Err(StatsError::NotFinite { index: 1 }));
        assert_eq!(Summary::of(&[f64::INFINITY]), Err(StatsError::NotFinite { index: 0 }));
    }
}
