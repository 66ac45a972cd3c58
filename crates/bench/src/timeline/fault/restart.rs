//! The server is restarted.

use super::{Act, FaultKind, Target};
use cachemark_core::{Fault, Setting};

const EMPTY: Setting = Setting::flag(
    "empty",
    true,
    "Whether it comes back without what it held; false for a store, which has to keep its rows.",
);

/// The server is restarted.
pub(super) const KIND: &FaultKind = &FaultKind {
    name: "restart",
    meaning: "The server ends and is started again at once, a cache empty or with what it held",
    targets: &[Target::CACHE, Target::STORE],
    lasts: false,
    settings: &[EMPTY],
    act: |settings| Act::Server(Fault::Restart { empty: settings.flag(EMPTY.name) }),
    in_words: |settings| {
        let how = if settings.flag(EMPTY.name) { "empty" } else { "with what it held" };
        format!("restarted {how}")
    },
    unfit: |settings, target| {
        let loses_rows = target == Target::STORE && settings.flag(EMPTY.name);
        loses_rows.then_some("a store that comes back empty has no rows to read; write empty = false")
    },
};
