//! Nothing ever comes back.

use super::{Act, FaultKind, Target, always_fits};
use cachemark_core::Fault;

/// Nothing ever comes back.
pub(super) const KIND: &FaultKind = &FaultKind {
    name: "black-hole",
    meaning: "Connections are accepted, what is sent is taken, and nothing ever comes back",
    targets: &[Target::CACHE, Target::STORE],
    lasts: true,
    settings: &[],
    act: |_| Act::Server(Fault::BlackHole),
    in_words: |_| "a black hole".into(),
    unfit: always_fits,
};
