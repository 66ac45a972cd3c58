//! Where the operations' time went, of records whose hops were timed.

use super::{Analysis, CellFigures};
use cachemark_results::{Bucket, HopSummary, TimeSummary, Trial};
use cachemark_stats::Summary;

/// Operations that make the same hops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HopGroup {
    /// Reads that the cache answered.
    Hits,
    /// Reads that it did not, and that loaded from the store.
    Misses,
    /// Reads that waited for another's load.
    Joined,
    /// Reads that found their row among the writes that wait for the store.
    Queued,
    /// Reads that did not ask the cache, or that it failed.
    Bypass,
    /// Writes and deletes.
    Writes,
}

impl HopGroup {
    /// All, in the order of tables.
    pub const ALL: [Self; 6] = [Self::Hits, Self::Misses, Self::Joined, Self::Queued, Self::Bypass, Self::Writes];

    /// The name in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Hits => "read, hit",
            Self::Misses => "read, miss",
            Self::Joined => "read, miss that joined a load",
            Self::Queued => "read, miss answered from the queue",
            Self::Bypass => "read past the cache",
            Self::Writes => "write or delete",
        }
    }

    fn holds(self, bucket: &Bucket) -> bool {
        let of_read = match bucket.source.as_str() {
            "hit" | "stale-served" => Some(Self::Hits),
            "miss-led" => Some(Self::Misses),
            "miss-joined" => Some(Self::Joined),
            "miss-queued" => Some(Self::Queued),
            "bypass" | "cache-failed" => Some(Self::Bypass),
            _ => None,
        };
        let group = if bucket.operation == "read" { of_read } else { Some(Self::Writes) };
        matches!(bucket.result.as_str(), "ok" | "absent") && group == Some(self)
    }
}

/// What an operation of a group took in the mean, in nanoseconds: of one trial, over all of the group's answered
/// operations, those without the hop included.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Means {
    operations: u64,
    service: f64,
    cache: f64,
    store: f64,
    queue: f64,
}

impl Means {
    /// None if no operation of the group was answered, or its hops were not timed.
    fn of(trial: &Trial, group: HopGroup) -> Option<Self> {
        let mut sums = Self::default();
        for bucket in trial.buckets.iter().filter(|bucket| group.holds(bucket)) {
            let (Some(hops), Some(service)) = (bucket.hops, bucket.service_time) else { continue };
            let HopSummary { queue, cache, store } = hops;
            let sum = |hop: Option<TimeSummary>| hop.map_or(0.0, |hop| hop.mean_ns * hop.count as f64);
            sums.operations += service.count;
            sums.service += sum(Some(service));
            sums.cache += sum(cache);
            sums.store += sum(store);
            sums.queue += sum(queue);
        }
        let count = sums.operations as f64;
        let [service, cache, store, queue] = [sums.service, sums.cache, sums.store, sums.queue].map(|sum| sum / count);
        (sums.operations > 0).then_some(Self { service, cache, store, queue, ..sums })
    }

    /// Below zero where calls ran at once.
    fn rest(&self) -> f64 {
        self.service - self.cache - self.store
    }
}

/// Where the time of a cell's operations went: the trials' means, in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HopParts {
    /// Answered operations, of all trials.
    pub operations: u64,
    /// The whole operation.
    pub service: Summary,
    /// Of it calls to the cache, waiting for a lane included.
    pub cache: Summary,
    /// Of it calls to the store, waiting for a lane included.
    pub store: Summary,
    /// Of those two, waiting for a lane.
    pub queue: Summary,
    /// What is left: the strategy and the client, and waiting for another's load.
    pub rest: Summary,
}

impl CellFigures<'_> {
    /// Where the time of a group's operations went; none where there were none, or hops were not timed.
    #[must_use]
    pub fn hops(&self, group: HopGroup) -> Option<HopParts> {
        let part = |of: fn(&Means) -> f64| self.summary_of(|trial| Means::of(trial, group).as_ref().map(of));
        Some(HopParts {
            operations: self.trials.iter().filter_map(|trial| Means::of(trial, group)).map(|m| m.operations).sum(),
            service: part(|means| means.service)?,
            cache: part(|means| means.cache)?,
            store: part(|means| means.store)?,
            queue: part(|means| means.queue)?,
            rest: part(Means::rest)?,
        })
    }
}

impl Analysis<'_> {
    /// Whether hops were timed in a trial of the record.
    #[must_use]
    pub fn has_hop_times(&self) -> bool {
        let timed = |trial: &&Trial| trial.buckets.iter().any(|bucket| bucket.hops.is_some());
        self.cells.iter().any(|figures| figures.trials.iter().any(timed))
    }
}
