//! What every operation of a trial came to: reads by what the cache did for them, and writes.

use cachemark_results::{Bucket, TimeSummary};
use cachemark_stats::Histogram;

/// The buckets of so many operations, which they add up to; `hit` is the hit ratio, none where no cache is asked, and the times are
/// those of hits and of other reads. Writes have no times in the model.
pub(super) fn of(issued: u64, read_ratio: f64, hit: Option<f64>, [hits, others]: [Histogram; 2]) -> Vec<Bucket> {
    let reads = (issued as f64 * read_ratio).round() as u64;
    let answered = (reads as f64 * hit.unwrap_or(0.0)).round() as u64;
    let past = if hit.is_some() { "miss-led" } else { "bypass" };
    let buckets = [
        bucket("read", "hit", answered, TimeSummary::of(&hits)),
        bucket("read", past, reads - answered, TimeSummary::of(&others)),
        bucket("write", "none", issued - reads, None),
    ];
    buckets.into_iter().filter(|bucket| bucket.count > 0).collect()
}

fn bucket(operation: &str, source: &str, count: u64, service_time: Option<TimeSummary>) -> Bucket {
    Bucket {
        operation: operation.into(),
        source: source.into(),
        result: "ok".into(),
        count,
        service_time,
        response_time: None,
        hops: None,
    }
}
