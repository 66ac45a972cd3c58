//! What all driver threads go by, and what is seen of them meanwhile.

use super::window::Window;
use cachemark_core::{Clock, SystemClock};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What was seen at one moment. A sleeping thread wakes when it wakes, so what is divided by each other later is looked
/// at together, with the time.
pub(crate) struct Glimpse<M> {
    pub(crate) seen: M,
    /// Operations that had ended since the warm-up began.
    pub(crate) ended: u64,
    pub(crate) at_ns: u64,
}

/// What all driver threads go by.
#[derive(Default)]
pub(super) struct Schedule {
    pub(super) window: Arc<Window>,
    /// Each driver's count of operations that have ended.
    pub(super) ended: Mutex<Vec<Arc<AtomicU64>>>,
}

impl Schedule {
    pub(super) fn glimpse<M>(&self, clock: SystemClock, snapshot: impl Fn() -> M) -> Glimpse<M> {
        let counts = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        let ended = counts.iter().map(|count| count.load(Ordering::Relaxed)).sum();
        Glimpse { seen: snapshot(), ended, at_ns: clock.now_ns() }
    }
}

pub(super) fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
