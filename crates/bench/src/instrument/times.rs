//! The times of operations, by the bucket that they ended in.

use super::bucket::BucketKey;
use super::ended::Ended;
use cachemark_results::{Bucket, BucketHistogram, Histograms, Lookups, SCHEMA_VERSION, TimeSummary, Totals, Trial};
use cachemark_stats::Counts;

/// Times by bucket: operation x source x result. They are allocated on their bucket's first use.
#[derive(Debug, Default)]
pub(crate) struct Times {
    buckets: Vec<Option<OfBucket>>,
    /// Operations issued in the window: in an open loop, those whose intended start lies in it.
    issued: u64,
    /// All operations issued, the warm-up's included.
    issued_whole: u64,
}

#[derive(Debug)]
struct OfBucket {
    service: Counts,
    /// None in a closed loop.
    response: Option<Counts>,
}

impl OfBucket {
    fn new(in_closed_loop: bool) -> Self {
        Self { service: Counts::new(), response: (!in_closed_loop).then(Counts::new) }
    }

    #[inline]
    fn record(&mut self, ended: &Ended) {
        self.service.record(ended.service_ns());
        if let Some(response) = &mut self.response {
            response.record(ended.response_ns());
        }
    }

    fn merge(&mut self, other: &Self) {
        self.service.merge(&other.service);
        if let (Some(mine), Some(theirs)) = (&mut self.response, &other.response) {
            mine.merge(theirs);
        }
    }
}

impl Times {
    pub(super) fn thread() -> Self {
        let mut buckets = Vec::new();
        buckets.resize_with(BucketKey::COUNT, || None);
        Self { buckets, ..Self::default() }
    }

    #[inline]
    pub(super) fn issued(&mut self, measured: bool) {
        self.issued_whole += 1;
        self.issued += u64::from(measured);
    }

    /// Of an operation that belongs to the window.
    #[inline]
    pub(super) fn ended(&mut self, ended: &Ended) {
        let in_closed_loop = ended.intended_ns.is_none();
        self.buckets[ended.bucket().index()].get_or_insert_with(|| OfBucket::new(in_closed_loop)).record(ended);
    }

    /// Operations issued outside of the load, unmeasured.
    pub(super) fn issued_before(&mut self, operations: u64) {
        self.issued_whole += operations;
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.buckets.resize_with(BucketKey::COUNT, || None);
        for (mine, theirs) in self.buckets.iter_mut().zip(other.buckets) {
            match (mine.as_mut(), theirs) {
                (Some(mine), Some(theirs)) => mine.merge(&theirs),
                (None, theirs) => *mine = theirs,
                (Some(_), None) => {}
            }
        }
        self.issued += other.issued;
        self.issued_whole += other.issued_whole;
    }

    /// The counts, the times and the hit ratio. The histograms are a file of their own.
    pub(super) fn finish(self, trial: &mut Trial) -> Histograms {
        let named = BucketKey::all().zip(self.buckets).filter_map(|(key, times)| {
            let OfBucket { service, response } = times?;
            Some(BucketHistogram {
                operation: key.operation().to_owned(),
                source: key.source().to_owned(),
                result: key.result().to_owned(),
                service_time: service.histogram(),
                response_time: response.map(|response| response.histogram()),
                hops: None,
            })
        });
        let histograms = Histograms { schema_version: SCHEMA_VERSION, buckets: named.collect(), stale_ages: None };
        trial.buckets = histograms.buckets.iter().map(bucket).collect();
        trial.totals = totals(self.issued, &trial.buckets);
        trial.issued_whole = self.issued_whole;
        trial.window.warm_up_operations = self.issued_whole - self.issued;
        trial.read_time = time_of(&histograms, |bucket| bucket.operation == "read");
        trial.write_time = time_of(&histograms, |bucket| bucket.operation != "read");
        trial.all_time = time_of(&histograms, |_| true);
        trial.hit_ratio = Lookups::of(&trial.buckets).hit_ratio();
        histograms
    }
}

fn bucket(histogram: &BucketHistogram) -> Bucket {
    Bucket {
        operation: histogram.operation.clone(),
        source: histogram.source.clone(),
        result: histogram.result.clone(),
        count: histogram.service_time.count(),
        service_time: TimeSummary::of(&histogram.service_time),
        response_time: histogram.response_time.as_ref().and_then(TimeSummary::of),
        hops: None,
    }
}

/// Every operation ends in one bucket: the sum must be what was issued. A difference is a fault of the program.
fn totals(issued: u64, buckets: &[Bucket]) -> Totals {
    let sum = |result: &str| buckets.iter().filter(|bucket| bucket.result == result).map(|bucket| bucket.count).sum();
    let totals = Totals {
        issued,
        ok: sum("ok"),
        absent: sum("absent"),
        shed: sum("shed"),
        error: sum("error"),
        unknown: sum("unknown"),
    };
    let ended = totals.ok + totals.absent + totals.shed + totals.error + totals.unknown;
    assert_eq!(issued, ended, "every operation issued in the window must end in exactly one bucket");
    totals
}

fn time_of(histograms: &Histograms, wanted: impl Fn(&BucketHistogram) -> bool) -> Option<TimeSummary> {
    TimeSummary::of(&histograms.merged(|bucket| is_answered(bucket) && wanted(bucket))?)
}

pub(super) fn is_answered(bucket: &BucketHistogram) -> bool {
    matches!(bucket.result.as_str(), "ok" | "absent")
}
