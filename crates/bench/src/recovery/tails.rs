//! The tail of each phase as a whole: of the histograms of its windows, which the interval log holds.

use cachemark_results::{Recovery, RecoveryPhase as Phase};
use cachemark_stats::{Histogram, IntervalLogReader};

/// Puts the 99th percentile of each phase into `recovery`. The lines of the `log` are those of the series' intervals, in order.
pub(crate) fn add_tails(recovery: &mut Recovery, log: &[u8], length_ns: u64) {
    let mut phases = [&mut recovery.before, &mut recovery.during, &mut recovery.after];
    let mut times = [const { None::<Histogram> }; 3];
    for (index, logged) in (0_u64..).zip(IntervalLogReader::new(log)) {
        // What we wrote a moment ago reads back; were it damaged, the rest would be too.
        let Ok(logged) = logged else { return };
        let start_ns = index * length_ns;
        let of = |phase: &Phase| phase.start_ns <= start_ns && start_ns < phase.end_ns;
        if let Some(place) = phases.iter().position(|phase| of(phase)) {
            times[place].get_or_insert_with(Histogram::new).merge(&logged.times);
        }
    }
    for (phase, times) in phases.iter_mut().zip(times) {
        phase.p99_ns = times.and_then(|times| times.quantile(0.99));
    }
}
