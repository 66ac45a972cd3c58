//! There are few connections.

use super::{Act, FaultKind, Target, always_fits};
use cachemark_core::{Fault, Setting};

const MOST: Setting = Setting::integer("most", 0, 100_000, 2, "The most connections; 0 for none at all.");

/// There are few connections.
pub(super) const KIND: &FaultKind = &FaultKind {
    name: "connection-limit",
    meaning: "No more than so many connections: those beyond are closed, those that come are refused",
    targets: &[Target::CACHE, Target::STORE],
    lasts: true,
    settings: &[MOST],
    act: |settings| Act::Server(Fault::ConnectionLimit { most: settings.integer(MOST.name) as u32 }),
    in_words: |settings| format!("limited to {} connections", settings.integer(MOST.name)),
    unfit: always_fits,
};
