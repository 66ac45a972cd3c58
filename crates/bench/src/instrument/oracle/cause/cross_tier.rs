//! Another instance's cache: nobody told the one that was asked.
//!
//! There are several caches, each of one instance, and a write tells the cache of the instance that made it. No change above v
//! was acknowledged through the cache that was asked, so every newer one was made through another. That holds from the version on
//! with which the history of the key begins, of the first eight caches, and as long as every change of the key had an answer: one
//! that had none may have been made here, and have taken the entry out.

use super::stale_read::StaleRead;

pub(super) fn is(read: &StaleRead<'_>) -> bool {
    let Some(history) = read.history.filter(|_| read.own_caches) else { return false };
    let is_remembered = read.version >= history.begun() && !history.has_unsure_changes();
    let untold = history.through(read.cache).is_some_and(|version| version <= read.version);
    is_remembered && untold && read.known.acked() > read.version
}
