//! The series over time: driver threads hand over what ended in each interval, a collector merges it.
//!
//! Memory is fixed but for the series, 136 B an interval: the counts handed over come back to be used again.

use crate::alarm::Alarm;
use crate::glance::{Glance, Judged, Sight, Watch};
use crate::observer::StopFlag;
use cachemark_core::ErrorKind;
use cachemark_results::Interval;
use cachemark_stats::{Counts, Histogram, IntervalLogWriter, LogWriteError, SteadyWindow};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::mpsc::{Receiver, Sender};
use std::time::Duration;

/// What a part is a part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    /// The warm-up, whose intervals show whether the run is steady.
    WarmUp,
    /// The window, whose intervals are the series.
    Window,
}

/// What ended in one interval on one driver thread.
#[derive(Debug)]
pub struct IntervalPart {
    pub(crate) stage: Stage,
    /// The interval's place in its stage, from 0.
    pub(crate) index: u64,
    pub(crate) operations: u64,
    pub(crate) failures: u64,
    /// Those of the failures that were turned away.
    pub(crate) shed: u64,
    pub(crate) hits: u64,
    pub(crate) misses: u64,
    /// Those of the misses that the cache failed.
    pub(crate) failed_lookups: u64,
    /// Reads past a cache.
    pub(crate) bypassed: u64,
    /// What the oracle has judged meanwhile.
    pub(crate) judged: Judged,
    /// Failures by kind.
    pub(crate) errors: BTreeMap<ErrorKind, u64>,
    pub(crate) times: Counts,
}

impl IntervalPart {
    pub(crate) fn new(stage: Stage, index: u64, times: Counts) -> Self {
        Self {
            stage,
            index,
            operations: 0,
            failures: 0,
            shed: 0,
            hits: 0,
            misses: 0,
            failed_lookups: 0,
            bypassed: 0,
            judged: Judged::default(),
            errors: BTreeMap::new(),
            times,
        }
    }

    fn merge(&mut self, other: &Self) {
        self.operations += other.operations;
        self.failures += other.failures;
        self.shed += other.shed;
        self.hits += other.hits;
        self.misses += other.misses;
        self.failed_lookups += other.failed_lookups;
        self.bypassed += other.bypassed;
        self.judged.add(other.judged);
        for (&kind, count) in &other.errors {
            *self.errors.entry(kind).or_default() += count;
        }
        self.times.merge(&other.times);
    }

    /// `times` is the histogram of its own, `judges` says whether there is an oracle.
    fn summed_up(&self, interval_ns: u64, times: &Histogram, judges: bool) -> Interval {
        Interval {
            start_ns: self.index * interval_ns,
            operations: self.operations,
            shed: Some(self.shed),
            stale_reads: judges.then_some(self.judged.stale),
            failures: self.failures,
            hits: self.hits,
            misses: self.misses,
            failed_lookups: Some(self.failed_lookups),
            store_operations: None,
            p50_ns: times.quantile(0.5),
            p99_ns: times.quantile(0.99),
        }
    }

    fn glance<'a>(
        &'a self,
        interval: &'a Interval,
        length: Duration,
        times: &'a Histogram,
        store_operations: Option<u64>,
    ) -> Glance<'a> {
        let Self { errors, bypassed, judged, .. } = self;
        Glance { interval, length, errors, times, bypassed: *bypassed, judged: *judged, store_operations }
    }

    fn detail(&self, times: &Histogram) -> Detail {
        Detail { errors: self.errors.clone(), p90_ns: times.quantile(0.9) }
    }

    fn steadiness(&self) -> SteadyWindow {
        let lookups = self.hits + self.misses;
        SteadyWindow { hits: self.hits, lookups, median_service_ns: self.times.histogram().quantile(0.5) }
    }
}

/// What a trial with faults is judged by besides its series.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Detail {
    /// Failures by kind.
    pub(crate) errors: BTreeMap<ErrorKind, u64>,
    /// The 90th percentile of the times, in nanoseconds, if enough operations ended.
    pub(crate) p90_ns: Option<u64>,
}

/// What came over time.
#[derive(Debug)]
pub(crate) struct Course<W> {
    /// The window in intervals.
    pub(crate) series: Vec<Interval>,
    /// Of each interval; nothing where it is not wanted.
    pub(crate) details: Vec<Detail>,
    /// The warm-up in windows of operations.
    pub(crate) warm_up: Vec<SteadyWindow>,
    /// The intervals' histograms, written out line by line: they would take thousands of times the memory.
    pub(crate) lines: W,
}

/// Where what is collected goes.
pub(crate) struct Takers<W> {
    /// Whoever watches.
    pub(crate) watch: Option<Watch>,
    /// The driver threads, each to use counts again.
    pub(crate) spares: Vec<Sender<Counts>>,
    /// The lines of the interval log.
    pub(crate) lines: W,
}

/// What is told of the intervals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Telling {
    /// Whether there is an oracle.
    pub(crate) judges: bool,
    /// Whether details are wanted.
    pub(crate) details: bool,
}

/// Merges the parts of all driver threads until all have hung up. Each thread hands over every interval in turn, so as many
/// parts wait as the threads drift apart, and no more.
///
/// # Errors
/// If the log cannot be written: the trial is stopped then, for it would come to nothing.
pub(crate) fn collect<W: Write>(
    parts: &Receiver<IntervalPart>,
    takers: Takers<W>,
    interval_ns: u64,
    telling: Telling,
    stop: &StopFlag,
) -> io::Result<Course<W>> {
    let Takers { watch, spares, lines } = takers;
    let drivers = spares.len();
    let mut spares = spares.iter().cycle();
    let alarm = Alarm::new(stop);
    let length = Duration::from_nanos(interval_ns);
    let mut log = IntervalLogWriter::new(lines);
    let mut waiting: BTreeMap<(Stage, u64), (usize, IntervalPart)> = BTreeMap::new();
    let mut asked = 0;
    let (mut series, mut bypassed, mut warm_up): (Vec<Interval>, Vec<u64>, Vec<_>) = Default::default();
    let mut details = Vec::new();
    for part in parts.iter() {
        let place = (part.stage, part.index);
        let merged = match waiting.remove(&place) {
            Some((seen, mut merged)) => {
                merged.merge(&part);
                give_back(spares.next(), part.times);
                (seen + 1, merged)
            }
            None => (1, part),
        };
        if merged.0 < drivers {
            waiting.insert(place, merged);
            continue;
        }
        match place {
            (Stage::WarmUp, _) => warm_up.push(merged.1.steadiness()),
            (Stage::Window, index) => {
                let times = merged.1.times.histogram();
                match log.push(None, Duration::from_nanos(index * interval_ns), length, &times) {
                    Err(LogWriteError::Io(error)) => return Err(error),
                    logged => logged.expect("no interval has 2^63 operations, and none is tagged"),
                }
                // In turn, as each driver hands them over.
                let interval = merged.1.summed_up(interval_ns, &times, telling.judges);
                if let Some(watch) = &watch {
                    let store_operations = watch.store_operations().map(|now| now - std::mem::replace(&mut asked, now));
                    watch.tell(&Sight::Interval(merged.1.glance(&interval, length, &times, store_operations)));
                }
                series.push(interval);
                details.extend(telling.details.then(|| merged.1.detail(&times)));
                bypassed.push(merged.1.bypassed);
            }
        }
        give_back(spares.next(), merged.1.times);
    }
    // A driver that was stopped early leaves intervals that not all have filled: they are no evidence.
    let mut lines = log.into_inner();
    lines.flush()?;
    // Of a target that looked other reads up in its cache, one that went past it is a failed lookup; one that looked none up
    // has no hit ratio.
    if series.iter().any(|interval| interval.hits + interval.misses > 0) {
        for (interval, bypassed) in series.iter_mut().zip(bypassed) {
            interval.misses += bypassed;
            interval.failed_lookups = interval.failed_lookups.map(|failed| failed + bypassed);
        }
    }
    alarm.all_is_well();
    Ok(Course { series, details, warm_up, lines })
}

/// Gives counts to the driver thread whose turn it is.
fn give_back(driver: Option<&Sender<Counts>>, mut counts: Counts) {
    counts.reset();
    // The driver may be gone already.
    let _ = driver.map(|driver| driver.send(counts));
}

#[cfg(test)]
mod tests {
    use super::*;
    use cachemark_stats::{IntervalLogReader, interval_log_head};
    use std::sync::mpsc;
    use std::time::SystemTime;

    fn part(index: u64, ns: u64) -> IntervalPart {
        let mut part = IntervalPart::new(Stage::Window, index, Counts::new());
        (part.operations, part.hits, part.misses, part.failed_lookups) = (1, 1, 1, 1);
        part.times.record(ns);
        (part.shed, part.judged.stale) = (2, 1);
        part.errors.insert(ErrorKind::Timeout, 1);
        part
    }

    fn collected<W: Write>(
        parts: impl IntoIterator<Item = IntervalPart>,
        lines: W,
        stop: &StopFlag,
    ) -> io::Result<Course<W>> {
        let (send, receive) = mpsc::channel();
        let spares = vec![mpsc::channel().0; 2];
        parts.into_iter().for_each(|part| send.send(part).unwrap());
        drop(send);
        let telling = Telling { judges: true, details: true };
        collect(&receive, Takers { watch: None, spares, lines }, 1_000_000, telling, stop)
    }

    #[test]
    fn parts_of_all_drivers_make_one_interval() {
        let parts = [(0, 10), (1, 20), (0, 30), (1, 40), (2, 50)].map(|(index, ns)| part(index, ns));
        let head = interval_log_head(SystemTime::UNIX_EPOCH, &[]);
        let Course { series: intervals, details, lines: log, .. } =
            collected(parts, head, &StopFlag::default()).unwrap();
        assert_eq!(intervals.len(), 2, "the third interval is one driver's only");
        assert_eq!((intervals[1].start_ns, intervals[1].operations, intervals[1].hits), (1_000_000, 2, 2));
        assert_eq!((intervals[1].shed, intervals[1].stale_reads), (Some(4), Some(2)));
        assert_eq!(details[1].errors, BTreeMap::from([(ErrorKind::Timeout, 2)]));
        assert_eq!((intervals[1].misses, intervals[1].failed_lookups), (2, Some(2)));
        let logged: Vec<_> = IntervalLogReader::new(&log).map(Result::unwrap).collect();
        let figures: Vec<_> = logged.iter().map(|each| (each.start.as_millis(), each.times.max())).collect();
        assert_eq!(figures, [(0, Some(30)), (1, Some(40))]);
    }

    #[test]
    fn a_read_past_a_cache_that_others_asked_is_a_miss() {
        let misses = |hits: u64| -> Vec<u64> {
            let quiet = |index| IntervalPart { hits: 0, misses: 0, ..part(index, 10) };
            let of_interval =
                |index| IntervalPart { hits: if index == 0 { hits } else { 0 }, bypassed: index, ..quiet(index) };
            let parts = (0..3).flat_map(|index| [of_interval(index), quiet(index)]);
            let course = collected(parts, Vec::new(), &StopFlag::default()).unwrap();
            course.series.iter().map(|interval| interval.misses).collect()
        };
        assert_eq!(misses(1), [0, 1, 2]);
        assert_eq!(misses(0), [0, 0, 0], "nobody looked anything up");
    }

    #[test]
    fn a_log_of_many_intervals_reads_back_as_they_were() {
        let times = |index: u64| [1_000 + index * 37, 90_000 + index];
        let parts = (0..500).flat_map(|index| times(index).map(|ns| part(index, ns)));
        let head = interval_log_head(SystemTime::UNIX_EPOCH, &[]);
        let Course { series, lines, .. } = collected(parts, head, &StopFlag::default()).unwrap();
        let mut logged = IntervalLogReader::new(&lines);
        for (index, interval) in (0..500).zip(&series) {
            let mut expected = Histogram::new();
            times(index).into_iter().for_each(|ns| expected.record(ns));
            let read = logged.next().unwrap().unwrap();
            assert_eq!((read.start.as_millis(), &read.times), (u128::from(index), &expected));
            assert_eq!((interval.start_ns, interval.operations), (index * 1_000_000, 2));
        }
        assert_eq!((logged.next(), series.len()), (None, 500));
    }

    #[test]
    fn a_log_that_finds_no_room_stops_the_trial_and_not_the_sweep() {
        let sweep = StopFlag::default();
        let trial = sweep.of_a_part();
        let mut room = [0; 300];
        let parts = (0..100).flat_map(|index| [part(index, 7), part(index, 8)]);
        let error = collected(parts, room.as_mut_slice(), &trial).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::WriteZero);
        assert!(trial.is_stopped() && !sweep.is_stopped());
    }
}
