//! What is known of the writes of a trial that is over.

use super::last_change::{LastChange, Mark};
use super::loaded::LOADED;
use super::plan::OraclePlan;
use super::slot::Slot;
use super::table::Table;
use cachemark_core::Stamp;
use std::sync::Arc;

/// Every key's acknowledgements and attempts, for whoever looks at cache and store once all operations have ended.
#[derive(Debug)]
pub(crate) struct Written {
    plan: OraclePlan,
    table: Arc<Table>,
}

/// The last that is known of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LastKnown {
    /// The highest version that was acknowledged, that of the preload included; 0 if none was.
    pub(crate) acknowledged: u64,
    /// Whether that was a delete's.
    pub(crate) deleted: bool,
    /// The highest version that can have been given: each attempt makes one at most, which may be any where versions are sparse. Where
    /// others may have written before the trial, any can.
    pub(crate) highest: u64,
    /// Whether a write or delete was acknowledged in this trial.
    pub(crate) written: bool,
    /// The mark of the write that was acknowledged as [`LastKnown::acknowledged`]; none where that is not known, or a delete's.
    pub(crate) mark: Option<Mark>,
}

impl Written {
    pub(super) fn of(plan: OraclePlan, table: Arc<Table>) -> Self {
        Self { plan, table }
    }

    /// Whether all rows were written by this client.
    pub(crate) fn has_our_rows(&self) -> bool {
        self.plan.our_rows
    }

    /// Whether anybody tried to write or delete the key in this trial.
    pub(crate) fn is_touched(&self, key: u32) -> bool {
        self.table.reading(key).slot.is_some()
    }

    pub(crate) fn last(&self, key: u32) -> LastKnown {
        let loaded = if self.plan.loaded { LOADED } else { 0 };
        let (known, numbers) = (self.table.reading(key), &self.table.numbers);
        let slot = self.table.slot(&known);
        let attempted = slot.map_or(0, Slot::attempted);
        let acknowledged = known.acked();
        let may_be_any = !self.plan.loaded || (attempted > 0 && numbers.are_sparse(acknowledged));
        // What shares the number with it is lower.
        let change = slot.map(|slot| slot.last_change(numbers)).filter(|change| change.number() == acknowledged);
        let exact = change.map_or(0, |change| change.version(numbers));
        let deleted = || acknowledged > 0 && known.deleted == acknowledged;
        LastKnown {
            acknowledged: numbers.version(acknowledged.max(loaded)).max(exact),
            deleted: change.and_then(LastChange::is_delete).unwrap_or_else(deleted),
            highest: if may_be_any { u64::MAX } else { numbers.version(loaded.saturating_add(attempted)) },
            written: acknowledged > 0,
            mark: change.and_then(LastChange::mark),
        }
    }

    /// Whether a value is of an earlier trial of the run, whose write came after the reset: it took a version that was no attempt of
    /// this trial, and is no fault of what was measured.
    pub(crate) fn is_left_over(&self, stamp: &Stamp) -> bool {
        self.plan.is_left_over(stamp)
    }

    /// Whether a value with that stamp is of another write than the one with the mark, of this trial or of before it.
    pub(crate) fn is_of_another(&self, stamp: &Stamp, mark: Mark) -> bool {
        stamp.trial < self.plan.trial || (stamp.trial == self.plan.trial && !mark.can_be_of(stamp.write_id))
    }

    /// Whether a value of that version with that stamp is of no write of this trial, nor of what was loaded for it.
    pub(crate) fn is_foreign(&self, version: u64, stamp: &Stamp) -> bool {
        self.plan.loaded && self.plan.is_foreign(version, stamp)
    }
}
