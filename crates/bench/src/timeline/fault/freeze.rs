//! The server stands still.

use super::{Act, FaultKind, Target, always_fits};
use cachemark_core::Fault;

/// The server stands still.
pub(super) const KIND: &FaultKind = &FaultKind {
    name: "freeze",
    meaning: "The process stands still (SIGSTOP): it keeps its connections and answers nothing. In the end it goes on",
    targets: &[Target::CACHE, Target::STORE],
    lasts: true,
    settings: &[],
    act: |_| Act::Server(Fault::Freeze),
    in_words: |_| "frozen".into(),
    unfit: always_fits,
};
