//! Replica lag: the store itself answered with an old row.
//!
//! The read loaded the row itself, or asked no cache, and was sent after A had been acknowledged: the store was asked after it had
//! committed A, and answered with v below it. A read that took the result of another's load is not told here
//! ([`joined_load`](super::joined_load)), nor one that a failed cache was passed over for, which may have.

use super::stale_read::StaleRead;
use cachemark_core::Source;

pub(super) fn is(read: &StaleRead<'_>) -> bool {
    matches!(read.source, Some(Source::MissLed | Source::Bypass))
}
