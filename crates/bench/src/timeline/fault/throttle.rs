//! The way is narrow.

use super::{Act, FaultKind, Target, always_fits};
use cachemark_core::{Fault, Setting};

const BYTES_PER_S: Setting = Setting::integer(
    "bytes-per-s",
    1,
    1 << 40,
    100_000,
    "The most bytes a second that all connections carry, each way.",
);

/// The way is narrow.
pub(super) const KIND: &FaultKind = &FaultKind {
    name: "throttle",
    meaning: "All connections together carry no more than bytes-per-s, each way",
    targets: &[Target::CACHE, Target::STORE],
    lasts: true,
    settings: &[BYTES_PER_S],
    act: |settings| Act::Server(Fault::Throttle { bytes_per_s: settings.integer(BYTES_PER_S.name) }),
    in_words: |settings| format!("throttled to {} B/s", settings.integer(BYTES_PER_S.name)),
    unfit: always_fits,
};
