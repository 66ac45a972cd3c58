//! The place of an attempt to change a key among all of its key.

use super::loaded::LOADED;
use cachemark_core::Version;

/// An attempt's place: see [`order`](super::order).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Turn {
    /// From 1.
    number: u32,
    is_alone: bool,
}

impl Turn {
    pub(super) fn new(number: u32, is_alone: bool) -> Self {
        Self { number, is_alone }
    }

    /// That of which a stamp has this in the place of a sequence; none if it is no such stamp's.
    pub(super) fn of_stamp(sequence: u64) -> Option<Self> {
        let number = u32::try_from(sequence >> 1).ok()?;
        Some(Self { number, is_alone: sequence & 1 == 1 })
    }

    /// As a stamp has it in the place of a sequence: no two attempts of a key have the same.
    pub(super) fn in_stamp(self) -> u64 {
        u64::from(self.number) << 1 | u64::from(self.is_alone)
    }

    /// The version of what was written, if it has one.
    pub(super) fn version(self) -> Option<Version> {
        self.is_alone.then(|| Version(u64::from(LOADED) + u64::from(self.number)))
    }
}
