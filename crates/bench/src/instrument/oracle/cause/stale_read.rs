//! What is asked of.

use super::history::History;
use crate::instrument::oracle::known::Known;
use crate::instrument::oracle::slot::Slot;
use cachemark_core::Source;

/// A stale read, and what is remembered of its key.
#[derive(Debug, Clone, Copy)]
pub(in crate::instrument::oracle) struct StaleRead<'a> {
    /// What it was answered with.
    pub(in crate::instrument::oracle) version: u32,
    pub(in crate::instrument::oracle) has_value: bool,
    pub(in crate::instrument::oracle) source: Option<Source>,
    /// Which cache it asked.
    pub(in crate::instrument::oracle) cache: u8,
    pub(in crate::instrument::oracle) started_ns: u64,
    /// What was known of the key before it was sent.
    pub(in crate::instrument::oracle) known: &'a Known,
    pub(in crate::instrument::oracle) slot: Option<&'a Slot>,
    /// None of a key without a ring.
    pub(in crate::instrument::oracle) history: Option<&'a History>,
    /// Whether there are several caches, of which a write tells one.
    pub(in crate::instrument::oracle) own_caches: bool,
    /// Whether the versions of a key do not follow one upon the other: see [`numbers`](crate::instrument::oracle::numbers).
    pub(in crate::instrument::oracle) sparse: bool,
}

impl StaleRead<'_> {
    pub(super) fn is_of_cache(&self) -> bool {
        self.source == Some(Source::Hit)
    }
}
