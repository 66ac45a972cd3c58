//! TTL only: no write of the key tells the cache.
//!
//! A change above v was acknowledged before the read was sent, and no acknowledged change of the key has ever said that it
//! did anything to the cache, or tried to. So nothing was to take v out but its TTL. One bit of a key's slot says so, of every
//! key that was written. Changes whose end is unknown are of the same strategy and did as little.

use super::stale_read::StaleRead;

pub(super) fn is(read: &StaleRead<'_>) -> bool {
    read.known.acked() > 0 && read.slot.is_some_and(|slot| !slot.has_told_cache())
}
