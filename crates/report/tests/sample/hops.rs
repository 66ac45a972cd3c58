//! Buckets with hop times, of known means.

use cachemark_results::{Bucket, Cell, HopSummary, TimeSummary};

/// The means of one bucket, in microseconds: service time, cache, store, queue; none for a hop that was not made.
type Means = (f64, Option<f64>, Option<f64>, Option<f64>);

/// The buckets of a trial of the cell: hits and misses (or reads past the cache), and writes.
pub(crate) fn buckets(cell: &Cell) -> Vec<Bucket> {
    let cost = cell.read_cost_us as f64;
    let reads: Vec<(&str, u64, Means)> = match cell.strategy.as_str() {
        "no-cache" => vec![("bypass", 900, (70.0 + cost, None, Some(60.0 + cost), Some(10.0)))],
        _ => vec![
            ("hit", 800, (20.0, Some(16.0), None, Some(2.0))),
            ("miss-led", 90, (110.0 + cost, Some(40.0), Some(60.0 + cost), Some(10.0))),
            ("miss-joined", 10, (80.0 + cost, Some(16.0), None, None)),
        ],
    };
    let cache = (cell.strategy != "no-cache").then_some(15.0);
    let write = (130.0 + cache.unwrap_or(0.0), cache, Some(120.0), None);
    let reads = reads.into_iter().map(|(source, count, means)| bucket("read", source, count, means));
    reads.chain([bucket("write", "none", 100, write)]).collect()
}

fn bucket(operation: &str, source: &str, count: u64, (service, cache, store, queue): Means) -> Bucket {
    // A quarter of the operations did without a lane to wait for.
    let summary = |mean: f64, count| TimeSummary {
        count,
        mean_ns: mean * 1e3,
        min_ns: 1,
        p50_ns: None,
        p90_ns: None,
        p99_ns: None,
        p999_ns: None,
        max_ns: (mean * 2e3) as u64,
    };
    let all = |mean: f64| summary(mean, count);
    let queue = queue.map(|mean| summary(mean, count * 3 / 4));
    Bucket {
        operation: operation.into(),
        source: source.into(),
        result: "ok".into(),
        count,
        service_time: Some(all(service)),
        response_time: None,
        hops: Some(HopSummary { queue, cache: cache.map(all), store: store.map(all) }),
    }
}
