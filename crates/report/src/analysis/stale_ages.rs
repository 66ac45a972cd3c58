//! How old the stale answers of a cell were, over all of its trials.

use super::CellFigures;
use crate::ReportError;
use cachemark_results::Run;
use cachemark_stats::Histogram;

/// The ages of all valid trials together, lower bounds among them; none where no read was stale. One trial alone seldom has
/// the thousand stale reads that a 99th percentile takes.
///
/// # Errors
/// If the histograms of a trial cannot be read.
pub(crate) fn stale_ages(run: &Run, figures: &CellFigures<'_>) -> Result<Option<Histogram>, ReportError> {
    let mut all = None::<Histogram>;
    for trial in &figures.trials {
        if trial.freshness.as_ref().is_none_or(|told| told.stale == 0) {
            continue;
        }
        let ages = run.histograms(trial)?.stale_ages.and_then(|ages| ages.merged());
        match (all.as_mut(), ages) {
            (Some(all), Some(ages)) => all.merge(&ages),
            (None, ages) => all = ages,
            (Some(_), None) => {}
        }
    }
    Ok(all)
}
