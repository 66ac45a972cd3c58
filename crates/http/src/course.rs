//! The course of the window: intervals, summed up soon after they end, so that memory stays fixed.

use crate::recorder::{Ended, Recorder};
use cachemark_core::Source;
use cachemark_results::Interval;
use cachemark_stats::Histogram;
use std::sync::{Mutex, PoisonError};

/// What ended in one interval on one worker thread.
#[derive(Debug, Default)]
pub(crate) struct Part {
    operations: u64,
    failures: u64,
    hits: u64,
    misses: u64,
    /// Those of the misses that the cache failed.
    failed_lookups: u64,
    /// Reads past the service's cache.
    bypassed: u64,
    times: Histogram,
}

impl Part {
    pub(crate) fn add(&mut self, ended: &Ended, service_ns: u64) {
        self.operations += 1;
        if ended.outcome.is_answered() {
            self.times.record(service_ns);
        } else {
            self.failures += 1;
        }
        match ended.source {
            Some(Source::Hit | Source::StaleServed) => self.hits += 1,
            Some(Source::MissLed | Source::MissJoined) => self.misses += 1,
            Some(Source::CacheFailed) => {
                self.misses += 1;
                self.failed_lookups += 1;
            }
            Some(Source::Bypass) => self.bypassed += 1,
            None => {}
        }
    }

    fn merge(&mut self, other: &Self) {
        self.operations += other.operations;
        self.failures += other.failures;
        self.hits += other.hits;
        self.misses += other.misses;
        self.failed_lookups += other.failed_lookups;
        self.bypassed += other.bypassed;
        self.times.merge(&other.times);
    }
}

/// Collects the intervals of all recorders.
#[derive(Debug)]
pub(crate) struct Course {
    interval_ns: u64,
    intervals: Vec<Interval>,
    /// Of each interval.
    bypassed: Vec<u64>,
}

impl Course {
    pub(crate) fn new(interval_ns: u64) -> Self {
        Self { interval_ns, intervals: Vec::new(), bypassed: Vec::new() }
    }

    /// Takes every interval before `until` (by place) that was not taken yet. The caller leaves one interval between
    /// `until` and now: an operation is recorded a moment after it ended.
    pub(crate) fn collect(&mut self, recorders: &[Mutex<Recorder>], until: u64) {
        while (self.intervals.len() as u64) < until {
            let index = self.intervals.len() as u64;
            let mut merged = Part::default();
            for recorder in recorders {
                let part = recorder.lock().unwrap_or_else(PoisonError::into_inner).parts.remove(&index);
                if let Some(part) = part {
                    merged.merge(&part);
                }
            }
            self.bypassed.push(merged.bypassed);
            self.intervals.push(Interval {
                start_ns: index * self.interval_ns,
                operations: merged.operations,
                failures: merged.failures,
                hits: merged.hits,
                misses: merged.misses,
                failed_lookups: Some(merged.failed_lookups),
                p50_ns: merged.times.quantile(0.5),
                p99_ns: merged.times.quantile(0.99),
            });
        }
    }

    /// All of them. Of a service that looked other reads up in its cache, one that went past it is a failed lookup; one that looked
    /// none up has no hit ratio.
    pub(crate) fn intervals(mut self) -> Vec<Interval> {
        if self.intervals.iter().any(|interval| interval.hits + interval.misses > 0) {
            for (interval, bypassed) in self.intervals.iter_mut().zip(self.bypassed) {
                interval.misses += bypassed;
                interval.failed_lookups = interval.failed_lookups.map(|failed| failed + bypassed);
            }
        }
        self.intervals
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::Outcome;
    use cachemark_workload::OperationKind;

    #[test]
    fn parts_of_all_recorders_make_one_interval() {
        let recorders = [Mutex::new(Recorder::default()), Mutex::new(Recorder::default())];
        for (at, ended_ns) in [(0, 10), (1, 20), (0, 1030), (1, 2999)] {
            let (operation, source) = (OperationKind::Read, Some(Source::MissLed));
            let ended = Ended { operation, source, outcome: Outcome::Ok, started_ns: 0, ended_ns, in_window: true };
            recorders[at].lock().unwrap().end(Some(&(0..3000)), 1000, ended);
        }
        let mut course = Course::new(1000);
        course.collect(&recorders, 1);
        course.collect(&recorders, 3);
        let counts: Vec<_> = course.intervals().iter().map(|interval| (interval.start_ns, interval.misses)).collect();
        assert_eq!(counts, [(0, 2), (1000, 1), (2000, 1)]);
    }

    fn misses(sources: &[Source]) -> Vec<(u64, u64)> {
        let recorders = [Mutex::new(Recorder::default())];
        for (at, &source) in sources.iter().enumerate() {
            let (operation, ended_ns) = (OperationKind::Read, at as u64 * 1000);
            let source = Some(source);
            let ended = Ended { operation, source, outcome: Outcome::Ok, started_ns: 0, ended_ns, in_window: true };
            recorders[0].lock().unwrap().end(Some(&(0..9000)), 1000, ended);
        }
        let mut course = Course::new(1000);
        course.collect(&recorders, sources.len() as u64);
        let intervals = course.intervals();
        intervals.iter().map(|interval| (interval.misses, interval.failed_lookups.unwrap())).collect()
    }

    #[test]
    fn a_read_past_a_cache_that_others_asked_is_a_failed_lookup() {
        let sources = [Source::Hit, Source::Bypass, Source::CacheFailed, Source::MissLed];
        assert_eq!(misses(&sources), [(0, 0), (1, 1), (1, 1), (1, 0)]);
        assert_eq!(misses(&[Source::Bypass, Source::Bypass]), [(0, 0), (0, 0)]);
    }
}
