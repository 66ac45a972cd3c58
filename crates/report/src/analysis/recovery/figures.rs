//! What recoveries are compared by.

use cachemark_results::figure::{Figure, Measure, Needs, Shown};
use cachemark_results::{Recovery, Trial};
use cachemark_stats::Direction;

/// How much of its work it still does.
pub(crate) const KEPT: &Figure = &Figure {
    name: "recovery.goodput_kept",
    title: "goodput kept",
    meaning: "Answered operations per second while a fault was in place, of those before; of a fault of a moment in the worst window after it",
    unit: Measure::Ratio,
    better: Direction::HigherIsBetter,
    needs: Needs::Nothing,
    read: kept,
    over_time: None,
    share_of: None,
    shown: Shown::OnRequest,
};

fn kept(trial: &Trial) -> Option<f64> {
    during(trial).or_else(|| worst(trial.recovery.as_ref()?))
}

/// A goodput as a share of that before; none where nothing was answered before.
fn of_before(recovery: &Recovery, goodput: f64) -> Option<f64> {
    let before = recovery.before.goodput_ops_per_s;
    (before > 0.0).then(|| goodput / before)
}

/// While a fault was in place; none of faults of a moment: the window in which one was done says little of what it did.
pub(super) fn during(trial: &Trial) -> Option<f64> {
    let recovery = trial.recovery.as_ref()?;
    let lasts = trial.faults.iter().any(|fault| fault.until_ns > fault.at_ns);
    let phase = &recovery.during;
    (lasts && phase.end_ns > phase.start_ns).then(|| of_before(recovery, phase.goodput_ops_per_s))?
}

/// Once the last was over; none where the window ended with it.
pub(super) fn after(recovery: &Recovery) -> Option<f64> {
    let phase = &recovery.after;
    (phase.end_ns > phase.start_ns).then(|| of_before(recovery, phase.goodput_ops_per_s))?
}

/// In the worst window.
pub(super) fn worst(recovery: &Recovery) -> Option<f64> {
    of_before(recovery, recovery.worst?.goodput_ops_per_s)
}

/// The store's greatest rate from the first fault on, in operations per second.
pub(super) fn store_peak_rate(recovery: &Recovery) -> Option<f64> {
    let peaks = [recovery.during.store_peak_ops_per_s, recovery.after.store_peak_ops_per_s];
    peaks.into_iter().flatten().reduce(f64::max)
}

/// The same as a multiple of its rate before; none of a store that was idle before.
pub(super) fn store_peak(recovery: &Recovery) -> Option<f64> {
    let (peak, before) = (store_peak_rate(recovery)?, recovery.before.store_ops_per_s?);
    (before > 0.0).then(|| peak / before)
}
