//! Leases, as a Memcached server keeps them: a get that finds nothing leaves a stub without a value, and tells the one who made
//! it that he won, and its number. Whoever comes after him is told that it was given away. A set under the number stores only
//! over the very stub: a delete or another set voids it, and so does its end.

use super::reply::Answer;
use crate::leases_made::LeasesMade;
use std::sync::atomic::{AtomicU64, Ordering};

/// What leases add to the server's counts.
#[derive(Debug, Default)]
pub(super) struct Leases {
    /// Stubs that were made.
    pub(super) made: LeasesMade,
    stubs: AtomicU64,
    refused: AtomicU64,
}

impl Leases {
    /// Counts a stub in an answer, made or met: the server counts either as a hit.
    pub(super) fn note(&self, answer: &Answer) {
        if is_stub(answer) {
            self.stubs.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Counts a set that was refused, which the server counts as one.
    pub(super) fn note_refused(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }

    /// How many stubs there were in answers so far.
    pub(super) fn stubs(&self) -> u64 {
        self.stubs.load(Ordering::Relaxed)
    }

    /// How many sets were refused so far.
    pub(super) fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }
}

/// Whether what was found, value asked for, is a lease and no entry. An entry is never empty.
pub(super) fn is_stub(answer: &Answer) -> bool {
    answer.value.as_ref().is_some_and(Vec::is_empty) && (answer.said.won || answer.said.given_away)
}
