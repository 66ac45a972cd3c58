//! A cell against the reference cell, block by block, as a ratio.
//!
//! The two trials of one block ran close together, so what the machine did to both cancels in their ratio. The logs of
//! these ratios give the estimate (Hodges-Lehmann), the interval and the p value (both exact, by signed ranks); the
//! exponential takes them back to ratios. A ratio of 1.2 means that the cell's figure is 1.2 times the reference's.

use serde::{Deserialize, Serialize};

use crate::StatsError;
use crate::pseudo_median::{Interval, hodges_lehmann, pseudo_median_interval};
use crate::signed_rank::signed_rank;

/// The confidence of the interval of each comparison. It is that of the comparison by itself: it is not adjusted for
/// the number of comparisons, and a page that shows it says so.
pub const CONFIDENCE: f64 = 0.95;

/// Which way a metric is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// As throughput or hit ratio.
    HigherIsBetter,
    /// As response time or store load.
    LowerIsBetter,
    /// Neither way by itself, as the share of writes among operations: what it says is judged with other figures.
    Neither,
}

/// A cell compared with the reference cell on one metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// The cell's name.
    pub name: String,
    /// Which way the metric is good.
    pub direction: Direction,
    /// The ratio of cell to reference in each block, in their order; `None` where either is missing.
    pub block_ratios: Vec<Option<f64>>,
    /// Blocks that have both values.
    pub pairs: usize,
    /// Blocks in which a value was missing, and which the comparison therefore leaves out.
    pub dropped: usize,
    /// The estimate of the ratio, if there is any pair.
    pub ratio: Option<f64>,
    /// The interval of the ratio at [`CONFIDENCE`], if there are enough pairs for one (six).
    pub interval: Option<Interval>,
    /// The exact two-sided p value of "the ratio is 1", not adjusted, if there is any pair.
    pub p: Option<f64>,
}

impl Comparison {
    /// Half the width of the interval on the log scale, as a ratio less 1: 0.03 means "within a factor of 1.03 either
    /// way", whatever the centre. Of an A/A control this is the noise of the sweep.
    pub fn half_width(&self) -> Option<f64> {
        self.interval.map(|interval| (interval.high / interval.low).sqrt() - 1.0)
    }
}

/// Compares a cell with the reference cell. Both give one value for each block, in the same order, `None` where the
/// trial is missing or invalid, or refused to tell that figure. Blocks without both are dropped, and counted in
/// [`Comparison::dropped`].
///
/// # Errors
/// Different numbers of blocks, or a value that is not a finite number above zero, since it has no log: a metric that
/// can be zero (stale reads, errors) is not to be compared by ratio.
pub fn compare(
    name: impl Into<String>,
    reference: &[Option<f64>],
    cell: &[Option<f64>],
    direction: Direction,
) -> Result<Comparison, StatsError> {
    if reference.len() != cell.len() {
        return Err(StatsError::BlocksDiffer { reference: reference.len(), cell: cell.len() });
    }
    check_values(reference)?;
    check_values(cell)?;
    let log_ratios: Vec<Option<f64>> = reference
        .iter()
        .zip(cell)
        .map(|(reference, cell)| Some(cell.as_ref()?.ln() - reference.as_ref()?.ln()))
        .collect();
    let paired: Vec<f64> = log_ratios.iter().copied().flatten().collect();
    let mut comparison = Comparison {
        name: name.into(),
        direction,
        pairs: paired.len(),
        dropped: log_ratios.len() - paired.len(),
        block_ratios: log_ratios.into_iter().map(|log_ratio| log_ratio.map(f64::exp)).collect(),
        ratio: None,
        interval: None,
        p: None,
    };
    if !paired.is_empty() {
        comparison.ratio = Some(hodges_lehmann(&paired)?.exp());
        comparison.p = Some(signed_rank(&paired)?.p);
        comparison.interval = pseudo_median_interval(&paired, CONFIDENCE)?.map(|logs| Interval {
            low: logs.low.exp(),
            high: logs.high.exp(),
            confidence: logs.confidence,
        });
    }
    Ok(comparison)
}

/// Refuses values that have no log.
fn check_values(values: &[Option<f64>]) -> Result<(), StatsError> {
    for (block, value) in values.iter().enumerate() {
        match value {
            Some(value) if !value.is_finite() => return Err(StatsError::NotFinite { index: block }),
            Some(value) if *value <= 0.0 => return Err(StatsError::NotPositive { block }),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const REFERENCE: [Option<f64>; 6] = [Some(10.0), Some(20.0), Some(10.0), Some(40.0), Some(10.0), Some(80.0)];

    fn against(cell: &[Option<f64>]) -> Result<Comparison, StatsError> {
        compare("cell", &REFERENCE, cell, Direction::HigherIsBetter)
    }

    #[test]
    fn a_constant_ratio_is_found_whatever_the_drift() {
        let comparison = against(&REFERENCE.map(|value| value.map(|value| value * 2.0))).expect("good values");
        let interval = comparison.interval.expect("six pairs are enough");
        assert!((comparison.ratio.expect("there are pairs") - 2.0).abs() < 1e-12);
        assert!((interval.low - 2.0).abs() < 1e-12 && (interval.high - 2.0).abs() < 1e-12);
        assert_eq!((comparison.pairs, comparison.dropped, comparison.p), (6, 0, Some(2.0 / 64.0)));
        assert!(comparison.half_width().is_some_and(|half| half < 1e-12));
    }

    #[test]
    fn blocks_without_both_values_are_dropped_and_counted() {
        let mut cell = REFERENCE;
        cell[2] = None;
        let comparison = against(&cell).expect("good values");
        assert_eq!((comparison.pairs, comparison.dropped, comparison.interval), (5, 1, None));
        assert_eq!((comparison.ratio, comparison.p, comparison.block_ratios[2]), (Some(1.0), Some(1.0), None));
        let nothing = against(&[None; 6]).expect("no values are good values");
        assert_eq!((nothing.pairs, nothing.dropped, nothing.ratio, nothing.p), (0, 6, None, None));
    }

    #[test]
    fn half_width_is_on_the_log_scale() {
        let mut comparison = against(&REFERENCE).expect("good values");
        comparison.interval = Some(Interval { low: 2.0 / 1.1, high: 2.0 * 1.1, confidence: 0.95 });
        assert!(comparison.half_width().is_some_and(|half| (half - 0.1).abs() < 1e-12));
    }

    #[test]
    fn what_has_no_ratio_is_refused() {
        assert_eq!(against(&REFERENCE[..5]), Err(StatsError::BlocksDiffer { reference: 6, cell: 5 }));
        let with = |value| {
            let mut cell = REFERENCE;
            cell[3] = Some(value);
            against(&cell)
        };
        assert_eq!(with(0.0), Err(StatsError::NotPositive { block: 3 }));
        assert_eq!(with(-1.0), Err(StatsError::NotPositive { block: 3 }));
        assert_eq!(with(f64::NAN), Err(StatsError::NotFinite { index: 3 }));
    }
}
