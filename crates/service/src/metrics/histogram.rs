//! Durations in fixed buckets, as Prometheus wants them.

use crate::exposition::Exposition;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The buckets' upper ends in microseconds, 50 us to 5 s, and in seconds as they are printed.
const ENDS: [(u64, &str); 16] = [
    (50, "0.00005"),
    (100, "0.0001"),
    (250, "0.00025"),
    (500, "0.0005"),
    (1_000, "0.001"),
    (2_500, "0.0025"),
    (5_000, "0.005"),
    (10_000, "0.01"),
    (25_000, "0.025"),
    (50_000, "0.05"),
    (100_000, "0.1"),
    (250_000, "0.25"),
    (500_000, "0.5"),
    (1_000_000, "1"),
    (2_500_000, "2.5"),
    (5_000_000, "5"),
];

/// A histogram of durations.
#[derive(Debug, Default)]
pub(crate) struct Histogram {
    /// One count for each bucket, and one for what is longer than all; not cumulative.
    counts: [AtomicU64; ENDS.len() + 1],
    sum_ns: AtomicU64,
}

impl Histogram {
    pub(crate) fn record(&self, took: Duration) {
        let ns = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        let bucket = ENDS.partition_point(|&(end_us, _)| end_us * 1_000 < ns);
        self.counts[bucket].fetch_add(1, Ordering::Relaxed);
        self.sum_ns.fetch_add(ns, Ordering::Relaxed);
    }

    /// Writes the samples, `label` in each.
    pub(crate) fn print(&self, label: (&str, &str), page: &mut Exposition) {
        let counts: Vec<u64> = self.counts.iter().map(|count| count.load(Ordering::Relaxed)).collect();
        let sum = self.sum_ns.load(Ordering::Relaxed) as f64 / 1e9;
        let ends = ENDS.iter().map(|&(_, end)| end);
        page.histogram(&[label], ends.zip(counts.iter().copied()), counts[ENDS.len()], sum);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exposition::Kind;

    #[test]
    fn ends_are_inclusive_and_counts_cumulative() {
        let histogram = Histogram::default();
        for us in [50, 51, 5_000_000, 5_000_001] {
            histogram.record(Duration::from_micros(us));
        }
        let mut page = Exposition::default();
        page.metric("d", Kind::Histogram, "D.");
        histogram.print(("o", "read"), &mut page);
        let page = page.into_text();
        let has = |line: &str| assert!(page.contains(line), "{line} in {page}");
        has("cachemark_d_bucket{o=\"read\",le=\"0.00005\"} 1\n");
        has("cachemark_d_bucket{o=\"read\",le=\"0.0001\"} 2\n");
        has("cachemark_d_bucket{o=\"read\",le=\"5\"} 3\n");
        has("cachemark_d_bucket{o=\"read\",le=\"+Inf\"} 4\n");
        has("cachemark_d_count{o=\"read\"} 4\n");
        has("cachemark_d_sum{o=\"read\"} 10.000102\n");
    }

    #[test]
    fn ends_are_printed_in_seconds() {
        for (us, seconds) in ENDS {
            assert_eq!(seconds.parse::<f64>().unwrap(), us as f64 / 1e6);
        }
    }
}
