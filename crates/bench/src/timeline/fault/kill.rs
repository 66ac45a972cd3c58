//! The server is killed.

use super::{Act, FaultKind, Target, always_fits};
use cachemark_core::Fault;

/// The server is killed.
pub(super) const KIND: &FaultKind = &FaultKind {
    name: "kill",
    meaning: "The server is killed outright (SIGKILL). In the end one is started in its place, a cache without what it held",
    targets: &[Target::CACHE, Target::STORE],
    lasts: true,
    settings: &[],
    act: |_| Act::Server(Fault::Kill),
    in_words: |_| "killed".into(),
    unfit: always_fits,
};
