//! The room of the cache is cut.

use super::{Act, FaultKind, Target, always_fits};
use cachemark_core::{Fault, Setting};

const SHARE: Setting = Setting::ratio("share", 0.5, "The share of its room that is left.");

/// The room of the cache is cut.
pub(super) const KIND: &FaultKind = &FaultKind {
    name: "evict",
    meaning: "The cache's room is cut to a share of what it is, so that entries are evicted, and given back in the end",
    targets: &[Target::CACHE],
    lasts: true,
    settings: &[SHARE],
    act: |settings| Act::Server(Fault::Evict { share: settings.ratio(SHARE.name) }),
    in_words: |settings| format!("cut to {} % of its room", settings.ratio(SHARE.name) * 100.0),
    unfit: always_fits,
};
