//! What this crate refuses: samples with nothing in them or with values that have no meaning, and histograms that
//! cannot be read.

/// Why a figure was refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StatsError {
    /// The sample holds no values.
    #[error("the sample holds no values")]
    Empty,
    /// A value is infinite or not a number.
    #[error("value {index} of the sample is not a finite number")]
    NotFinite {
        /// Its place in the sample, from 0.
        index: usize,
    },
    /// A value of zero or below has no ratio to another.
    #[error("the value of block {block} is not above zero, so it has no ratio to another")]
    NotPositive {
        /// Its block, from 0.
        block: usize,
    },
    /// A p value lies outside 0 to 1.
    #[error("p value {index} does not lie between 0 and 1")]
    NotAProbability {
        /// Its place in the list, from 0.
        index: usize,
    },
    /// The two cells of a comparison do not have the same blocks.
    #[error("the reference has {reference} blocks and the cell has {cell}: they do not pair")]
    BlocksDiffer {
        /// Blocks of the reference cell.
        reference: usize,
        /// Blocks of the cell compared with it.
        cell: usize,
    },
    /// A setting lies outside its range.
    #[error("{name} must lie {range}, and is {value}")]
    BadSetting {
        /// Which setting.
        name: &'static str,
        /// The range in words.
        range: &'static str,
        /// What was given.
        value: f64,
    },
    /// A stored histogram cannot be read, or one cannot be stored.
    #[error("the histogram is not usable: {0}")]
    BadHistogram(String),
    /// A line of an interval log cannot be read.
    #[error("line {line} of the interval log cannot be read: {what}")]
    BadIntervalLog {
        /// Which line, from 1.
        line: usize,
        /// What is wrong with it.
        what: String,
    },
}

/// Refuses a sample that is empty or has a value that is not a finite number.
pub(crate) fn check_sample(values: &[f64]) -> Result<(), StatsError> {
    if values.is_empty() {
        return Err(StatsError::Empty);
    }
    match values.iter().position(|value| !value.is_finite()) {
        Some(index) => Err(StatsError::NotFinite { index }),
        None => Ok(()),
    }
}

/// The sample in ascending order, once it has passed [`check_sample`].
pub(crate) fn sorted_sample(values: &[f64]) -> Result<Vec<f64>, StatsError> {
    check_sample(values)?;
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    Ok(sorted)
}

/// Refuses a setting that must lie strictly between 0 and 1 and doesn't.
pub(crate) fn check_between_0_and_1(name: &'static str, value: f64) -> Result<(), StatsError> {
    if value > 0.0 && value < 1.0 {
        Ok(())
    } else {
        Err(StatsError::BadSetting { name, range: "between 0 and 1", value })
    }
}
