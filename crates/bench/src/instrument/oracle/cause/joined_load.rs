//! Joined load from before the write: the read took the result of a load that another had begun.
//!
//! A read that led its load of v is remembered, which was sent before the next version above v was acknowledged, and ended after
//! this read was sent. That load may rightly have found v, and this read should not have joined it. A leader that has not told its
//! end yet leaves the cause unknown: the store may have lagged behind.

use super::log::{Event, rounded_down};
use super::stale_read::StaleRead;
use cachemark_core::Source;

pub(super) fn is(read: &StaleRead<'_>) -> bool {
    if read.source != Some(Source::MissJoined) {
        return false;
    }
    let Some((history, sent)) = read.history.zip(rounded_down(read.started_ns)) else { return false };
    let Some((changes, fills)) = history.changes.told().zip(history.fills.told()) else { return false };
    let above = changes.events().filter(|change| change.version > read.version);
    let is_next = |change: &&Event| {
        if read.sparse { changes.reaches(read.version, history.begun()) } else { change.version == read.version + 1 }
    };
    let next = above.min_by_key(|change| change.version).filter(is_next);
    let led = |acknowledged: u32| {
        fills.events().any(|fill| fill.version == read.version && fill.started < acknowledged && fill.ended >= sent)
    };
    next.is_some_and(|next| led(next.ended))
}
