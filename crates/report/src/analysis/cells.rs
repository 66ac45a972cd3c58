//! The figures of one cell over its blocks.

use cachemark_results::Figure;
use cachemark_results::{Cell, Run, StoreOperations, Trial};
use cachemark_stats::Summary;

/// A cell and what its trials said.
#[derive(Debug, Clone)]
pub struct CellFigures<'a> {
    /// The cell.
    pub cell: &'a Cell,
    /// Its line in the legend: an index into [`Analysis::variants`](super::Analysis::variants).
    pub variant: usize,
    /// Its finished trials, in the order of their numbers, but for those that are invalid.
    pub trials: Vec<&'a Trial>,
    /// Its invalid trials: no figure of theirs is shown or compared, and their blocks count as missing.
    pub invalid: Vec<&'a Trial>,
    /// How many trials were planned.
    pub planned: usize,
}

impl<'a> CellFigures<'a> {
    pub(super) fn of(run: &'a Run, cell: &'a Cell, variant: usize) -> Self {
        let planned = run.manifest.blocks.iter().filter(|block| block.contains(&cell.id)).count();
        let (trials, invalid) = run.trials_of(&cell.id).partition(|trial| trial.invalid_because().is_none());
        Self { cell, variant, trials, invalid, planned }
    }

    /// Every finished trial, invalid ones included: what happened in them did happen.
    pub fn finished(&self) -> impl Iterator<Item = &'a Trial> + Clone {
        self.trials.iter().chain(&self.invalid).copied()
    }

    /// The summary over blocks of a figure's per-trial figures; none where no trial has the figure. A percentile's median
    /// is the median of the trials' percentiles: percentiles are not averaged.
    #[must_use]
    pub fn summary(&self, figure: &Figure) -> Option<Summary> {
        self.summary_of(|trial| figure.of(trial))
    }

    /// The median over blocks of a figure.
    #[must_use]
    pub fn median(&self, figure: &Figure) -> Option<f64> {
        self.summary(figure).map(|summary| summary.median)
    }

    /// What theory gives of a figure: the median of the trials' own, whose operations overlapped as they did; where they have
    /// none, the cell's, of operations that come one at a time. None of a figure that there is no theory of.
    #[must_use]
    pub fn predicted(&self, figure: &Figure) -> Option<f64> {
        let prediction = figure.prediction()?;
        let of_trials = self.summary_of(prediction.of_trial);
        of_trials.map(|summary| summary.median).or_else(|| (prediction.of_cell)(self.cell))
    }

    /// The same of any figure of a trial.
    #[must_use]
    pub fn summary_of(&self, of: impl Fn(&Trial) -> Option<f64>) -> Option<Summary> {
        let values: Vec<f64> = self.trials.iter().filter_map(|trial| of(trial)).filter(|v| v.is_finite()).collect();
        Summary::of(&values).ok()
    }

    /// One value for each block, for pairing. If a block was run twice, the later trial counts.
    #[must_use]
    pub fn by_block(&self, figure: &Figure, blocks: usize) -> Vec<Option<f64>> {
        self.by_block_of(blocks, |trial| figure.of(trial))
    }

    /// The same of whatever a trial has.
    #[must_use]
    pub fn by_block_of<T: Clone>(&self, blocks: usize, of: impl Fn(&Trial) -> Option<T>) -> Vec<Option<T>> {
        let mut values = vec![None; blocks];
        for trial in &self.trials {
            if let Some(place) = values.get_mut(trial.block as usize) {
                *place = of(trial);
            }
        }
        values
    }

    /// The medians of the store's reads, of its writes and deletes, and of its failed calls, for each operation asked; none
    /// where a store load was reckoned and its parts were not counted, as over HTTP.
    #[must_use]
    pub fn store_parts(&self) -> Option<[f64; 3]> {
        if self.trials.iter().all(|trial| trial.store.operations() == 0 && trial.store_load > 0.0) {
            return None;
        }
        let part = |of: fn(&StoreOperations) -> u64| {
            self.summary_of(|trial| {
                let all = trial.store.operations();
                Some(if all == 0 { 0.0 } else { trial.store_load * of(&trial.store) as f64 / all as f64 })
            })
        };
        Some([
            part(|store| store.reads)?.median,
            part(|store| store.writes + store.deletes)?.median,
            part(|store| store.errors)?.median,
        ])
    }
}
