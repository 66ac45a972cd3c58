//! Where a figure of a cell lies, over its blocks.

use crate::analysis::CellFigures;
use cachemark_results::Trial;
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
}

impl Estimate {
    /// Of one value a block; none of nothing, or of what is no number.
    pub(super) fn of(values: &[f64]) -> Option<Self> {
        let summary = Summary::of(values).ok()?;
        let interval = median_interval(values, CONFIDENCE).ok()?;
        Some(Self { median: summary.median, interval, blocks: summary.count })
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
