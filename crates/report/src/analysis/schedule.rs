//! Whether an open loop's schedule was kept.

use super::CellFigures;
use cachemark_results::{OpenLoop, TimeSummary, Trial};
use cachemark_stats::Summary;

/// The arrivals of a cell over its trials.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    /// Arrivals, of all trials together.
    pub offered: u64,
    /// Those issued that had to wait for one in flight to end.
    pub late: u64,
    /// Those not sent because as many as may be were in flight.
    pub shed: u64,
    /// Those that still waited when the trial could wait no longer.
    pub unsent: u64,
    /// The trials' medians of the schedule lag, in nanoseconds.
    pub lag_p50: Option<Summary>,
    /// The trials' 99th percentiles of it.
    pub lag_p99: Option<Summary>,
    /// The greatest schedule lag of all trials, in nanoseconds.
    pub lag_max_ns: Option<u64>,
    /// How many trials were overloaded.
    pub overloaded: usize,
}

impl CellFigures<'_> {
    /// What became of the arrivals of the trials that the cell's figures are of; none in a closed loop, or without trials.
    #[must_use]
    pub fn schedule(&self) -> Option<Schedule> {
        Schedule::of(self.trials.iter().copied())
    }

    /// The same of every finished trial: an invalid one is often so because its schedule was not kept.
    #[must_use]
    pub fn whole_schedule(&self) -> Option<Schedule> {
        Schedule::of(self.finished())
    }

    /// Whether a trial of the cell was overloaded.
    #[must_use]
    pub fn was_overloaded(&self) -> bool {
        self.schedule().is_some_and(|schedule| schedule.overloaded > 0)
    }
}

impl Schedule {
    fn of<'a>(trials: impl Iterator<Item = &'a Trial>) -> Option<Self> {
        let loops: Vec<&OpenLoop> = trials.filter_map(|trial| trial.open_loop.as_ref()).collect();
        let sum = |of: fn(&OpenLoop) -> u64| loops.iter().map(|open| of(open)).sum();
        let lag = |of: fn(TimeSummary) -> Option<u64>| {
            let lags: Vec<f64> = loops.iter().filter_map(|open| Some(of(open.schedule_lag?)? as f64)).collect();
            Summary::of(&lags).ok()
        };
        (!loops.is_empty()).then(|| Self {
            offered: sum(|open| open.offered),
            late: sum(|open| open.late),
            shed: sum(|open| open.shed),
            unsent: sum(|open| open.unsent),
            lag_p50: lag(|lag| lag.p50_ns),
            lag_p99: lag(|lag| lag.p99_ns),
            lag_max_ns: loops.iter().filter_map(|open| Some(open.schedule_lag?.max_ns)).max(),
            overloaded: loops.iter().filter(|open| open.is_overloaded()).count(),
        })
    }
}
