//! What is asked for most expires.

use super::{Act, FaultKind, Target, always_fits};
use cachemark_core::{Fault, Setting};

const HOT_KEYS: Setting =
    Setting::integer("keys", 1, 1_000_000, 1, "How many keys, those that are asked for most first.");

/// What is asked for most expires.
pub(super) const KIND: &FaultKind = &FaultKind {
    name: "hot-key-expiry",
    meaning: "The entries of the keys that are asked for most expire at once",
    targets: &[Target::CACHE],
    lasts: false,
    settings: &[HOT_KEYS],
    act: |settings| Act::Server(Fault::HotKeyExpiry { keys: settings.integer(HOT_KEYS.name) }),
    in_words: |settings| match settings.integer(HOT_KEYS.name) {
        1 => "made to let its hottest key expire".into(),
        keys => format!("made to let its {keys} hottest keys expire"),
    },
    unfit: always_fits,
};
