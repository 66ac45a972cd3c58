//! What is known of a key just before an operation on it is sent.

use super::acknowledged::Acknowledged;
use super::last_change::mark_of;
use super::slot::SlotId;
use super::turn::Turn;
use cachemark_core::WriteId;

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
    /// Where versions are the order of our writes, the place of the write or delete that is about to be sent.
    pub(super) turn: Option<Turn>,
    /// The [mark](mark_of) of the write that is about to be sent; 0 where it has no stamp.
    pub(super) mark: u32,
}

impl Known {
    /// Which write the stamp of the value says that is about to be written: that of the session, or its place among the writes
    /// of the key. That it does is remembered: what the store has in the end is held against it.
    #[must_use]
    #[inline]
    pub fn in_stamp(&mut self, write: WriteId) -> WriteId {
        let write = self.turn.map_or(write, Turn::in_stamp);
        self.mark = mark_of(write);
        write
    }

    /// The highest version that was acknowledged; 0 if none was since the trial began.
    pub(super) fn acked(&self) -> u32 {
        self.acked.version()
    }
}
