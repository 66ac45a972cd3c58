//! What was asked of cache and store, by our own count and by the servers'.

use crate::cell_plan::CellPlan;
use crate::definition::Driving;
use crate::target::{Probes, Target, TargetError};
use crate::timeline::{Event, nanos};
use cachemark_core::{
    CacheCounts, CacheMeter, Counters as Told, Failures, LaneWaits, LoadCounts, StoreCounts, StoreMeter, StoreWindow,
};
use cachemark_results as record;
use cachemark_results::{FailedCalls, Trial};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Watches the meters, the lanes and the probes of a target that was reset.
pub(crate) struct Counters<'a> {
    cell: &'a CellPlan,
    meters: (&'a CacheMeter, &'a StoreMeter),
    probes: &'a dyn Probes,
    /// Where the servers are asked, before and after.
    background: &'a tokio::runtime::Handle,
    /// Each driver thread's.
    ended: Vec<ThreadCount>,
    before: Seen,
    told_before: (Told, Told),
    policies_before: BTreeMap<String, u64>,
    /// An interval of the window, and how many whole ones it has.
    intervals: (Duration, usize),
    start: Option<Seen>,
    end: Option<Seen>,
    /// What the store was asked between the two.
    window: StoreWindow,
}

/// What the store was asked over time; nothing where that is not seen.
#[derive(Debug, Default)]
pub(super) struct StoreTimes {
    /// Operations that ended in each interval of the window.
    pub(super) operations: Vec<u64>,
    /// Rows written or deleted after the window.
    pub(super) late_changes: u64,
}

/// One driver thread's count of operations that have ended, for others to look at.
#[derive(Debug, Clone, Default)]
pub(super) struct ThreadCount(Arc<AtomicU64>);

impl ThreadCount {
    #[inline]
    pub(super) fn ended(&self) {
        // Nobody else counts here, so no other count can come between the two, and others' caches need not be asked.
        self.0.store(self.0.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
    }
}

/// What is looked at together, for it is divided by each other.
struct Seen {
    /// Operations that had ended since the warm-up began.
    ended: u64,
    counts: (CacheCounts, StoreCounts),
    lane_waits: (LaneWaits, LaneWaits),
    failed: (Failures, Failures),
}

impl<'a> Counters<'a> {
    /// # Errors
    /// If a server does not tell its figures.
    pub(crate) fn begin<T>(
        cell: &'a CellPlan,
        target: &'a Target<T>,
        driving: &Driving,
        background: &'a tokio::runtime::Handle,
    ) -> Result<Self, TargetError> {
        let (meters, probes) = ((&*target.cache_meter, &*target.store_meter), &*target.probes);
        let told_before = background.block_on(ask(cell, probes))?;
        let before = Seen::now(&[], meters, probes);
        let whole = nanos(driving.duration).checked_div(nanos(driving.interval)).unwrap_or(0);
        Ok(Self {
            cell,
            meters,
            probes,
            background,
            ended: Vec::new(),
            before,
            told_before,
            policies_before: probes.policies(),
            intervals: (driving.interval, usize::try_from(whole).unwrap_or(usize::MAX)),
            start: None,
            end: None,
            window: StoreWindow::default(),
        })
    }

    pub(super) fn thread(&mut self) -> ThreadCount {
        let count = ThreadCount::default();
        self.ended.push(count.clone());
        count
    }

    pub(super) fn moment(&mut self, what: Event) {
        match what {
            Event::WindowStart => {
                // First: of a cold window the first operation is on its way.
                self.meters.1.open_window(self.intervals.0, self.intervals.1);
                self.start = Some(self.now());
            }
            Event::WindowEnd => {
                self.end = Some(self.now());
                self.window = self.meters.1.window();
            }
            Event::FaultBegins(_) | Event::FaultEnds(_) => {}
        }
    }

    /// What the store had been asked at the last moment that came.
    pub(super) fn store_operations(&self) -> u64 {
        self.end.as_ref().or(self.start.as_ref()).map_or(0, |seen| seen.counts.1.operations())
    }

    pub(super) fn probes(&self) -> &dyn Probes {
        self.probes
    }

    fn now(&self) -> Seen {
        Seen::now(&self.ended, self.meters, self.probes)
    }

    /// Writes what was counted into `trial`; returns what the store was asked over time. `faults` says that servers may have begun
    /// their counts anew, or may not be there yet: what they tell is left out then, and what was measured stands.
    ///
    /// # Errors
    /// If a server does not tell its figures.
    pub(super) fn finish(self, faults: bool, trial: &mut Trial) -> Result<StoreTimes, TargetError> {
        let last = self.now();
        let told = self.background.block_on(ask(self.cell, self.probes));
        if let Some((cache, store)) = if faults { told.ok() } else { Some(told?) } {
            trial.cache_counters = by_name(cache.since(&self.told_before.0));
            trial.store_counters = by_name(store.since(&self.told_before.1));
        }
        let policies_before = |name: &str| self.policies_before.get(name).copied().unwrap_or(0);
        let policies = self.probes.policies().into_iter();
        trial.policy_counters = policies
            .map(|(name, count)| {
                let earlier = policies_before(&name);
                (name, count.saturating_sub(earlier))
            })
            .collect();
        trial.cache_whole = cache_operations(last.counts.0.since(&self.before.counts.0));
        trial.store_whole = store_operations(last.counts.1.since(&self.before.counts.1));
        let (Some(start), Some(end)) = (self.start, self.end) else { return Ok(StoreTimes::default()) };
        let (cache, store) = (end.counts.0.since(&start.counts.0), end.counts.1.since(&start.counts.1));
        let ended = end.ended.saturating_sub(start.ended);
        trial.store_load = if ended == 0 { 0.0 } else { store.operations() as f64 / ended as f64 };
        trial.cache = cache_operations(cache);
        trial.store = store_operations(store);
        trial.lane_waits = Some(record::LaneUse {
            cache: lane_wait(end.lane_waits.0.since(&start.lane_waits.0)),
            store: lane_wait(end.lane_waits.1.since(&start.lane_waits.1)),
        });
        let failed_calls = |of: fn(&Seen) -> &Failures| {
            let (window, whole) = (of(&end).since(of(&start)), of(&last).since(of(&self.before)));
            failed_calls(&window, whole)
        };
        trial.cache_failures = failed_calls(|seen| &seen.failed.0);
        trial.store_failures = failed_calls(|seen| &seen.failed.1);
        if !self.probes.sees_calls() {
            return Ok(StoreTimes::default());
        }
        let after = last.counts.1.since(&end.counts.1);
        let StoreWindow { loads, operations } = self.window;
        trial.loads = Some(in_record(loads));
        let most = operations.iter().max();
        trial.store_rate_max_ops_per_s = most.map(|&most| most as f64 / self.intervals.0.as_secs_f64());
        Ok(StoreTimes { operations, late_changes: after.writes + after.deletes })
    }
}

/// What is asked past our meters, reckoned from the answers: one store operation for each read that the cache did not answer and
/// that joined no other, one for each write and delete that was answered. Nothing is known of lanes.
pub(super) fn reckon(trial: &mut Trial) {
    let count = |wanted: &dyn Fn(&record::Bucket) -> bool| -> u64 {
        trial.buckets.iter().filter(|bucket| wanted(bucket)).map(|bucket| bucket.count).sum()
    };
    let loads = count(&|bucket| matches!(bucket.source.as_str(), "miss-led" | "cache-failed" | "bypass"));
    let writes = count(&|bucket| bucket.operation != "read" && matches!(bucket.result.as_str(), "ok" | "absent"));
    let issued = trial.totals.issued;
    trial.store_load = if issued == 0 { 0.0 } else { (loads + writes) as f64 / issued as f64 };
    trial.lane_waits = None;
}

impl Seen {
    fn now(ended: &[ThreadCount], meters: (&CacheMeter, &StoreMeter), probes: &dyn Probes) -> Self {
        Self {
            ended: ended.iter().map(|count| count.0.load(Ordering::Relaxed)).sum(),
            counts: (meters.0.snapshot(), meters.1.snapshot()),
            lane_waits: probes.lane_waits(),
            failed: (meters.0.failures(), meters.1.failures()),
        }
    }
}

/// The servers' own word; that of all caches is added up.
async fn ask(cell: &CellPlan, probes: &dyn Probes) -> Result<(Told, Told), TargetError> {
    let mut cache = Told::default();
    for probe in probes.caches() {
        let told =
            probe.counters().await.map_err(|error| TargetError::new(cell.composition.cache_name(), "asking", error))?;
        for (name, count) in told.0 {
            *cache.0.entry(name).or_default() += count;
        }
    }
    let store = probes.store().counters().await;
    let store = store.map_err(|error| TargetError::new(cell.composition.store_name(), "asking", error))?;
    Ok((cache, store))
}

fn failed_calls(window: &Failures, whole: Failures) -> Vec<FailedCalls> {
    let told = whole.0.into_iter().map(|(place, failed)| FailedCalls {
        call: place.0.to_owned(),
        kind: place.1.name().to_owned(),
        window: window.0.get(&place).map_or(0, |failed| failed.count),
        whole: failed.count,
        first: failed.first,
    });
    told.collect()
}

fn cache_operations(counts: CacheCounts) -> record::CacheOperations {
    let CacheCounts { gets, hits, sets, superseded, deletes, errors } = counts;
    record::CacheOperations { gets, hits, sets, superseded, deletes, errors }
}

fn store_operations(counts: StoreCounts) -> record::StoreOperations {
    let StoreCounts { reads, found, writes, deletes, errors } = counts;
    record::StoreOperations { reads, found, writes, deletes, errors }
}

fn in_record(LoadCounts { loads, episodes, most_at_once }: LoadCounts) -> record::Loads {
    record::Loads { reads: loads, episodes, most_at_once }
}

fn lane_wait(LaneWaits { waits, wait_ns }: LaneWaits) -> record::LaneWait {
    record::LaneWait { waits, wait_ns }
}

fn by_name(counters: Told) -> BTreeMap<String, u64> {
    counters.0.into_iter().map(|(name, count)| (name.to_owned(), count)).collect()
}
