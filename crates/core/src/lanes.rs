//! What queueing for connections cost.

/// Calls that queued for a lane, and for how long. Counts grow from the connecting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LaneWaits {
    /// Calls that found no free lane.
    pub waits: u64,
    /// The time that they queued, in nanoseconds, summed.
    pub wait_ns: u64,
}

impl LaneWaits {
    /// What was added between `earlier` and `self`.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        Self { waits: self.waits.saturating_sub(earlier.waits), wait_ns: self.wait_ns.saturating_sub(earlier.wait_ns) }
    }
}
