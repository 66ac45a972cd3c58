//! The cache is emptied.

use super::{Act, FaultKind, Target, always_fits};
use cachemark_core::Fault;

/// The cache is emptied.
pub(super) const KIND: &FaultKind = &FaultKind {
    name: "flush",
    meaning: "Every entry of ours is removed from the cache",
    targets: &[Target::CACHE],
    lasts: false,
    settings: &[],
    act: |_| Act::Server(Fault::Flush),
    in_words: |_| "flushed".into(),
    unfit: always_fits,
};
