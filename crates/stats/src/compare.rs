//! A cell against the reference cell, block by block, as a ratio.
//!
//! The two trials of one block ran close together, so what the machine did to both cancels in their ratio. The logs of
//! these ratios give the estimate (Hodges-Lehmann), the interval and the p value (both exact, by signed ranks); the
//! exponential takes them back to ratios. A ratio of 1.2 means that the cell's figure is 1.2 times the reference's.
//!
//! A figure that is zero in some block (a share of stale reads, above all the reference's) has no ratio there, and leaving out
//! its block would flatter the cell. Then the differences themselves, cell - reference, take the place of the logs, in all
//! blocks ([`compare_differences`]): the same estimate, the same exact interval and test, on the figure's own scale. Blocks in
//! which both are equal say nothing of the direction, and the test drops them. Of the many scales that could be
//! chosen none has a say in the p value as long as all differences point one way.

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
    /// The estimate of the difference, cell - reference, of a figure that is zero in some block and so has no ratio.
    pub difference: Option<f64>,
    /// The interval of the difference, as that of a ratio.
    pub difference_interval: Option<Interval>,
    /// The exact two-sided p value of "the ratio is 1", or of "the difference is 0", not adjusted, if there is any pair.
    pub p: Option<f64>,
}

impl Comparison {
    /// Half the width of the interval on the log scale, as a ratio less 1: 0.03 means "within a factor of 1.03 either
    /// way", whatever the centre. Of an A/A control this is the noise of the sweep.
    ///
    /// A difference has no such width but where it is none in every block.
    pub fn half_width(&self) -> Option<f64> {
        let of_ratio = self.interval.map(|interval| (interval.high / interval.low).sqrt() - 1.0);
        of_ratio.or_else(|| self.is_the_same().then_some(0.0))
    }

    /// Whether the interval leaves out that there is no difference: a ratio of 1, a difference of 0.
    pub fn misses_no_difference(&self) -> bool {
        let misses = |interval: Option<Interval>, none: f64| interval.is_some_and(|interval| !interval.contains(none));
        misses(self.interval, 1.0) || misses(self.difference_interval, 0.0)
    }

    /// Whether the interval of the difference is 0 and nothing else.
    pub(crate) fn is_the_same(&self) -> bool {
        self.difference_interval.is_some_and(|interval| interval.low == 0.0 && interval.high == 0.0)
    }
}

/// Compares a cell with the reference cell by ratio. Both give one value for each block, in the same order, `None` where the
/// trial is missing or invalid, or refused to tell that figure. Blocks without both are dropped, and counted in
/// [`Comparison::dropped`].
///
/// # Errors
/// Different numbers of blocks, or a value that is not a finite number above zero, since it has no log: a metric that
/// is zero somewhere (stale reads, errors) is for [`compare_differences`].
pub fn compare(
    name: impl Into<String>,
    reference: &[Option<f64>],
    cell: &[Option<f64>],
    direction: Direction,
) -> Result<Comparison, StatsError> {
    check_values(reference)?;
    check_values(cell)?;
    let log_ratios = by_block(reference, cell, |reference, cell| cell.ln() - reference.ln())?;
    let Located { middle, interval, p } = locate(&log_ratios)?;
    let interval =
        interval.map(|logs| Interval { low: logs.low.exp(), high: logs.high.exp(), confidence: logs.confidence });
    Ok(Comparison {
        ratio: middle.map(f64::exp),
        interval,
        p,
        block_ratios: log_ratios.iter().map(|log_ratio| log_ratio.map(f64::exp)).collect(),
        ..blank(name, direction, &log_ratios)
    })
}

/// The same by difference, cell - reference: for a figure that is zero in some block. Its [`Comparison`] has no ratios.
///
/// # Errors
/// Different numbers of blocks, or a value that is not a finite number.
pub fn compare_differences(
    name: impl Into<String>,
    reference: &[Option<f64>],
    cell: &[Option<f64>],
    direction: Direction,
) -> Result<Comparison, StatsError> {
    let differences = by_block(reference, cell, |reference, cell| cell - reference)?;
    let Located { middle, interval, p } = locate(&differences)?;
    // Where few of many blocks differ, the interval is 0 and nothing else: it is taken as wide as what was seen, lest the
    // cells be called the same.
    let interval = interval.map(|interval| match interval.low == 0.0 && interval.high == 0.0 {
        true => differences.iter().flatten().fold(interval, |wide, seen| Interval {
            low: wide.low.min(*seen),
            high: wide.high.max(*seen),
            ..wide
        }),
        false => interval,
    });
    Ok(Comparison { difference: middle, difference_interval: interval, p, ..blank(name, direction, &differences) })
}

/// What each block has that has both values.
fn by_block(
    reference: &[Option<f64>],
    cell: &[Option<f64>],
    of: impl Fn(f64, f64) -> f64,
) -> Result<Vec<Option<f64>>, StatsError> {
    if reference.len() != cell.len() {
        return Err(StatsError::BlocksDiffer { reference: reference.len(), cell: cell.len() });
    }
    Ok(reference.iter().zip(cell).map(|(reference, cell)| Some(of((*reference)?, (*cell)?))).collect())
}

/// A comparison of which only the pairs are known.
pub(crate) fn blank(name: impl Into<String>, direction: Direction, by_block: &[Option<f64>]) -> Comparison {
    let pairs = by_block.iter().flatten().count();
    Comparison {
        name: name.into(),
        direction,
        pairs,
        dropped: by_block.len() - pairs,
        block_ratios: vec![None; by_block.len()],
        ratio: None,
        interval: None,
        difference: None,
        difference_interval: None,
        p: None,
    }
}

/// Where differences lie, if there are any.
#[derive(Default)]
struct Located {
    middle: Option<f64>,
    interval: Option<Interval>,
    p: Option<f64>,
}

fn locate(by_block: &[Option<f64>]) -> Result<Located, StatsError> {
    let paired: Vec<f64> = by_block.iter().copied().flatten().collect();
    if paired.is_empty() {
        return Ok(Located::default());
    }
    Ok(Located {
        middle: Some(hodges_lehmann(&paired)?),
        interval: pseudo_median_interval(&paired, CONFIDENCE)?,
        p: Some(signed_rank(&paired)?.p),
    })
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
    fn what_is_zero_in_some_block_is_compared_by_difference() {
        let nothing = [Some(0.0); 6];
        let by_difference = |reference: &[_], cell: &[_]| {
            compare_differences("cell", reference, cell, Direction::LowerIsBetter).expect("good values")
        };
        let some = [0.01, 0.02, 0.015, 0.012, 0.018, 0.011].map(Some);
        let more = by_difference(&nothing, &some);
        assert_eq!((more.pairs, more.ratio, more.interval, more.p), (6, None, None, Some(2.0 / 64.0)));
        let interval = more.difference_interval.expect("six pairs are enough");
        assert_eq!((interval.low, interval.high), (0.01, 0.02), "the least and the greatest, of six");
        assert!(more.difference.is_some_and(|middle| (middle - 0.0143).abs() < 0.001) && more.misses_no_difference());

        let same = by_difference(&nothing, &nothing);
        assert_eq!((same.difference, same.p, same.half_width()), (Some(0.0), Some(1.0), Some(0.0)));
        assert!(!same.misses_no_difference());
        // In one block alone: no direction can be told of one.
        let mut once = nothing;
        once[3] = Some(0.3);
        let once = by_difference(&nothing, &once);
        assert_eq!((once.difference, once.p, once.half_width()), (Some(0.0), Some(1.0), None));
        let gap = by_difference(&[Some(0.0), None], &[Some(1.0), Some(2.0)]);
        assert_eq!((gap.pairs, gap.dropped, gap.difference, gap.difference_interval), (1, 1, Some(1.0), None));
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
