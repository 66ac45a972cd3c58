//! What lanes cost.

use cachemark_core::LaneWaits;
use std::ops::Add;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// What queueing for lanes cost, and how often they were made and thrown away. Counts grow from the lanes' making.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LaneStats {
    /// Operations that found no free lane and queued.
    pub waits: u64,
    /// The time that they queued, in nanoseconds, summed.
    pub wait_ns: u64,
    /// Connections made.
    pub connects: u64,
    /// Lanes thrown away with an operation in flight: timeouts, broken connections, dropped futures.
    pub discards: u64,
    /// Lanes that the server had closed while they were free: each was replaced and its operation asked again.
    pub found_closed: u64,
}

impl LaneStats {
    /// What queueing cost.
    #[must_use]
    pub fn queued(&self) -> LaneWaits {
        LaneWaits { waits: self.waits, wait_ns: self.wait_ns }
    }

    /// The figures by the names that probes give them among their counters.
    pub(crate) fn counters(&self) -> [(&'static str, u64); 5] {
        [
            ("lane-waits", self.waits),
            ("lane-wait-ns", self.wait_ns),
            (Self::CONNECTS, self.connects),
            ("lanes-discarded", self.discards),
            (Self::FOUND_CLOSED, self.found_closed),
        ]
    }

    pub(super) const CONNECTS: &'static str = "lanes-connected";
    pub(super) const FOUND_CLOSED: &'static str = "lanes-found-closed";

    /// What was added between `earlier` and `self`.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        Self {
            waits: self.waits.saturating_sub(earlier.waits),
            wait_ns: self.wait_ns.saturating_sub(earlier.wait_ns),
            connects: self.connects.saturating_sub(earlier.connects),
            discards: self.discards.saturating_sub(earlier.discards),
            found_closed: self.found_closed.saturating_sub(earlier.found_closed),
        }
    }
}

impl Add for LaneStats {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            waits: self.waits + other.waits,
            wait_ns: self.wait_ns + other.wait_ns,
            connects: self.connects + other.connects,
            discards: self.discards + other.discards,
            found_closed: self.found_closed + other.found_closed,
        }
    }
}

/// The counters behind [`LaneStats`]. Those of the uncontended path are not touched by an operation.
#[derive(Debug, Default)]
pub(super) struct Figures {
    waits: AtomicU64,
    wait_ns: AtomicU64,
    connects: AtomicU64,
    discards: AtomicU64,
    found_closed: AtomicU64,
}

impl Figures {
    pub(super) fn waited(&self, span: Duration) {
        self.waits.fetch_add(1, Ordering::Relaxed);
        self.wait_ns.fetch_add(u64::try_from(span.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    pub(super) fn connected(&self) {
        self.connects.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn discarded(&self) {
        self.discards.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn found_closed(&self) {
        self.found_closed.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn snapshot(&self) -> LaneStats {
        LaneStats {
            waits: self.waits.load(Ordering::Relaxed),
            wait_ns: self.wait_ns.load(Ordering::Relaxed),
            connects: self.connects.load(Ordering::Relaxed),
            discards: self.discards.load(Ordering::Relaxed),
            found_closed: self.found_closed.load(Ordering::Relaxed),
        }
    }
}
