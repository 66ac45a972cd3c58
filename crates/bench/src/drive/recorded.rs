//! What was recorded, of one driver thread or of several together.

use super::bucket::BucketKey;
use super::ended::Ended;
use cachemark_core::{ErrorKind, HopTimes};
use cachemark_results::HopHistograms;
use cachemark_stats::Histogram;
use std::collections::BTreeMap;

/// The times of one bucket.
#[derive(Debug, Clone)]
pub(crate) struct Times {
    pub(crate) service: Histogram,
    /// None in a closed loop.
    pub(crate) response: Option<Histogram>,
    /// None where hops are not timed.
    pub(crate) hops: Option<HopHistograms>,
}

impl Times {
    pub(super) fn of(ended: &Ended) -> Self {
        Self {
            service: Histogram::new(),
            response: ended.intended_ns.map(|_| Histogram::new()),
            hops: ended.hops.map(|_| HopHistograms::default()),
        }
    }

    pub(super) fn record(&mut self, ended: &Ended) {
        self.service.record(ended.service_ns());
        if let Some(response) = &mut self.response {
            response.record(ended.response_ns());
        }
        if let (Some(hops), Some(times)) = (&mut self.hops, ended.hops) {
            record_hops(hops, times);
        }
    }

    fn merge(&mut self, other: &Self) {
        self.service.merge(&other.service);
        if let (Some(mine), Some(theirs)) = (&mut self.response, &other.response) {
            mine.merge(theirs);
        }
        if let (Some(mine), Some(theirs)) = (&mut self.hops, &other.hops) {
            mine.merge(theirs);
        }
    }
}

/// A hop that the operation did not make leaves no sample.
fn record_hops(hops: &mut HopHistograms, times: HopTimes) {
    let sums =
        [(&mut hops.queue, times.queue_ns), (&mut hops.cache, times.cache_ns), (&mut hops.store, times.store_ns)];
    for (histogram, ns) in sums {
        if let Some(ns) = ns {
            histogram.get_or_insert_with(Histogram::new).record(ns);
        }
    }
}

/// Arrivals of an open loop whose intended start lies in the window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct ArrivalCounts {
    pub(crate) offered: u64,
    pub(crate) late: u64,
    pub(crate) shed: u64,
    pub(crate) unsent: u64,
}

/// What was recorded.
#[derive(Debug, Default)]
pub struct Recorded {
    /// Times by bucket: operation x source x result.
    pub(crate) buckets: Vec<Option<Times>>,
    /// Actual - intended start, of every operation issued; none in a closed loop.
    pub(crate) schedule_lag: Option<Histogram>,
    /// The same of those that waited for none in flight: the client's own lag.
    pub(crate) client_lag: Option<Histogram>,
    pub(crate) arrivals: ArrivalCounts,
    /// Failures of the window, by kind.
    pub(crate) errors: BTreeMap<ErrorKind, u64>,
    /// What the first failed operation of each kind said, those of the warm-up among them.
    pub(crate) reasons: BTreeMap<ErrorKind, String>,
    /// Operations issued in the window.
    pub(crate) issued: u64,
    /// Operations issued from the first of the warm-up on, scan included.
    pub(crate) issued_whole: u64,
    /// Operations answered within the window.
    pub(crate) answered_in_window: u64,
    /// Values whose stamp did not fit.
    pub(crate) bad_stamps: u64,
    /// Failed reads of the scan, by kind.
    pub(crate) scan_errors: BTreeMap<ErrorKind, u64>,
}

impl Recorded {
    /// Adds another driver's.
    pub(crate) fn merge(&mut self, other: Self) {
        self.buckets.resize_with(BucketKey::COUNT, || None);
        for (mine, theirs) in self.buckets.iter_mut().zip(other.buckets) {
            match (mine.as_mut(), theirs) {
                (Some(mine), Some(theirs)) => mine.merge(&theirs),
                (None, theirs) => *mine = theirs,
                (Some(_), None) => {}
            }
        }
        merge_lag(&mut self.schedule_lag, other.schedule_lag);
        merge_lag(&mut self.client_lag, other.client_lag);
        for (kind, count) in other.errors {
            *self.errors.entry(kind).or_default() += count;
        }
        for (kind, reason) in other.reasons {
            self.reasons.entry(kind).or_insert(reason);
        }
        for (kind, count) in other.scan_errors {
            *self.scan_errors.entry(kind).or_default() += count;
        }
        self.arrivals.offered += other.arrivals.offered;
        self.arrivals.late += other.arrivals.late;
        self.arrivals.shed += other.arrivals.shed;
        self.arrivals.unsent += other.arrivals.unsent;
        self.issued += other.issued;
        self.issued_whole += other.issued_whole;
        self.answered_in_window += other.answered_in_window;
        self.bad_stamps += other.bad_stamps;
    }
}

fn merge_lag(mine: &mut Option<Histogram>, theirs: Option<Histogram>) {
    match (mine.as_mut(), theirs) {
        (Some(mine), Some(theirs)) => mine.merge(&theirs),
        (None, theirs) => *mine = theirs,
        (Some(_), None) => {}
    }
}
