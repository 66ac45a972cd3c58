//! What is known of a key just before an operation on it is sent.

use super::acknowledged::Acknowledged;
use super::slot::SlotId;

/// What was known of a key just before an operation on it was sent.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known {
    /// None if the key had not been written.
    pub(super) slot: Option<SlotId>,
    /// The highest version that had been acknowledged.
    pub(super) acked: Acknowledged,
    /// The highest version that a read had been answered with.
    pub(super) observed: u32,
    /// The highest version that was an acknowledged delete's.
    pub(super) deleted: u32,
}

impl Known {
    /// The highest version that was acknowledged; 0 if none was since the trial began.
    pub(super) fn acked(&self) -> u32 {
        self.acked.version()
    }
}
