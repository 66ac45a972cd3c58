//! What the operations of a trial took in the mean, by what the cache did for them.

use cachemark_results::{Bucket, Trial};

/// Means of the service time of a trial's answered operations, in nanoseconds; none where there was no such operation, or not
/// all of them were timed.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct MeanTimes {
    /// A read that the cache answered.
    pub hit: Option<f64>,
    /// A read that it was asked for and did not answer, whatever did.
    pub miss: Option<f64>,
    /// Any read.
    pub read: Option<f64>,
    /// A write or delete.
    pub write: Option<f64>,
    /// The writes' share of the time of all operations, 0 to 1.
    pub writes_share: Option<f64>,
}

impl MeanTimes {
    /// Of a trial's buckets.
    #[must_use]
    pub fn of(trial: &Trial) -> Self {
        let sum = |wanted: fn(&Bucket) -> bool| {
            let answered = trial.buckets.iter().filter(|bucket| is_answered(bucket) && wanted(bucket));
            answered.fold(Sum::default(), Sum::with)
        };
        let [reads, writes, all] = [sum(is_read), sum(|bucket| !is_read(bucket)), sum(|_| true)];
        Self {
            hit: sum(is_hit).mean(),
            // Where no cache was asked, or a service does not tell, the reads are no misses.
            miss: sum(|bucket| is_read(bucket) && !is_hit(bucket)).mean().filter(|_| trial.lookups().asked() > 0),
            read: reads.mean(),
            write: writes.mean(),
            writes_share: (all.is_timed && all.ns > 0.0).then(|| writes.ns / all.ns),
        }
    }

    /// What an operation takes in the mean where so many of all are reads (0 to 1); none where a mean that it takes is missing.
    #[must_use]
    pub fn of_operation(&self, read_ratio: f64) -> Option<f64> {
        if !(0.0..=1.0).contains(&read_ratio) {
            return None;
        }
        let reads = if read_ratio > 0.0 { read_ratio * self.read? } else { 0.0 };
        let writes = if read_ratio < 1.0 { (1.0 - read_ratio) * self.write? } else { 0.0 };
        Some(reads + writes)
    }
}

pub(super) fn is_read(bucket: &Bucket) -> bool {
    bucket.operation == "read"
}

/// Whether the cache answered, as the hit ratio counts it.
pub(super) fn is_hit(bucket: &Bucket) -> bool {
    is_read(bucket) && matches!(bucket.source.as_str(), "hit" | "stale-served")
}

pub(super) fn is_answered(bucket: &Bucket) -> bool {
    matches!(bucket.result.as_str(), "ok" | "absent")
}

/// Operations and the time that they took together.
#[derive(Clone, Copy)]
struct Sum {
    operations: u64,
    ns: f64,
    is_timed: bool,
}

impl Default for Sum {
    fn default() -> Self {
        Self { operations: 0, ns: 0.0, is_timed: true }
    }
}

impl Sum {
    fn with(self, bucket: &Bucket) -> Self {
        let operations = self.operations + bucket.count;
        match bucket.service_time {
            Some(time) => Self { operations, ns: self.ns + time.mean_ns * bucket.count as f64, ..self },
            None => Self { operations, is_timed: self.is_timed && bucket.count == 0, ..self },
        }
    }

    fn mean(self) -> Option<f64> {
        (self.is_timed && self.operations > 0).then(|| self.ns / self.operations as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cachemark_results::TimeSummary;

    fn bucket(operation: &str, source: &str, result: &str, count: u64, mean_ns: Option<f64>) -> Bucket {
        let time = |mean_ns| TimeSummary {
            count,
            mean_ns,
            min_ns: 0,
            p50_ns: None,
            p90_ns: None,
            p99_ns: None,
            p999_ns: None,
            max_ns: 0,
        };
        Bucket {
            operation: operation.into(),
            source: source.into(),
            result: result.into(),
            count,
            service_time: mean_ns.map(time),
            ..Bucket::default()
        }
    }

    fn of(buckets: Vec<Bucket>) -> MeanTimes {
        MeanTimes::of(&Trial { buckets, ..Trial::default() })
    }

    #[test]
    fn buckets_of_a_sort_weigh_by_their_operations_and_failures_are_left_out() {
        let times = of(vec![
            bucket("read", "hit", "ok", 6, Some(10.0)),
            bucket("read", "stale-served", "absent", 2, Some(30.0)),
            bucket("read", "miss-led", "ok", 1, Some(100.0)),
            bucket("read", "cache-failed", "ok", 1, Some(300.0)),
            bucket("read", "miss-led", "error", 50, Some(9e9)),
            bucket("write", "none", "ok", 3, Some(40.0)),
            bucket("delete", "none", "ok", 1, Some(80.0)),
        ]);
        // Hits: (6 x 10 + 2 x 30) / 8 = 15. The rest: (100 + 300) / 2 = 200. Reads: (120 + 400) / 10 = 52. Writes: 200 / 4 = 50,
        // which is 200 of 720 ns in all.
        assert_eq!((times.hit, times.miss, times.read, times.write), (Some(15.0), Some(200.0), Some(52.0), Some(50.0)));
        assert_eq!(times.writes_share, Some(200.0 / 720.0));
        assert_eq!(times.of_operation(0.75), Some(0.75 * 52.0 + 0.25 * 50.0));
    }

    #[test]
    fn what_was_not_asked_or_not_timed_has_no_mean() {
        let reads = of(vec![bucket("read", "bypass", "ok", 4, Some(7.0))]);
        assert_eq!((reads.hit, reads.miss, reads.read, reads.writes_share), (None, None, Some(7.0), Some(0.0)));
        assert_eq!((reads.of_operation(1.0), reads.of_operation(0.9)), (Some(7.0), None));
        let untimed = of(vec![bucket("read", "hit", "ok", 4, Some(7.0)), bucket("read", "hit", "absent", 1, None)]);
        assert_eq!((untimed.hit, untimed.read, untimed.writes_share), (None, None, None));
        assert_eq!(of(Vec::new()), MeanTimes::default());
        assert_eq!([f64::NAN, -0.1, 1.1].map(|ratio| reads.of_operation(ratio)), [None; 3]);
    }
}
