//! Connections are reset.

use super::{Act, FaultKind, Target, always_fits};
use cachemark_core::Fault;

/// Connections are reset.
pub(super) const KIND: &FaultKind = &FaultKind {
    name: "drop",
    meaning: "Connections are reset, those that are there and those that come",
    targets: &[Target::CACHE, Target::STORE],
    lasts: true,
    settings: &[],
    act: |_| Act::Server(Fault::Drop),
    in_words: |_| "cut off, its connections reset".into(),
    unfit: always_fits,
};
