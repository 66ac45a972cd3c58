//! What an audit looks at, and what is known of it.

use crate::instrument::{LastKnown, Written};
use cachemark_core::{Key, Stamp, StampError, Value};

/// What is looked at.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    /// The chosen keys, by index.
    pub(super) chosen: &'a [u32],
    /// The same.
    pub(super) keys: &'a [Key],
    pub(super) written: Option<&'a Written>,
}

impl Subject<'_> {
    /// What is known of the writes of the key at that place; none without an oracle.
    pub(super) fn last(&self, at: usize) -> Option<LastKnown> {
        self.written.map(|written| written.last(self.chosen[at]))
    }

    /// What a value's stamp says. One without a stamp has none to say anything where nobody knows who wrote, or others may have; else
    /// it is damaged.
    pub(super) fn stamp(&self, value: &Value, key: &Key) -> Option<Result<Stamp, StampError>> {
        let ours = self.written.is_some_and(Written::has_our_rows);
        Some(Stamp::check(value, key)).filter(|stamped| ours || *stamped != Err(StampError::Missing))
    }

    /// Whether the store kept the value of another write under the version that was acknowledged last of the key at that place.
    pub(super) fn is_of_another(&self, at: usize, row: u64, stamp: Option<&Stamp>) -> bool {
        let (Some(written), Some(stamp)) = (self.written, stamp) else { return false };
        let last = written.last(self.chosen[at]);
        row == last.acknowledged && last.mark.is_some_and(|mark| written.is_of_another(stamp, mark))
    }

    /// Whether nobody can have written a value of that version with that stamp, or deleted the row to it, under the key at that
    /// place.
    pub(super) fn is_phantom(&self, at: usize, version: u64, stamp: Option<&Stamp>) -> bool {
        let Some(written) = self.written else { return false };
        match stamp {
            Some(stamp) if written.is_left_over(stamp) => false,
            Some(stamp) if written.is_foreign(version, stamp) => true,
            _ => version > written.last(self.chosen[at]).highest,
        }
    }
}
