//! Where a figure of a cell lies, over its blocks.

use crate::analysis::CellFigures;
use cachemark_results::figure::recovery::is_bound;
use cachemark_results::{Figure, Trial};
use cachemark_stats::{CONFIDENCE, Interval, Summary, median_interval};
use std::collections::BTreeMap;

/// The median over blocks, and between which bounds the median lies of what the blocks are drawn from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The median.
    pub median: f64,
    /// Its exact interval, whatever the distribution; none of too few blocks.
    pub interval: Option<Interval>,
    /// How many blocks.
    pub blocks: usize,
    /// From this value on the truth is more: that of times to recover that were not seen to their end. None of other figures, and where all were
    /// seen.
    pub longer_from: Option<f64>,
}

impl Estimate {
    /// Of one value a block; none of nothing, or of what is no number.
    pub(super) fn of(values: &[f64]) -> Option<Self> {
        let summary = Summary::of(values).ok()?;
        let interval = median_interval(values, CONFIDENCE).ok()?;
        Some(Self { median: summary.median, interval, blocks: summary.count, longer_from: None })
    }

    /// The same of a figure of a cell; of times to recover with what is known of those that were not seen.
    pub(super) fn of_figure(figures: &CellFigures<'_>, figure: &Figure) -> Option<Self> {
        let estimate = Self::of_cell(figures, |trial| figure.of(trial))?;
        let times = figures.times(figure).filter(|times| !times.greatest.seen);
        Some(match times {
            Some(times) => {
                let bounds = figures.trials.iter().filter(|trial| is_bound(figure, trial));
                let longer_from = bounds.filter_map(|trial| figure.of(trial)).reduce(f64::min);
                Self { median: times.median.ns, longer_from, ..estimate }
            }
            None => estimate,
        })
    }

    /// Whether the truth is more than a value of it.
    pub(crate) fn is_bound(&self, value: f64) -> bool {
        self.longer_from.is_some_and(|from| value >= from)
    }

    /// Of a cell's valid trials, a block each; none where one of them has no value. If a block was run twice, the later trial
    /// counts.
    pub(super) fn of_cell(figures: &CellFigures<'_>, of: impl Fn(&Trial) -> Option<f64>) -> Option<Self> {
        let by_block: Option<BTreeMap<u32, f64>> =
            figures.trials.iter().map(|trial| Some((trial.block, of(trial)?))).collect();
        Self::of(&by_block?.into_values().collect::<Vec<f64>>())
    }

    /// Whether the interval of another may hold the same value; so it may where one has none.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        match (self.interval, other.interval) {
            (Some(a), Some(b)) => a.low <= b.high && b.low <= a.high,
            _ => true,
        }
    }
}
