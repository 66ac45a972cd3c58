//! What one driver thread records.

use super::bucket::BucketKey;
use super::cpu::CpuShare;
use super::ended::Ended;
use super::interval::{Part, Stage};
use super::recorded::{Recorded, Times};
use super::window::Window;
use cachemark_core::{ErrorKind, Source};
use cachemark_stats::Histogram;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender};

/// Where the intervals go, and where used histograms come from.
#[derive(Debug)]
pub struct IntervalPort {
    /// Takes what ended in each interval.
    pub parts: Sender<Part>,
    /// Empty histograms to be used again.
    pub spare: Receiver<Histogram>,
    /// How many operations make a window of the warm-up on this thread, above 0.
    pub warm_up_operations: u64,
    /// The length of an interval of the window, in nanoseconds, above 0.
    pub interval_ns: u64,
}

/// A recorder: one for each driver thread, so that nothing is shared while operations run. Memory is fixed once every
/// bucket that occurs has occurred: a histogram is made on its bucket's first use.
#[derive(Debug)]
pub struct Recorder {
    window: Arc<Window>,
    recorded: Recorded,
    port: IntervalPort,
    part: Part,
    cpu: CpuShare,
    /// Operations of the warm-up that have ended while it was watched; none where it is not watched.
    watched: Option<u64>,
    /// Operations that have ended, for others to look at.
    ended: Arc<AtomicU64>,
}

impl Recorder {
    /// A recorder for operations issued in `window`: in an open loop, for those whose intended start lies in it.
    #[must_use]
    pub fn new(window: Arc<Window>, port: IntervalPort) -> Self {
        let mut buckets = Vec::new();
        buckets.resize_with(BucketKey::COUNT, || None);
        let part = Part::new(Stage::WarmUp, 0, Histogram::new());
        let recorded = Recorded { buckets, ..Recorded::default() };
        Self { window, recorded, port, part, cpu: CpuShare::default(), watched: None, ended: Arc::default() }
    }

    /// How many operations have ended so far, whenever it is looked at.
    #[must_use]
    pub fn ended(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.ended)
    }

    /// From now on the operations of the warm-up make windows, which show whether it comes to rest.
    pub(crate) fn watch_warm_up(&mut self) {
        self.watched.get_or_insert(0);
    }

    /// The end of what is watched: hands over windows until there are `windows`, so that every thread hands over as many.
    /// What is left of the last is no window.
    pub(crate) fn unwatch_warm_up(&mut self, windows: u64) {
        self.watched = None;
        self.turn_to(Stage::WarmUp, windows);
    }

    /// Counts an operation that is about to be issued at `at_ns`; returns whether it belongs to the window. That is settled
    /// here, once: the window may become known while the operation runs.
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
        self.recorded.arrivals.offered += u64::from(measured);
        measured
    }

    /// Counts an arrival that is issued `lag_ns` after its time; `held_up` says whether it waited for one in flight to end.
    /// Of one that did not, the lag is the client's own.
    pub(crate) fn issue_arrival(&mut self, measured: bool, lag_ns: u64, held_up: bool) {
        self.count_issued(measured);
        if measured {
            self.recorded.schedule_lag.get_or_insert_with(Histogram::new).record(lag_ns);
            if !held_up {
                self.recorded.client_lag.get_or_insert_with(Histogram::new).record(lag_ns);
            }
        }
    }

    /// Counts an arrival that waited for a session.
    pub(crate) fn late(&mut self, measured: bool) {
        self.recorded.arrivals.late += u64::from(measured);
    }

    /// Counts an arrival that was turned away, for no session was free.
    pub(crate) fn shed(&mut self, measured: bool) {
        self.recorded.arrivals.shed += u64::from(measured);
    }

    /// Counts an arrival that still waited at the end.
    pub(crate) fn unsent(&mut self, measured: bool) {
        self.recorded.arrivals.unsent += u64::from(measured);
    }

    fn count_issued(&mut self, measured: bool) {
        self.recorded.issued_whole += 1;
        self.recorded.issued += u64::from(measured);
        if measured {
            self.cpu.begin();
        }
    }

    /// Records an operation that has ended.
    pub fn end(&mut self, ended: Ended) {
        self.ended.fetch_add(1, Ordering::Relaxed);
        self.end_in_interval(&ended);
        if !ended.measured {
            return;
        }
        let key = BucketKey::new(ended.operation, ended.source, ended.outcome);
        self.recorded.buckets[key.index()].get_or_insert_with(|| Times::of(&ended)).record(&ended);
        if let Some(kind) = ended.outcome.error_kind() {
            *self.recorded.errors.entry(kind).or_default() += 1;
        }
    }

    fn end_in_interval(&mut self, ended: &Ended) {
        let ended_ns = ended.ended_ns;
        if self.window.contains(ended_ns) {
            self.turn_to(Stage::Window, (ended_ns - self.window.start()) / self.port.interval_ns);
            self.recorded.answered_in_window += u64::from(ended.outcome.is_answered());
        } else if let Some(before) = self.watched.filter(|_| ended_ns < self.window.start()) {
            self.turn_to(Stage::WarmUp, before / self.port.warm_up_operations);
            self.watched = Some(before + 1);
        } else {
            return;
        }
        self.part.operations += 1;
        if ended.outcome.is_answered() {
            self.part.times.record(ended.response_ns());
        } else {
            self.part.failures += 1;
        }
        match ended.source {
            Some(Source::Hit | Source::StaleServed) => self.part.hits += 1,
            Some(Source::MissLed | Source::MissJoined | Source::CacheFailed) => self.part.misses += 1,
            Some(Source::Bypass) | None => {}
        }
    }

    /// Nothing more is issued: what is in flight is waited for.
    pub(crate) fn window_over(&mut self) {
        self.cpu.end();
    }

    /// The thread's share of a processor from the first operation issued in the window to its end; none if there was none.
    pub(crate) fn cpu_share(&self) -> Option<f64> {
        self.cpu.share()
    }

    /// Keeps what a failed operation said, if it is the first of its kind.
    pub(crate) fn reason(&mut self, kind: ErrorKind, said: impl FnOnce() -> String) {
        self.recorded.reasons.entry(kind).or_insert_with(said);
    }

    /// Counts a value whose stamp did not fit.
    pub fn bad_stamp(&mut self) {
        self.recorded.bad_stamps += 1;
    }

    /// Hands over parts until the one under way is the one asked for. A window of the warm-up that was under way when its
    /// stage ended is dropped: it is not whole.
    fn turn_to(&mut self, stage: Stage, index: u64) {
        if self.part.stage != stage {
            self.part = Part::new(stage, 0, self.port.spare.try_recv().unwrap_or_default());
        }
        while self.part.index < index {
            self.hand_over(stage, self.part.index + 1);
        }
    }

    fn hand_over(&mut self, stage: Stage, index: u64) {
        let times = self.port.spare.try_recv().unwrap_or_default();
        let next = Part::new(stage, index, times);
        // Without a collector there is no series; the rest of the record is whole.
        let _ = self.port.parts.send(std::mem::replace(&mut self.part, next));
    }

    /// Ends the recording: hands over the whole intervals of the window that are left.
    #[must_use]
    pub fn finish(mut self) -> Recorded {
        let whole = self.window.end().saturating_sub(self.window.start()) / self.port.interval_ns;
        if whole > 0 {
            self.turn_to(Stage::Window, whole);
        }
        self.recorded
    }

    /// Ends a recording that was cut short. The intervals that nobody drove any more are not handed over: of a long window
    /// they would be hundreds of thousands, and more than memory holds.
    #[must_use]
    pub fn give_up(self) -> Recorded {
        self.recorded
    }
}

#[cfg(test)]
mod tests {
    use super::super::bucket::Outcome;
    use super::*;
    use cachemark_core::HopTimes;
    use cachemark_results::TimeSummary;
    use cachemark_workload::OperationKind;
    use std::collections::BTreeMap;
    use std::sync::mpsc;

    fn recorder() -> (Recorder, Receiver<Part>) {
        let (parts, received) = mpsc::channel();
        let (_, spare) = mpsc::channel();
        let port = IntervalPort { parts, spare, warm_up_operations: 1, interval_ns: 250 };
        (Recorder::new(Arc::new(Window::at(1000..2000)), port), received)
    }

    fn ended(started_ns: u64, ended_ns: u64) -> Ended {
        let (source, outcome) = (Some(Source::Hit), Outcome::Ok);
        let operation = OperationKind::Read;
        Ended { operation, source, outcome, intended_ns: None, started_ns, ended_ns, measured: true, hops: None }
    }

    #[test]
    fn an_operation_counts_where_it_was_issued_and_throughput_where_it_ended() {
        let (mut recorder, parts) = recorder();
        recorder.watch_warm_up();
        for (start, end) in [(900, 950), (990, 1010), (1500, 1600), (1990, 2500)] {
            let measured = recorder.issue(start);
            recorder.end(Ended { measured, ..ended(start, end) });
        }
        let recorded = recorder.finish();
        assert_eq!((recorded.issued, recorded.issued_whole), (2, 4));
        assert_eq!(recorded.answered_in_window, 2);
        let counted: u64 = recorded.buckets.iter().flatten().map(|times| times.service.count()).sum();
        assert_eq!(counted, recorded.issued);
        let series: Vec<_> = parts.iter().map(|part| (part.stage, part.index, part.operations)).collect();
        let window = |index, operations| (Stage::Window, index, operations);
        assert_eq!(series, [window(0, 1), window(1, 0), window(2, 1), window(3, 0)]);
    }

    #[test]
    fn windows_of_the_warm_up_are_of_operations_and_only_of_those_watched() {
        let (parts, received) = mpsc::channel();
        let (_, spare) = mpsc::channel();
        let port = IntervalPort { parts, spare, warm_up_operations: 2, interval_ns: 250 };
        let mut recorder = Recorder::new(Arc::new(Window::at(1000..2000)), port);
        let end = |recorder: &mut Recorder| recorder.end(Ended { measured: false, ..ended(1, 2) });
        end(&mut recorder);
        recorder.watch_warm_up();
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
        recorder.end(ended(1010, 1020));
        assert_eq!(recorder.give_up().issued, 1);
        assert_eq!(parts.iter().count(), 0);
    }

    #[test]
    fn failures_are_counted_by_kind_and_bucket() {
        let (mut recorder, _parts) = recorder();
        let outcome = Outcome::Unknown(ErrorKind::Timeout);
        recorder.issue(1100);
        recorder.end(Ended { source: None, outcome, ..ended(1100, 1200) });
        let recorded = recorder.finish();
        assert_eq!(recorded.errors, BTreeMap::from([(ErrorKind::Timeout, 1)]));
        let key = BucketKey::new(OperationKind::Read, None, outcome);
        assert_eq!(recorded.buckets[key.index()].as_ref().map(|times| times.service.count()), Some(1));
    }

    #[test]
    fn hops_are_recorded_of_the_operations_that_made_them_and_merged() {
        let record = |hops: &[Option<HopTimes>]| {
            let (mut recorder, _parts) = recorder();
            for &hops in hops {
                recorder.issue(1100);
                recorder.end(Ended { hops, ..ended(1100, 1400) });
            }
            recorder.finish()
        };
        let of = |cache_ns, store_ns| Some(HopTimes { queue_ns: None, cache_ns, store_ns });
        let mut merged = record(&[of(Some(100), None), of(Some(200), Some(50))]);
        merged.merge(record(&[of(Some(90), Some(60))]));
        let hops = merged.buckets.iter().flatten().next().unwrap().hops.clone().unwrap().summed_up();
        let count = |summary: Option<TimeSummary>| summary.map(|summary| (summary.count, summary.max_ns));
        assert_eq!((count(hops.queue), count(hops.cache), count(hops.store)), (None, Some((3, 200)), Some((2, 60))));

        let untimed = record(&[None]);
        assert_eq!(untimed.buckets.iter().flatten().next().unwrap().hops, None);
    }

    #[test]
    fn in_an_open_loop_the_intended_start_decides_and_response_time_counts_from_it() {
        let (mut recorder, _parts) = recorder();
        // Intended in the warm-up, sent in the window; and intended in the window, sent after it.
        for (intended, start, end) in [(990, 1500, 1600), (1400, 2100, 2400)] {
            let measured = recorder.arrive(intended);
            recorder.issue_arrival(measured, start - intended, start == 2100);
            recorder.end(Ended { intended_ns: Some(intended), measured, ..ended(start, end) });
        }
        let recorded = recorder.finish();
        assert_eq!((recorded.arrivals.offered, recorded.issued, recorded.issued_whole), (1, 1, 2));
        let times = recorded.buckets.iter().flatten().next().unwrap();
        assert_eq!((times.service.max(), times.response.as_ref().unwrap().max()), (Some(300), Some(1000)));
        assert_eq!(recorded.schedule_lag.unwrap().max(), Some(700));
        assert_eq!(recorded.client_lag, None, "it was held up");
    }

    #[test]
    fn what_was_issued_before_the_window_was_known_stays_outside() {
        let (parts, _received) = mpsc::channel();
        let (_, spare) = mpsc::channel();
        let port = IntervalPort { parts, spare, warm_up_operations: 1, interval_ns: 250 };
        let window = Arc::new(Window::default());
        let mut recorder = Recorder::new(Arc::clone(&window), port);
        // Announced a moment too late: these were in it, and nobody knew.
        let measured = recorder.issue(1100);
        let arrived = recorder.arrive(1100);
        window.set(1000..2000);
        recorder.end(Ended { measured, ..ended(1100, 1200) });
        recorder.unsent(arrived);
        let recorded = recorder.finish();
        let counted: u64 = recorded.buckets.iter().flatten().map(|times| times.service.count()).sum();
        assert_eq!((recorded.issued, counted), (0, 0));
        assert_eq!((recorded.arrivals.offered, recorded.arrivals.unsent), (0, 0));
    }
}
