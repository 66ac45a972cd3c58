//! What one driver thread records.

use super::bucket::{BucketKey, Outcome};
use super::interval::Part;
use cachemark_core::{ErrorKind, Source};
use cachemark_stats::Histogram;
use cachemark_workload::OperationKind;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender};

/// One operation that has ended. Times are the trial clock's, in nanoseconds.
#[derive(Debug, Clone, Copy)]
pub struct Ended {
    /// What was asked.
    pub operation: OperationKind,
    /// Where the answer came from; none for writes, deletes and failed reads.
    pub source: Option<Source>,
    /// How it ended.
    pub outcome: Outcome,
    /// When it was issued.
    pub started_ns: u64,
    /// When it ended.
    pub ended_ns: u64,
}

/// Where the intervals go, and where used histograms come from.
#[derive(Debug)]
pub struct IntervalPort {
    /// Takes what ended in each interval.
    pub parts: Sender<Part>,
    /// Empty histograms to be used again.
    pub spare: Receiver<Histogram>,
    /// The length of an interval, in nanoseconds.
    pub interval_ns: u64,
}

/// A recorder: one for each driver thread, so that nothing is shared while operations run. Memory is fixed once every
/// bucket that occurs has occurred: a histogram is made on its bucket's first use.
#[derive(Debug)]
pub struct Recorder {
    window: Range<u64>,
    recorded: Recorded,
    port: IntervalPort,
    part: Part,
    /// Operations that have ended, for others to look at.
    ended: Arc<AtomicU64>,
}

/// What was recorded.
#[derive(Debug, Default)]
pub struct Recorded {
    /// Service times by bucket: operation x source x result.
    pub(crate) buckets: Vec<Option<Histogram>>,
    /// Failures of the window, by kind.
    pub(crate) errors: BTreeMap<ErrorKind, u64>,
    /// Operations issued in the window.
    pub(crate) issued: u64,
    /// Operations issued from the first of the warm-up on, scan included.
    pub(crate) issued_whole: u64,
    /// Operations answered within the window.
    pub(crate) answered_in_window: u64,
    /// Values whose stamp did not fit.
    pub(crate) bad_stamps: u64,
}

impl Recorded {
    /// Adds another driver's.
    pub(crate) fn merge(&mut self, other: Self) {
        self.buckets.resize_with(BucketKey::COUNT, || None);
        for (mine, theirs) in self.buckets.iter_mut().zip(other.buckets) {
            match (mine.as_mut(), theirs) {
                (Some(mine), Some(theirs)) => mine.merge(&theirs),
                (None, theirs) => *mine = theirs,
                (Some(_), None) => {}
            }
        }
        for (kind, count) in other.errors {
            *self.errors.entry(kind).or_default() += count;
        }
        self.issued += other.issued;
        self.issued_whole += other.issued_whole;
        self.answered_in_window += other.answered_in_window;
        self.bad_stamps += other.bad_stamps;
    }
}

impl Recorder {
    /// A recorder for operations issued in `window`, on the trial's clock in nanoseconds.
    #[must_use]
    pub fn new(window: Range<u64>, port: IntervalPort) -> Self {
        let mut buckets = Vec::new();
        buckets.resize_with(BucketKey::COUNT, || None);
        let part = Part::new(0, Histogram::new());
        Self { window, recorded: Recorded { buckets, ..Recorded::default() }, port, part, ended: Arc::default() }
    }

    /// How many operations have ended so far, whenever it is looked at.
    #[must_use]
    pub fn ended(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.ended)
    }

    /// Counts an operation that is about to be issued.
    pub fn issue(&mut self, started_ns: u64) {
        self.recorded.issued_whole += 1;
        if self.window.contains(&started_ns) {
            self.recorded.issued += 1;
        }
    }

    /// Records an operation that has ended.
    pub fn end(&mut self, ended: Ended) {
        let service_ns = ended.ended_ns.saturating_sub(ended.started_ns);
        self.ended.fetch_add(1, Ordering::Relaxed);
        if self.window.contains(&ended.ended_ns) {
            self.end_in_window(&ended, service_ns);
        }
        if !self.window.contains(&ended.started_ns) {
            return;
        }
        let key = BucketKey::new(ended.operation, ended.source, ended.outcome);
        self.recorded.buckets[key.index()].get_or_insert_with(Histogram::new).record(service_ns);
        if let Some(kind) = ended.outcome.error_kind() {
            *self.recorded.errors.entry(kind).or_default() += 1;
        }
    }

    fn end_in_window(&mut self, ended: &Ended, service_ns: u64) {
        let index = (ended.ended_ns - self.window.start) / self.port.interval_ns;
        while self.part.index < index {
            self.hand_over();
        }
        self.part.operations += 1;
        if ended.outcome.is_answered() {
            self.recorded.answered_in_window += 1;
            self.part.times.record(service_ns);
        } else {
            self.part.failures += 1;
        }
        match ended.source {
            Some(Source::Hit | Source::StaleServed) => self.part.hits += 1,
            Some(Source::MissLed | Source::MissJoined) => self.part.misses += 1,
            Some(Source::Bypass) | None => {}
        }
    }

    /// Counts a value whose stamp did not fit.
    pub fn bad_stamp(&mut self) {
        self.recorded.bad_stamps += 1;
    }

    fn hand_over(&mut self) {
        let times = self.port.spare.try_recv().unwrap_or_default();
        let next = Part::new(self.part.index + 1, times);
        // Without a collector there is no series; the rest of the record is whole.
        let _ = self.port.parts.send(std::mem::replace(&mut self.part, next));
    }

    /// Ends the recording: hands over the whole intervals of the window that are left.
    #[must_use]
    pub fn finish(mut self) -> Recorded {
        let whole = (self.window.end - self.window.start) / self.port.interval_ns;
        while self.part.index < whole {
            self.hand_over();
        }
        self.recorded
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    fn recorder() -> (Recorder, Receiver<Part>) {
        let (parts, received) = mpsc::channel();
        let (_, spare) = mpsc::channel();
        (Recorder::new(1000..2000, IntervalPort { parts, spare, interval_ns: 250 }), received)
    }

    fn ended(started_ns: u64, ended_ns: u64) -> Ended {
        Ended { operation: OperationKind::Read, source: Some(Source::Hit), outcome: Outcome::Ok, started_ns, ended_ns }
    }

    #[test]
    fn an_operation_counts_where_it_was_issued_and_throughput_where_it_ended() {
        let (mut recorder, parts) = recorder();
        for (start, end) in [(900, 950), (990, 1010), (1500, 1600), (1990, 2500)] {
            recorder.issue(start);
            recorder.end(ended(start, end));
        }
        let recorded = recorder.finish();
        assert_eq!((recorded.issued, recorded.issued_whole), (2, 4));
        assert_eq!(recorded.answered_in_window, 2);
        let counted: u64 = recorded.buckets.iter().flatten().map(Histogram::count).sum();
        assert_eq!(counted, recorded.issued);
        let series: Vec<u64> = parts.iter().map(|part| part.operations).collect();
        assert_eq!(series, [1, 0, 1, 0]);
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
        assert_eq!(recorded.buckets[key.index()].as_ref().map(Histogram::count), Some(1));
    }
}
