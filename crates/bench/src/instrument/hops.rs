//! Where the operations' time went: to the cache, to the store, to waiting for a lane.

use super::bucket::BucketKey;
use super::ended::Ended;
use cachemark_core::HopTimes;
use cachemark_results::{Histograms, HopHistograms, Trial};
use cachemark_stats::Histogram;

/// Hop times by bucket; nothing where hops are not timed.
#[derive(Debug, Default)]
pub(crate) struct Hops(Vec<Option<HopHistograms>>);

impl Hops {
    pub(super) fn thread() -> Self {
        Self::default()
    }

    /// Of an operation that belongs to the window.
    #[inline]
    pub(super) fn ended(&mut self, ended: &Ended) {
        if let Some(times) = ended.hops {
            self.record(ended.bucket(), times);
        }
    }

    fn record(&mut self, key: BucketKey, times: HopTimes) {
        self.0.resize_with(BucketKey::COUNT, || None);
        let HopHistograms { queue, cache, store } = self.0[key.index()].get_or_insert_default();
        // A hop that the operation did not make leaves no sample.
        for (histogram, ns) in [(queue, times.queue_ns), (cache, times.cache_ns), (store, times.store_ns)] {
            if let Some(ns) = ns {
                histogram.get_or_insert_with(Histogram::new).record(ns);
            }
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        if self.0.is_empty() {
            *self = other;
            return;
        }
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            match (mine.as_mut(), theirs) {
                (Some(mine), Some(theirs)) => mine.merge(&theirs),
                (None, theirs) => *mine = theirs,
                (Some(_), None) => {}
            }
        }
    }

    /// Of the buckets that are there.
    pub(super) fn finish(self, trial: &mut Trial, histograms: &mut Histograms) {
        let timed = BucketKey::all().zip(self.0).filter_map(|(key, hops)| Some((key, hops?)));
        for (key, hops) in timed {
            let place = histograms.buckets.iter().position(|bucket| {
                (bucket.operation.as_str(), bucket.source.as_str(), bucket.result.as_str())
                    == (key.operation(), key.source(), key.result())
            });
            let Some(place) = place else { continue };
            trial.buckets[place].hops = Some(hops.summed_up());
            histograms.buckets[place].hops = Some(hops);
        }
    }
}
