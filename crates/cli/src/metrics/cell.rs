//! The counts of one cell, over all its trials so far.

use cachemark_bench::{CellPlan, Glance, Judged};
use cachemark_core::ErrorKind;
use std::collections::BTreeMap;
use std::time::Duration;

/// The upper ends of the buckets of times, in nanoseconds and as they are printed, in seconds: 1 us to 10 s.
pub(super) const ENDS: [(u64, &str); 22] = [
    (1_000, "0.000001"),
    (2_500, "0.0000025"),
    (5_000, "0.000005"),
    (10_000, "0.00001"),
    (25_000, "0.000025"),
    (50_000, "0.00005"),
    (100_000, "0.0001"),
    (250_000, "0.00025"),
    (500_000, "0.0005"),
    (1_000_000, "0.001"),
    (2_500_000, "0.0025"),
    (5_000_000, "0.005"),
    (10_000_000, "0.01"),
    (25_000_000, "0.025"),
    (50_000_000, "0.05"),
    (100_000_000, "0.1"),
    (250_000_000, "0.25"),
    (500_000_000, "0.5"),
    (1_000_000_000, "1"),
    (2_500_000_000, "2.5"),
    (5_000_000_000, "5"),
    (10_000_000_000, "10"),
];
/// The cell of all that come when there are enough.
const OTHER: &str = "other";

/// What a cell is called in labels.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name {
    pub(super) arm: String,
    pub(super) cell: String,
    /// Which times it has: `response` where arrivals come on a schedule, else `service`.
    pub(super) clock: &'static str,
}

impl Name {
    pub(super) fn of(cell: &CellPlan) -> Self {
        let clock = if cell.rate.is_some() { "response" } else { "service" };
        Self { arm: cell.composition.arm.clone(), cell: cell.id.clone(), clock }
    }

    /// The name of what has no place of its own.
    pub(super) fn other(&self) -> Self {
        Self { arm: OTHER.into(), cell: OTHER.into(), clock: self.clock }
    }
}

/// What was counted.
#[derive(Debug, Default)]
pub(super) struct CellCounts {
    pub(super) operations: u64,
    pub(super) failures: BTreeMap<ErrorKind, u64>,
    pub(super) hits: u64,
    pub(super) misses: u64,
    pub(super) bypassed: u64,
    pub(super) judged: Judged,
    /// None where the store's calls are not seen.
    pub(super) store_operations: Option<u64>,
    /// How much of windows that was.
    pub(super) measured: Duration,
    /// Times by bucket, each alone; the last is what is above all.
    pub(super) times: [u64; ENDS.len() + 1],
    pub(super) time_sum_ns: f64,
}

impl CellCounts {
    pub(super) fn add(&mut self, glance: &Glance<'_>) {
        let Glance { interval, length, errors, times, bypassed, judged, store_operations } = *glance;
        self.operations += interval.operations;
        for (&kind, count) in errors {
            *self.failures.entry(kind).or_default() += count;
        }
        self.hits += interval.hits;
        self.misses += interval.misses;
        self.bypassed += bypassed;
        self.judged.reads += judged.reads;
        self.judged.stale += judged.stale;
        if let Some(operations) = store_operations {
            *self.store_operations.get_or_insert_default() += operations;
        }
        self.measured += length;
        for (ns, count) in times.buckets() {
            self.times[ENDS.partition_point(|&(end, _)| end < ns)] += count;
        }
        self.time_sum_ns += times.mean().unwrap_or(0.0) * times.count() as f64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cachemark_stats::Histogram;

    #[test]
    fn ends_are_printed_in_seconds() {
        for (ns, seconds) in ENDS {
            assert_eq!(seconds.parse::<f64>().unwrap(), ns as f64 / 1e9);
        }
        assert!(ENDS.is_sorted());
    }

    #[test]
    fn a_time_is_in_the_bucket_that_ends_above_it() {
        let mut times = Histogram::new();
        [900, 1_001, 20_000_000_000].into_iter().for_each(|ns| times.record(ns));
        let interval = cachemark_results::Interval {
            shed: None,
            stale_reads: None,
            start_ns: 0,
            operations: 3,
            failures: 0,
            hits: 0,
            misses: 0,
            failed_lookups: None,
            store_operations: None,
            p50_ns: None,
            p99_ns: None,
        };
        let glance = Glance {
            interval: &interval,
            length: Duration::from_secs(1),
            errors: &BTreeMap::new(),
            times: &times,
            bypassed: 0,
            judged: Judged::default(),
            store_operations: None,
        };
        let mut counts = CellCounts::default();
        counts.add(&glance);
        counts.add(&glance);
        assert_eq!((counts.times[0], counts.times[1], counts.times[ENDS.len()]), (2, 2, 2));
        assert_eq!((counts.operations, counts.store_operations, counts.measured.as_secs()), (6, None, 2));
        assert!((counts.time_sum_ns / 40_000_003_802.0 - 1.0).abs() < 0.001, "{}", counts.time_sum_ns);
    }
}
