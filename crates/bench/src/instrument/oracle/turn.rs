//! The place of an attempt to change a key among all of its key.

use super::loaded::LOADED;
use cachemark_core::{Version, WriteId};

/// An attempt's place: see [`order`](super::order).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Turn {
    /// Of the trial, which no other trial has, of this run or of one before.
    salt: u32,
    /// From 1.
    number: u32,
    is_alone: bool,
}

impl Turn {
    pub(super) fn new(salt: u32, number: u32, is_alone: bool) -> Self {
        Self { salt, number, is_alone }
    }

    /// That of the trial with that salt of which a stamp has this; none if it is of another.
    pub(super) fn of_stamp(salt: u32, write: WriteId) -> Option<Self> {
        let number = u32::try_from(write.sequence >> 1).ok()?;
        (write.session == salt).then_some(Self { salt, number, is_alone: write.sequence & 1 == 1 })
    }

    /// As a stamp has it in the place of a session and its sequence: no two attempts of a key have the same.
    pub(super) fn in_stamp(self) -> WriteId {
        WriteId { session: self.salt, sequence: u64::from(self.number) << 1 | u64::from(self.is_alone) }
    }

    /// The version of what was written, if it has one.
    pub(super) fn version(self) -> Option<Version> {
        self.is_alone.then(|| Version(u64::from(LOADED) + u64::from(self.number)))
    }
}
