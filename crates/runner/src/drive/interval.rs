//! The series over time: driver threads hand over what ended in each interval, a collector merges it.
//!
//! Memory is fixed: the histograms handed over come back to be used again.

use cachemark_results::Interval;
use cachemark_stats::{Histogram, IntervalLogWriter, SteadyWindow};
use std::collections::BTreeMap;
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
pub struct Part {
    pub(crate) stage: Stage,
    /// The interval's place in its stage, from 0.
    pub(crate) index: u64,
    pub(crate) operations: u64,
    pub(crate) failures: u64,
    pub(crate) hits: u64,
    pub(crate) misses: u64,
    pub(crate) times: Histogram,
}

impl Part {
    pub(crate) fn new(stage: Stage, index: u64, times: Histogram) -> Self {
        Self { stage, index, operations: 0, failures: 0, hits: 0, misses: 0, times }
    }

    fn merge(&mut self, other: &Self) {
        self.operations += other.operations;
        self.failures += other.failures;
        self.hits += other.hits;
        self.misses += other.misses;
        self.times.merge(&other.times);
    }

    fn summed_up(&self, interval_ns: u64) -> Interval {
        Interval {
            start_ns: self.index * interval_ns,
            operations: self.operations,
            failures: self.failures,
            hits: self.hits,
            misses: self.misses,
            p50_ns: self.times.quantile(0.5),
            p99_ns: self.times.quantile(0.99),
        }
    }

    fn steadiness(&self) -> SteadyWindow {
        let lookups = self.hits + self.misses;
        SteadyWindow { hits: self.hits, lookups, median_service_ns: self.times.quantile(0.5) }
    }
}

/// The window in intervals.
#[derive(Debug)]
pub(crate) struct Course {
    pub(crate) series: Vec<Interval>,
    /// The intervals' histograms, written out: they would take a hundred times the memory.
    pub(crate) log: IntervalLogWriter,
}

/// Merges the parts of `drivers` driver threads until all have hung up. Each driver hands over every interval in turn,
/// so as many parts wait as the drivers drift apart, and no more. The warm-up's go to `warm_up` at once.
pub(crate) fn collect(
    parts: &Receiver<Part>,
    spare: &Sender<Histogram>,
    warm_up: &Sender<SteadyWindow>,
    drivers: usize,
    interval_ns: u64,
) -> Course {
    let length = Duration::from_nanos(interval_ns);
    let mut log = IntervalLogWriter::new();
    let mut waiting: BTreeMap<(Stage, u64), (usize, Part)> = BTreeMap::new();
    let mut done = BTreeMap::new();
    for part in parts.iter() {
        let place = (part.stage, part.index);
        let merged = match waiting.remove(&place) {
            Some((seen, mut merged)) => {
                merged.merge(&part);
                give_back(spare, part.times);
                (seen + 1, merged)
            }
            None => (1, part),
        };
        if merged.0 < drivers {
            waiting.insert(place, merged);
            continue;
        }
        match place {
            // Nobody may wait for it any more.
            (Stage::WarmUp, _) => drop(warm_up.send(merged.1.steadiness())),
            (Stage::Window, index) => {
                log.push(None, Duration::from_nanos(index * interval_ns), length, &merged.1.times)
                    .expect("no interval has 2^63 operations, and none is tagged");
                done.insert(index, merged.1.summed_up(interval_ns));
            }
        }
        give_back(spare, merged.1.times);
    }
    // A driver that was stopped early leaves intervals that not all have filled: they are no evidence.
    Course { series: done.into_values().collect(), log }
}

fn give_back(spare: &Sender<Histogram>, mut histogram: Histogram) {
    histogram.reset();
    // The drivers may be gone already.
    let _ = spare.send(histogram);
}

#[cfg(test)]
mod tests {
    use super::*;
    use cachemark_stats::IntervalLogReader;
    use std::sync::mpsc;
    use std::time::SystemTime;

    #[test]
    fn parts_of_all_drivers_make_one_interval() {
        let (send, receive) = mpsc::channel();
        let (spare, _spares) = mpsc::channel();
        let (warm_up, _windows) = mpsc::channel();
        for (index, ns) in [(0, 10), (1, 20), (0, 30), (1, 40), (2, 50)] {
            let mut part = Part::new(Stage::Window, index, Histogram::new());
            part.operations = 1;
            part.hits = 1;
            part.times.record(ns);
            send.send(part).unwrap();
        }
        drop(send);
        let Course { series: intervals, log } = collect(&receive, &spare, &warm_up, 2, 1_000_000);
        assert_eq!(intervals.len(), 2, "the third interval is one driver's only");
        assert_eq!((intervals[1].start_ns, intervals[1].operations, intervals[1].hits), (1_000_000, 2, 2));
        let log = log.finish(SystemTime::UNIX_EPOCH, &[]);
        let logged: Vec<_> = IntervalLogReader::new(&log).map(Result::unwrap).collect();
        let figures: Vec<_> = logged.iter().map(|each| (each.start.as_millis(), each.times.max())).collect();
        assert_eq!(figures, [(0, Some(30)), (1, Some(40))]);
    }
}
