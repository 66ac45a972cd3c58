//! How old the stale answers of a cell were, over all of its trials.

use super::CellFigures;
use crate::ReportError;
use cachemark_results::Run;
use cachemark_stats::Histogram;

/// The ages of all valid trials together. One trial alone seldom has the thousand stale reads that a 99th percentile takes.
#[derive(Debug, Clone, Default)]
pub(crate) struct StaleAges {
    /// Ages that are known: percentiles are of these alone.
    pub(crate) sure: Option<Histogram>,
    /// Ages of which only a lower bound is known, as those bounds.
    pub(crate) at_least: Option<Histogram>,
}

impl StaleAges {
    /// Both together, each lower bound as the age that it is; none where there is no age.
    pub(crate) fn with_bounds(self) -> Option<Histogram> {
        let (mut all, at_least) = (self.sure, self.at_least);
        add(&mut all, at_least);
        all
    }
}

/// The ages of a cell; without any where no read was stale.
///
/// # Errors
/// If the histograms of a trial cannot be read.
pub(crate) fn stale_ages(run: &Run, figures: &CellFigures<'_>) -> Result<StaleAges, ReportError> {
    let mut all = StaleAges::default();
    for trial in &figures.trials {
        if trial.freshness.as_ref().is_none_or(|told| told.stale == 0) {
            continue;
        }
        let ages = run.stale_ages(trial)?;
        add(&mut all.sure, ages.sure);
        add(&mut all.at_least, ages.at_least);
    }
    Ok(all)
}

fn add(all: &mut Option<Histogram>, more: Option<Histogram>) {
    match (all.as_mut(), more) {
        (Some(all), Some(more)) => all.merge(&more),
        (None, more) => *all = more,
        (Some(_), None) => {}
    }
}
