//! What one driver thread records: its part of every instrument.

use super::answer::Answer;
use super::arrivals::Arrivals;
use super::counters::ThreadCount;
use super::cpu::CpuShare;
use super::ended::{Ended, Issued, Stamped};
use super::failures::Failures;
use super::hops::Hops;
use super::oracle::known::Known;
use super::oracle::{self, Oracle};
use super::recorded::Recorded;
use super::series::{IntervalPort, OfThread};
use super::times::Times;
use crate::timeline::Window;
use cachemark_core::{HopTimes, Key, OpError, Stamp, Value};
use cachemark_workload::OperationKind;
use std::sync::Arc;

/// A recorder: one for each driver thread, so that nothing is shared while operations run. Memory is fixed once every
/// bucket that occurs has occurred: its counts are allocated on its first use.
#[derive(Debug)]
pub struct Recorder {
    window: Arc<Window>,
    counted: ThreadCount,
    series: OfThread,
    times: Times,
    hops: Hops,
    arrivals: Arrivals,
    failures: Failures,
    oracle: Option<oracle::OfThread>,
    cpu: CpuShare,
}

impl Recorder {
    /// A recorder for operations issued in `window`: in an open loop, for those whose intended start lies in it.
    #[must_use]
    pub fn new(window: Arc<Window>, port: IntervalPort) -> Self {
        Self::counting(window, port, ThreadCount::default())
    }

    /// The same, that others see count.
    pub(super) fn counting(window: Arc<Window>, port: IntervalPort, counted: ThreadCount) -> Self {
        Self {
            window,
            counted,
            series: OfThread::new(port),
            times: Times::thread(),
            hops: Hops::thread(),
            arrivals: Arrivals::thread(),
            failures: Failures::thread(),
            oracle: None,
            cpu: CpuShare::default(),
        }
    }

    /// The same, watched by `oracle` if there is one.
    #[must_use]
    pub fn watched_by(self, oracle: Option<&Oracle>) -> Self {
        Self { oracle: oracle.map(Oracle::thread), ..self }
    }

    /// From now on the operations of the warm-up make windows of `a_window` operations (above 0) each, which show whether it
    /// comes to rest.
    pub(crate) fn watch_warm_up(&mut self, a_window: u64) {
        self.series.watch_warm_up(a_window);
    }

    /// The end of what is watched: hands over windows until there are `windows`, so that every thread hands over as many.
    /// What is left of the last is no window.
    pub(crate) fn unwatch_warm_up(&mut self, windows: u64) {
        self.series.unwatch_warm_up(windows);
    }

    /// Looks at what is known of a key, just before an operation on it is sent: whatever it is answered with is judged by that.
    /// Every operation is asked for, that of a warm-up too.
    #[must_use]
    #[inline]
    pub fn ask(&mut self, operation: OperationKind, key: u64) -> Known {
        self.oracle.as_mut().map_or_else(Known::default, |oracle| oracle.known(operation, key))
    }

    /// Counts an operation that is about to be issued at `at_ns`; returns whether it belongs to the window. That is settled
    /// here, once: the window may become known while the operation runs.
    #[inline]
    pub fn issue(&mut self, at_ns: u64) -> bool {
        let measured = self.window.contains(at_ns);
        self.count_issued(measured);
        measured
    }

    /// Counts an operation that is about to be issued before the window is thought of.
    pub(crate) fn issue_unmeasured(&mut self) {
        self.count_issued(false);
    }

    /// Counts an arrival; returns whether it belongs to the window, which everything that becomes of it goes by.
    pub(crate) fn arrive(&mut self, intended_ns: u64) -> bool {
        let measured = self.window.contains(intended_ns);
        self.arrivals.offered += u64::from(measured);
        measured
    }

    /// Counts an arrival that is issued `lag_ns` after its time; `held_up` says whether it waited for one in flight to end.
    /// Of one that did not, the lag is the client's own.
    pub(crate) fn issue_arrival(&mut self, measured: bool, lag_ns: u64, held_up: bool) {
        self.count_issued(measured);
        if measured {
            self.arrivals.issued(lag_ns, held_up);
        }
    }

    /// Counts an arrival that waited for a session.
    pub(crate) fn late(&mut self, measured: bool) {
        self.arrivals.late += u64::from(measured);
    }

    /// Counts an arrival that was turned away, for no session was free.
    pub(crate) fn shed(&mut self, measured: bool) {
        self.arrivals.shed += u64::from(measured);
    }

    /// Counts an arrival that still waited at the end.
    pub(crate) fn unsent(&mut self, measured: bool) {
        self.arrivals.unsent += u64::from(measured);
    }

    #[inline]
    fn count_issued(&mut self, measured: bool) {
        self.times.issued(measured);
        if measured {
            self.cpu.begin();
        }
    }

    /// Records the end of an operation on the key called `name`: what it was answered with, and the value or the error that it
    /// found. `hops` is what its hops took, where they are timed.
    // Always: its arguments are 200 bytes in memory else, for most of which their caller has no use but this call.
    #[inline(always)]
    pub fn end(
        &mut self,
        issued: Issued,
        name: &Key,
        answer: Answer,
        found: &Result<Option<Value>, OpError>,
        ended_ns: u64,
        hops: Option<HopTimes>,
    ) {
        let stamped = self.found(name, found);
        self.record(Ended { hops, ..issued.ended(answer, stamped, ended_ns) });
    }

    #[inline]
    fn record(&mut self, ended: Ended) {
        self.counted.ended();
        let oracle = &self.oracle;
        self.series.ended(&self.window, &ended, || oracle.as_ref().map(oracle::OfThread::judged).unwrap_or_default());
        if let Some(oracle) = &mut self.oracle {
            // It is lent a copy. What a call is lent stands in memory, all of it; without an oracle nothing has to.
            let lent = ended;
            oracle.ended(&lent);
        }
        if !ended.measured {
            return;
        }
        self.times.ended(&ended);
        self.hops.ended(&ended);
        self.failures.ended(&ended);
    }

    /// Nothing more is issued: what is in flight is waited for.
    pub(crate) fn window_over(&mut self) {
        self.cpu.end();
    }

    /// The thread's share of a processor from the first operation issued in the window to its end; none if there was none.
    pub(crate) fn cpu_share(&self) -> Option<f64> {
        self.cpu.share()
    }

    /// Looks at what was found: the stamp of a value, which it returns, or what the failure said, if it is the first of its kind.
    #[inline]
    fn found(&mut self, key: &Key, found: &Result<Option<Value>, OpError>) -> Stamped {
        match found {
            Ok(None) => None,
            Ok(Some(value)) => {
                let stamped = Stamp::check(value, key);
                self.failures.value(stamped.err());
                Some(stamped)
            }
            Err(error) => {
                self.failures.reason(error.kind(), || error.to_string());
                None
            }
        }
    }

    /// Ends the recording: hands over the whole intervals of the window that are left.
    #[must_use]
    pub fn finish(self) -> Recorded {
        let Self { window, series, times, hops, arrivals, failures, oracle, .. } = self;
        let judged = oracle.as_ref().map(oracle::OfThread::judged).unwrap_or_default();
        let oracle = oracle.map(oracle::OfThread::finish).unwrap_or_default();
        Recorded { series: series.finish(&window, judged), times, hops, arrivals, failures, oracle }
    }

    /// Ends a recording that was cut short. The intervals that nobody drove any more are not handed over: of a long window
    /// they would be hundreds of thousands, and more than memory holds.
    #[must_use]
    pub fn give_up(self) -> Recorded {
        let Self { series, times, hops, arrivals, failures, oracle, .. } = self;
        let oracle = oracle.map(oracle::OfThread::finish).unwrap_or_default();
        Recorded { series: series.give_up(), times, hops, arrivals, failures, oracle }
    }
}

#[cfg(test)]
mod tests {
    use super::super::bucket::Outcome;
    use super::super::interval::{IntervalPart, Stage};
    use super::*;
    use cachemark_core::{ErrorKind, HopTimes, Source};
    use cachemark_results::{TimeSummary, Trial};
    use std::collections::BTreeMap;
    use std::sync::mpsc::{self, Receiver};

    fn recorder() -> (Recorder, Receiver<IntervalPart>) {
        let (parts, received) = mpsc::channel();
        let (_, spare) = mpsc::channel();
        let port = IntervalPort { parts, spare, interval_ns: 250 };
        (Recorder::new(Arc::new(Window::at(1000..2000)), port), received)
    }

    /// As the record has it, but for what only a collector and a target can say.
    fn trial(recorded: Recorded) -> Trial {
        let mut trial = Trial::default();
        let Recorded { times, hops, failures, .. } = recorded;
        let mut histograms = times.finish(&mut trial);
        hops.finish(&mut trial, &mut histograms);
        failures.finish(true, &mut trial);
        trial
    }

    fn ended(started_ns: u64, ended_ns: u64) -> Ended {
        let (operation, known) = (OperationKind::Read, Known::default());
        let issued = Issued { operation, key: 0, session: 0, known, intended_ns: None, started_ns, measured: true };
        let answer = Answer { source: Some(Source::Hit), outcome: Outcome::Ok, version: None, cache: None };
        issued.ended(answer, None, ended_ns)
    }

    #[test]
    fn an_operation_counts_where_it_was_issued_and_throughput_where_it_ended() {
        let (mut recorder, parts) = recorder();
        recorder.watch_warm_up(1);
        for (start, end) in [(900, 950), (990, 1010), (1500, 1600), (1990, 2500)] {
            let measured = recorder.issue(start);
            recorder.record(Ended { measured, ..ended(start, end) });
        }
        let recorded = recorder.finish();
        assert_eq!(recorded.series.answered, 2);
        let trial = trial(recorded);
        assert_eq!((trial.totals.issued, trial.totals.ok, trial.issued_whole), (2, 2, 4));
        let series: Vec<_> = parts.iter().map(|part| (part.stage, part.index, part.operations)).collect();
        let window = |index, operations| (Stage::Window, index, operations);
        assert_eq!(series, [window(0, 1), window(1, 0), window(2, 1), window(3, 0)]);
    }

    #[test]
    fn windows_of_the_warm_up_are_of_operations_and_only_of_those_watched() {
        let (parts, received) = mpsc::channel();
        let (_, spare) = mpsc::channel();
        let port = IntervalPort { parts, spare, interval_ns: 250 };
        let mut recorder = Recorder::new(Arc::new(Window::at(1000..2000)), port);
        let end = |recorder: &mut Recorder| recorder.record(Ended { measured: false, ..ended(1, 2) });
        end(&mut recorder);
        recorder.watch_warm_up(2);
        (0..5).for_each(|_| end(&mut recorder));
        recorder.unwatch_warm_up(4);
        end(&mut recorder);
        let _ = recorder.finish();
        let parts: Vec<_> = received.iter().collect();
        let of = |stage| {
            let parts = parts.iter().filter(move |part| part.stage == stage);
            parts.map(|part| (part.index, part.operations)).collect::<Vec<_>>()
        };
        assert_eq!(of(Stage::WarmUp), [(0, 2), (1, 2), (2, 1), (3, 0)]);
        assert_eq!(of(Stage::Window), (0..4).map(|index| (index, 0)).collect::<Vec<_>>());
    }

    #[test]
    fn a_recording_that_is_given_up_hands_no_more_over() {
        let (mut recorder, parts) = recorder();
        recorder.issue(1010);
        recorder.record(ended(1010, 1020));
        assert_eq!(trial(recorder.give_up()).totals.issued, 1);
        assert_eq!(parts.iter().count(), 0);
    }

    #[test]
    fn failures_are_counted_by_kind_and_bucket() {
        let (mut recorder, _parts) = recorder();
        let outcome = Outcome::Unknown(ErrorKind::Timeout);
        recorder.issue(1100);
        recorder.record(Ended { source: None, outcome, ..ended(1100, 1200) });
        let trial = trial(recorder.finish());
        assert_eq!(trial.errors, BTreeMap::from([("timeout".to_owned(), 1)]));
        let [bucket] = &trial.buckets[..] else { panic!("{:?}", trial.buckets) };
        let names = (bucket.operation.as_str(), bucket.source.as_str(), bucket.result.as_str());
        assert_eq!((names, bucket.count), (("read", "none", "unknown"), 1));
    }

    #[test]
    fn hops_are_recorded_of_the_operations_that_made_them_and_merged() {
        let record = |hops: &[Option<HopTimes>]| {
            let (mut recorder, _parts) = recorder();
            for &hops in hops {
                recorder.issue(1100);
                recorder.record(Ended { hops, ..ended(1100, 1400) });
            }
            recorder.finish()
        };
        let of = |cache_ns, store_ns| Some(HopTimes { queue_ns: None, cache_ns, store_ns });
        let mut merged = record(&[of(Some(100), None), of(Some(200), Some(50))]);
        merged.merge(record(&[of(Some(90), Some(60))]));
        let hops = trial(merged).buckets[0].hops.unwrap();
        let count = |summary: Option<TimeSummary>| summary.map(|summary| (summary.count, summary.max_ns));
        assert_eq!((count(hops.queue), count(hops.cache), count(hops.store)), (None, Some((3, 200)), Some((2, 60))));

        assert_eq!(trial(record(&[None])).buckets[0].hops, None);
    }

    #[test]
    fn in_an_open_loop_the_intended_start_decides_and_response_time_counts_from_it() {
        let (mut recorder, _parts) = recorder();
        // Intended in the warm-up, sent in the window; and intended in the window, sent after it.
        for (intended, start, end) in [(990, 1500, 1600), (1400, 2100, 2400)] {
            let measured = recorder.arrive(intended);
            recorder.issue_arrival(measured, start - intended, start == 2100);
            recorder.record(Ended { intended_ns: Some(intended), measured, ..ended(start, end) });
        }
        let recorded = recorder.finish();
        assert_eq!(recorded.arrivals.offered, 1);
        assert_eq!(recorded.arrivals.schedule_lag.as_ref().unwrap().histogram().max(), Some(700));
        assert!(recorded.arrivals.client_lag.is_none(), "it was held up");
        let trial = trial(recorded);
        assert_eq!((trial.totals.issued, trial.issued_whole), (1, 2));
        let max = |time: Option<TimeSummary>| time.map(|time| time.max_ns);
        let bucket = &trial.buckets[0];
        assert_eq!((max(bucket.service_time), max(bucket.response_time)), (Some(300), Some(1000)));
    }

    #[test]
    fn what_was_issued_before_the_window_was_known_stays_outside() {
        let (parts, _received) = mpsc::channel();
        let (_, spare) = mpsc::channel();
        let port = IntervalPort { parts, spare, interval_ns: 250 };
        let window = Arc::new(Window::default());
        let mut recorder = Recorder::new(Arc::clone(&window), port);
        // Announced a moment too late: these were in it, and nobody knew.
        let measured = recorder.issue(1100);
        let arrived = recorder.arrive(1100);
        window.set(1000..2000);
        recorder.record(Ended { measured, ..ended(1100, 1200) });
        recorder.unsent(arrived);
        let recorded = recorder.finish();
        assert_eq!((recorded.arrivals.offered, recorded.arrivals.unsent), (0, 0));
        let trial = trial(recorded);
        assert_eq!((trial.totals.issued, trial.buckets), (0, Vec::new()));
    }
}
