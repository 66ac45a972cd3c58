//! What is known of the trial that is under way.

use cachemark_bench::{CellPlan, Glance, Judged, Sight};
use cachemark_core::ErrorKind;
use cachemark_report::sheet::printable;
use cachemark_stats::Histogram;
use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

/// Throughput is shown over so long: of one interval it would flicker.
const RECENT: Duration = Duration::from_secs(1);

/// Where a trial is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Phase {
    /// Nobody sees: another process runs it.
    #[default]
    Unseen,
    /// Cache and store are reset.
    Preparing,
    /// Since then it warms up.
    WarmUp(Instant),
    /// Since then it is measured.
    Window(Instant),
    /// The window is over.
    Ending,
}

/// A trial, as far as it has come.
#[derive(Debug, Default)]
pub(super) struct Course {
    pub(super) cell: String,
    pub(super) arm: String,
    pub(super) phase: Phase,
    pub(super) window: Duration,
    /// Operations that were answered in each of the last intervals, and their lengths.
    recent: VecDeque<(u64, Duration)>,
    hits: u64,
    misses: u64,
    judged: Judged,
    errors: BTreeMap<ErrorKind, u64>,
    failures: u64,
    times: Histogram,
}

/// What is told of it: throughput over the last second, all else over the window so far.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Figures {
    pub(super) rate: Option<f64>,
    pub(super) p99_ns: Option<u64>,
    /// Shares, none where nothing was looked up, or judged.
    pub(super) hits: Option<f64>,
    pub(super) stale: Option<f64>,
    pub(super) failures: u64,
    /// The failures by kind.
    pub(super) errors: BTreeMap<ErrorKind, u64>,
}

impl Course {
    /// Another trial begins.
    pub(super) fn begin(&mut self, cell: &CellPlan) {
        let mut times = std::mem::take(&mut self.times);
        times.reset();
        let (id, arm) = (printable(&cell.id), printable(&cell.composition.arm));
        *self = Self { cell: id, arm, times, ..Self::default() };
    }

    pub(super) fn see(&mut self, sight: &Sight<'_>) {
        match sight {
            Sight::WarmUp { window } => (self.phase, self.window) = (Phase::WarmUp(Instant::now()), *window),
            Sight::WindowBegan => self.phase = Phase::Window(Instant::now()),
            Sight::WindowOver => self.phase = Phase::Ending,
            Sight::Interval(glance) => self.interval(glance),
        }
    }

    fn interval(&mut self, glance: &Glance<'_>) {
        let Glance { interval, length, errors, times, judged, .. } = *glance;
        self.recent.push_back((interval.answered(), length));
        let kept = RECENT.as_nanos().div_ceil(length.as_nanos().max(1)).max(1);
        while self.recent.len() as u128 > kept {
            self.recent.pop_front();
        }
        self.hits += interval.hits;
        self.misses += interval.misses;
        self.judged.reads += judged.reads;
        self.judged.stale += judged.stale;
        self.failures += interval.failures;
        for (&kind, count) in errors {
            *self.errors.entry(kind).or_default() += count;
        }
        self.times.merge(times);
    }

    pub(super) fn figures(&self) -> Figures {
        let share = |part: u64, all: u64| (all > 0).then(|| part as f64 / all as f64);
        let (answered, time) = self
            .recent
            .iter()
            .fold((0, Duration::ZERO), |(sum, time), (answered, length)| (sum + answered, time + *length));
        Figures {
            rate: (!time.is_zero()).then(|| answered as f64 / time.as_secs_f64()),
            p99_ns: self.times.quantile(0.99),
            hits: share(self.hits, self.hits + self.misses),
            stale: share(self.judged.stale, self.judged.reads),
            failures: self.failures,
            errors: self.errors.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cachemark_results::Interval;

    #[test]
    fn throughput_is_the_last_second_s_and_the_rest_is_of_the_window_so_far() {
        let mut course = Course::default();
        let mut times = Histogram::new();
        times.record_n(2_000_000, 1_000);
        let errors = BTreeMap::from([(ErrorKind::Status(503), 1)]);
        for index in 0..30 {
            let operations = if index < 20 { 100 } else { 201 };
            let interval = Interval { operations, failures: 1, hits: 9, misses: 1, ..Interval::default() };
            course.see(&Sight::Interval(Glance {
                interval: &interval,
                length: Duration::from_millis(100),
                errors: &errors,
                times: &times,
                bypassed: 0,
                judged: Judged { reads: 10, stale: u64::from(index < 3) },
                store_operations: None,
            }));
        }
        let figures = course.figures();
        assert_eq!((figures.rate, figures.hits, figures.stale), (Some(2000.0), Some(0.9), Some(0.01)));
        assert_eq!((figures.failures, figures.errors), (30, BTreeMap::from([(ErrorKind::Status(503), 30)])));
        assert!(figures.p99_ns.is_some_and(|p99| (2_000_000..2_002_001).contains(&p99)), "{:?}", figures.p99_ns);
    }

    #[test]
    fn nothing_is_told_of_what_was_not_seen() {
        assert_eq!(Course::default().figures(), Figures::default());
    }
}
