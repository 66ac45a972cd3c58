//! What is recorded while goose's users run: a recorder for each worker thread, merged after the run.

use crate::course::Part;
use crate::http::Seal;
use crate::outcome::{BucketKey, Fault, Outcome};
use cachemark_core::Source;
use cachemark_stats::Histogram;
use cachemark_workload::OperationKind;
use std::collections::BTreeMap;
use std::ops::Range;

/// One operation that has ended. Times are the trial clock's, in nanoseconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ended {
    pub(crate) operation: OperationKind,
    pub(crate) source: Option<Source>,
    pub(crate) outcome: Outcome,
    pub(crate) started_ns: u64,
    pub(crate) ended_ns: u64,
    /// What [`Recorder::issue`] said.
    pub(crate) in_window: bool,
}

/// Requests by how they ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RequestCounts {
    /// Answered.
    pub success: u64,
    /// Everything else.
    pub fail: u64,
}

/// What was recorded.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    /// Service times by bucket. A histogram is made on its bucket's first use: it has 264 KiB.
    pub(crate) buckets: BTreeMap<BucketKey, Histogram>,
    /// Failures of the window, by kind.
    pub(crate) errors: BTreeMap<Fault, u64>,
    /// What the first failure of each kind said, one before the window too.
    pub(crate) reasons: BTreeMap<Fault, String>,
    /// Operations issued in the window.
    pub(crate) issued: u64,
    /// Operations answered within the window, whenever they were issued.
    pub(crate) answered_in_window: u64,
    /// Requests of the whole run by kind of operation: what goose must have counted, too.
    pub(crate) whole: BTreeMap<&'static str, RequestCounts>,
    /// Values whose stamp did not fit.
    pub(crate) bad_stamps: u64,
    /// Values without a stamp.
    pub(crate) unstamped: u64,
    /// When the last operation ended.
    pub(crate) last_ended_ns: u64,
    /// Intervals under way, by place.
    pub(crate) parts: BTreeMap<u64, Part>,
}

impl Recorder {
    /// Counts an operation that is about to be issued, and says whether it belongs to the window. The answer is kept
    /// with the operation: the window may be set while it is under way.
    pub(crate) fn issue(&mut self, window: Option<&Range<u64>>, started_ns: u64) -> bool {
        let in_window = window.is_some_and(|window| window.contains(&started_ns));
        self.issued += u64::from(in_window);
        in_window
    }

    /// Records an operation that has ended.
    pub(crate) fn end(&mut self, window: Option<&Range<u64>>, interval_ns: u64, ended: Ended) {
        let service_ns = ended.ended_ns.saturating_sub(ended.started_ns);
        self.last_ended_ns = self.last_ended_ns.max(ended.ended_ns);
        let counts = self.whole.entry(ended.operation.name()).or_default();
        *if ended.outcome.is_answered() { &mut counts.success } else { &mut counts.fail } += 1;
        if let Some(window) = window.filter(|window| window.contains(&ended.ended_ns)) {
            self.answered_in_window += u64::from(ended.outcome.is_answered());
            let index = (ended.ended_ns - window.start) / interval_ns;
            self.parts.entry(index).or_default().add(&ended, service_ns);
        }
        if ended.in_window {
            let key = BucketKey::new(ended.operation, ended.source, ended.outcome);
            self.buckets.entry(key).or_default().record(service_ns);
            if let Some(fault) = ended.outcome.fault() {
                *self.errors.entry(fault).or_default() += 1;
            }
        }
    }

    /// Keeps what a failure said, if it is the first of its kind.
    pub(crate) fn reason(&mut self, outcome: Outcome, said: Option<String>) {
        if let (Some(fault), Some(said)) = (outcome.fault(), said) {
            self.reasons.entry(fault).or_insert(said);
        }
    }

    /// Notes what a value's stamp said.
    pub(crate) fn seal(&mut self, seal: Option<Seal>) {
        match seal {
            Some(Seal::Bad) => self.bad_stamps += 1,
            Some(Seal::Missing) => self.unstamped += 1,
            Some(Seal::Good) | None => {}
        }
    }

    /// Adds another's, but for the intervals, which are collected on the way.
    pub(crate) fn merge(&mut self, other: Self) {
        for (key, histogram) in other.buckets {
            self.buckets.entry(key).or_default().merge(&histogram);
        }
        for (kind, count) in other.errors {
            *self.errors.entry(kind).or_default() += count;
        }
        for (kind, reason) in other.reasons {
            self.reasons.entry(kind).or_insert(reason);
        }
        for (operation, counts) in other.whole {
            let mine = self.whole.entry(operation).or_default();
            mine.success += counts.success;
            mine.fail += counts.fail;
        }
        self.issued += other.issued;
        self.answered_in_window += other.answered_in_window;
        self.bad_stamps += other.bad_stamps;
        self.unstamped += other.unstamped;
        self.last_ended_ns = self.last_ended_ns.max(other.last_ended_ns);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_counts_where_it_was_issued_and_throughput_where_it_ended() {
        let window = Some(&(1000..2000));
        let (mut recorder, mut other) = (Recorder::default(), Recorder::default());
        for (at, (started_ns, ended_ns)) in
            [(900, 950), (990, 1010), (1500, 1600), (1990, 2500)].into_iter().enumerate()
        {
            let recorder = if at % 2 == 0 { &mut recorder } else { &mut other };
            let in_window = recorder.issue(window, started_ns);
            let (operation, source) = (OperationKind::Read, Some(Source::Hit));
            let ended = Ended { operation, source, outcome: Outcome::Ok, started_ns, ended_ns, in_window };
            recorder.end(window, 250, ended);
        }
        recorder.merge(other);
        assert_eq!((recorder.issued, recorder.answered_in_window), (2, 2));
        assert_eq!(recorder.buckets.values().map(Histogram::count).sum::<u64>(), 2);
        assert_eq!(recorder.whole["read"], RequestCounts { success: 4, fail: 0 });
        assert_eq!(recorder.last_ended_ns, 2500);
    }
}
