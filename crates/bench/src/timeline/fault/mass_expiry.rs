//! All entries expire.

use super::{Act, FaultKind, Target, always_fits};
use cachemark_core::Fault;

/// All entries expire.
pub(super) const KIND: &FaultKind = &FaultKind {
    name: "mass-expiry",
    meaning: "Every entry of ours expires at once, as if its lifetime had ended",
    targets: &[Target::CACHE],
    lasts: false,
    settings: &[],
    act: |_| Act::Server(Fault::MassExpiry),
    in_words: |_| "made to let all entries expire".into(),
    unfit: always_fits,
};
