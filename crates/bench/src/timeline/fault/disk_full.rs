//! The disk is full.

use super::{Act, FaultKind, Target, always_fits};
use cachemark_core::Fault;

/// The disk is full.
pub(super) const KIND: &FaultKind = &FaultKind {
    name: "disk-full",
    meaning: "What the store writes to disk fails for want of room. In the end there is room again",
    targets: &[Target::STORE],
    lasts: true,
    settings: &[],
    act: |_| Act::Server(Fault::DiskFull),
    in_words: |_| "without room on its disk".into(),
    unfit: always_fits,
};
