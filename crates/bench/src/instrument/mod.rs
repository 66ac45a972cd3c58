//! What watches a trial.
//!
//! An instrument has four verbs: `thread` gives a driver thread its part; `ended` hears of each operation there; `moment`
//! hears of each moment of the timeline, on the thread that leads; `finish` writes what was seen into the trial's record. All
//! parts of a driver thread together are its [`Recorder`]; merged after the run they are [`Recorded`]. Nothing is shared while
//! operations run, and nothing is dispatched at run time.
//!
//! | instrument | what it sees |
//! |---|---|
//! | `times` | service and response times by bucket, hit ratio |
//! | `hops` | where the time went, by bucket |
//! | `arrivals` | arrivals of an open loop, and how late they were sent |
//! | `failures` | failed operations by kind, and what they said; damaged values |
//! | `series` | throughput; the window in intervals, the warm-up in windows |
//! | `counters` | calls to cache and store, loads of one key at a time, waits for lanes, the servers' own figures |
//! | `oracle` | which reads were stale, by how much, for how long and why; what clients saw out of order |
//! | `machine` | the servers' CPU time, and what others did on the machine |

mod answer;
mod arrivals;
mod bucket;
mod counters;
mod cpu;
mod ended;
mod failures;
mod hops;
mod interval;
mod machine;
mod oracle;
mod recorded;
mod recorder;
mod series;
mod times;

pub use answer::Answer;
pub use bucket::Outcome;
pub(crate) use counters::Counters;
pub use ended::{Ended, Issued, Stamped};
pub use interval::IntervalPart;
pub(crate) use interval::{Detail, Telling};
pub(crate) use machine::Machine;
pub use oracle::known::Known;
pub(crate) use oracle::written::{LastKnown, Written};
pub use oracle::{Oracle, OraclePlan, Versions};
pub use recorded::Recorded;
pub use recorder::Recorder;
pub use series::IntervalPort;
pub(crate) use series::SeriesPlan;

use crate::definition::OpenLoopOptions;
use crate::glance::Watch;
use crate::observer::StopFlag;
use crate::sweep_error::SweepError;
use crate::timeline::acting::Step;
use crate::timeline::{Event, Timeline};
use cachemark_results::{Histograms, LogLines, RecordError, Trial};
use series::Series;
use std::io;
use std::sync::mpsc::Sender;

/// What was seen besides what is in the trial's record.
pub(crate) struct Seen {
    pub(crate) histograms: Histograms,
    pub(crate) series: cachemark_results::Series,
    /// Of each interval, of a trial with faults.
    pub(crate) details: Vec<Detail>,
    pub(crate) log_lines: LogLines,
    /// Rows written or deleted after the window.
    pub(crate) late_changes: u64,
}

/// The instruments of one trial.
pub struct Instruments<'a> {
    recorders: Vec<Recorder>,
    series: Series,
    counters: Counters<'a>,
    machine: Machine<'a>,
    /// None where it is left out.
    oracle: Option<Oracle>,
    log: std::path::PathBuf,
    /// Whoever watches.
    watch: Option<Watch>,
    /// Whoever does the faults of the timeline.
    faults: Option<Sender<Step>>,
    /// Whether there are faults on the timeline.
    has_faults: bool,
}

impl<'a> Instruments<'a> {
    /// The lines of the interval log go to `lines` as the intervals end; if they cannot be written, `stop` is asked.
    ///
    /// # Errors
    /// If there can be no further thread.
    pub(crate) fn begin(
        timeline: &Timeline,
        plan: SeriesPlan,
        mut counters: Counters<'a>,
        machine: Machine<'a>,
        oracle: Option<Oracle>,
        lines: LogLines,
        stop: &StopFlag,
    ) -> io::Result<Self> {
        let log = lines.path().to_owned();
        let has_faults = plan.telling.details;
        let watch = plan.watch.clone();
        let (series, ports) = Series::begin(plan, lines, stop)?;
        let recorder = |port| {
            let recorder = Recorder::counting(timeline.window().clone(), port, counters.thread());
            recorder.watched_by(oracle.as_ref())
        };
        let recorders = ports.into_iter().map(recorder).collect();
        Ok(Self { recorders, series, counters, machine, oracle, log, watch, faults: None, has_faults })
    }

    /// A recorder for each driver thread of the load, the first time that it is asked for. An interval is over when every
    /// one of them has recorded a later operation, or has ended.
    pub fn threads(&mut self) -> Vec<Recorder> {
        std::mem::take(&mut self.recorders)
    }

    /// From now on the faults of the timeline are announced to whoever does them; to nobody any more if there is none.
    pub(crate) fn announce_faults(&mut self, to: Option<Sender<Step>>) {
        self.faults = to;
    }

    /// It is the moment at which this happens.
    pub fn moment(&mut self, what: Event) {
        let step = match what {
            Event::FaultBegins(place) => Some(Step::Begin(place)),
            Event::FaultEnds(place) => Some(Step::End(place)),
            Event::WindowEnd => Some(Step::Over),
            Event::WindowStart => None,
        };
        if let (Some(faults), Some(step)) = (&self.faults, step) {
            // It takes no time: what is to be done is done elsewhere. Whoever is gone says so when it is joined.
            let _ = faults.send(step);
        }
        self.counters.moment(what);
        self.machine.moment(what);
        if let Some(watch) = &self.watch {
            watch.moment(what, self.counters.store_operations());
        }
    }

    /// Writes what was seen into `trial`; returns the rest. Waits for every [`Recorder`] to be gone.
    ///
    /// # Errors
    /// If a server does not tell its figures, or the interval log could not be written.
    pub(crate) fn finish(
        self,
        recorded: Recorded,
        open_loop: Option<(OpenLoopOptions, f64)>,
        trial: &mut Trial,
    ) -> Result<Seen, SweepError> {
        drop(self.recorders);
        let (our_rows, sees_calls) = (self.counters.probes().has_our_rows(), self.counters.probes().sees_calls());
        let counters::StoreTimes { operations, late_changes } = self.counters.finish(self.has_faults, trial)?;
        self.machine.finish(trial);
        let Recorded { times, hops, arrivals, failures, series, oracle } = recorded;
        let mut histograms = times.finish(trial);
        if !sees_calls {
            counters::reckon(trial);
        }
        hops.finish(trial, &mut histograms);
        if let Some((options, rate)) = open_loop {
            arrivals.finish(options, rate, trial, &histograms);
        }
        failures.finish(our_rows, trial);
        if let Some(watching) = self.oracle {
            let (freshness, ages) = watching.finish(oracle);
            (trial.freshness, histograms.stale_ages) = (Some(freshness), ages);
        }
        let log = self.log;
        let logged = self.series.finish(series, trial);
        let (mut series, details, log_lines) =
            logged.map_err(|source| RecordError::Io { action: "write", path: log, source })?;
        for (interval, operations) in series.intervals.iter_mut().zip(operations) {
            interval.store_operations = Some(operations);
        }
        Ok(Seen { histograms, series, details, log_lines, late_changes })
    }
}
