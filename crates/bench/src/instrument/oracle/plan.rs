//! What is known of a trial beforehand.

use super::loaded::LOADED;
use super::numbers::Versions;
use cachemark_core::Stamp;
use cachemark_workload::PRELOAD_TRIAL;
use std::time::Duration;

/// What the oracle has to know of a trial beforehand.
#[derive(Debug, Clone, Copy)]
pub struct OraclePlan {
    /// How many keys there are.
    pub keys: u64,
    /// How many sessions there are on all driver threads.
    pub sessions: u32,
    /// The trial's number, which its stamps carry.
    pub trial: u32,
    /// Whether the store was loaded for this trial, every row as its first version, and nobody else writes to it: then it is
    /// known what each row was before it was written, and which values can be there.
    pub loaded: bool,
    /// Whether this client wrote every row: a value without its stamp is damaged then, and else may be another's.
    pub our_rows: bool,
    /// Whether no answer names a version, so that the order of this client's writes stands in their place, so far
    /// as they did not overlap.
    pub by_stamp: bool,
    /// How many caches the sessions ask, each its own, taking turns: 1 where all ask the same.
    pub caches: u32,
    /// Whether the strategy fills entries by loads that no operation tells of: then no cause of a stale hit is told.
    pub fills_unseen: bool,
    /// Who gives the versions of rows.
    pub versions: Versions,
    /// How long the window is: the oracle's numbers reach as far, where versions are times.
    pub window: Duration,
}

impl OraclePlan {
    /// Whether the stamp is of an earlier trial of the run, whose trials are numbered in their order.
    pub(super) fn is_left_over(&self, stamp: &Stamp) -> bool {
        (PRELOAD_TRIAL + 1..self.trial).contains(&stamp.trial)
    }

    /// Whether a value of that version with that stamp is of no write of the trial, nor of what was loaded for it.
    pub(super) fn is_foreign(&self, version: u64, stamp: &Stamp) -> bool {
        match stamp.trial {
            // What was loaded has the first version, and is the only value that has.
            PRELOAD_TRIAL => version != u64::from(LOADED),
            trial if trial == self.trial => version <= u64::from(LOADED) || stamp.write_id.session >= self.sessions,
            // What was left over of an earlier trial of the run is no fault of this one.
            trial => trial > self.trial,
        }
    }
}
