//! What is seen of a trial while it goes on. All of it is of what is sampled anyway: no operation is asked about twice.

use crate::timeline::Event;
use cachemark_core::{ErrorKind, StoreMeter};
use cachemark_results::Interval;
use cachemark_stats::Histogram;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// What is seen.
#[derive(Debug, Clone, Copy)]
pub enum Sight<'a> {
    /// Cache and store were reset: the warm-up begins, then comes a window of that length.
    WarmUp {
        /// The length of the window.
        window: Duration,
    },
    /// The window has begun.
    WindowBegan,
    /// The window is over; what is under way is waited for.
    WindowOver,
    /// An interval of the window, soon after it ended. The last ones may come after the window is over.
    Interval(Glance<'a>),
}

/// What ended in one interval of the window.
#[derive(Debug, Clone, Copy)]
pub struct Glance<'a> {
    /// The interval.
    pub interval: &'a Interval,
    /// Its length.
    pub length: Duration,
    /// Failures by kind.
    pub errors: &'a BTreeMap<ErrorKind, u64>,
    /// Times of what was answered: response times, in a closed loop service times.
    pub times: &'a Histogram,
    /// Reads past a cache.
    pub bypassed: u64,
    /// Reads that could be judged, and those of them that were stale.
    pub judged: Judged,
    /// Store operations; none where the store's calls are not seen.
    pub store_operations: Option<u64>,
}

/// How many reads were judged, and how many of them were stale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Judged {
    /// Reads that could be judged.
    pub reads: u64,
    /// Those that were stale.
    pub stale: u64,
}

impl Judged {
    /// What came on top of `before`.
    pub(crate) fn since(self, before: Self) -> Self {
        Self { reads: self.reads.saturating_sub(before.reads), stale: self.stale.saturating_sub(before.stale) }
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.reads += other.reads;
        self.stale += other.stale;
    }
}

/// Hears of what is seen, each interval on a thread of its own, the rest on the thread that leads: it must not take long.
pub type Live = Arc<dyn Fn(&Sight<'_>) + Send + Sync>;

/// Whoever watches a trial, and what the store was asked, which no driver thread knows.
#[derive(Clone)]
pub(crate) struct Watch {
    live: Live,
    store: Option<Arc<StoreMeter>>,
    /// The store's operations at the start of the window and at its end, which lies beyond all counts until it comes.
    bounds: Arc<(AtomicU64, AtomicU64)>,
}

impl Watch {
    /// `store` counts what the store is asked, if that is seen.
    pub(crate) fn new(live: Live, store: Option<Arc<StoreMeter>>) -> Self {
        Self { live, store, bounds: Arc::new((AtomicU64::new(u64::MAX), AtomicU64::new(u64::MAX))) }
    }

    pub(crate) fn tell(&self, sight: &Sight<'_>) {
        (self.live)(sight);
    }

    /// It is that moment, at which the store had so many operations behind it.
    pub(crate) fn moment(&self, what: Event, store_operations: u64) {
        let (bound, sight) = match what {
            Event::WindowStart => (&self.bounds.0, Sight::WindowBegan),
            Event::WindowEnd => (&self.bounds.1, Sight::WindowOver),
            Event::FaultBegins(_) | Event::FaultEnds(_) => return,
        };
        bound.store(store_operations, Ordering::Release);
        self.tell(&sight);
    }

    /// What the store was asked in the window so far.
    pub(crate) fn store_operations(&self) -> Option<u64> {
        let (start, end) = (self.bounds.0.load(Ordering::Acquire), self.bounds.1.load(Ordering::Acquire));
        let now = self.store.as_ref()?.snapshot().operations();
        Some(now.min(end).saturating_sub(start))
    }
}
