//! Negative entry over a live row: the cache said that the key has no row.
//!
//! The read was answered without a value and by the cache, and the highest change that had been acknowledged before it was sent is no
//! delete: the row was there. A delete that was under way at the same time is no excuse, for its version is above that
//! change's, and the answer's is below. How the entry came to be there, by an insert that left it alone or by a late load, is not told.

use super::stale_read::StaleRead;

pub(super) fn is(read: &StaleRead<'_>) -> bool {
    !read.has_value && read.known.acked() > read.known.deleted
}
