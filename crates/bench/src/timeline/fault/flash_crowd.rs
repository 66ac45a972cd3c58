//! A crowd comes.

use super::{Act, FaultKind, Target, always_fits};
use cachemark_core::Setting;

const FACTOR: Setting = Setting::number("factor", 1.1, 1000.0, 10.0, "How many times as many arrivals as before come.");

/// A crowd comes.
pub(super) const KIND: &FaultKind = &FaultKind {
    name: "flash-crowd",
    meaning: "So many times as many arrivals come for so long. In an open loop alone",
    targets: &[Target::Load],
    lasts: true,
    settings: &[FACTOR],
    act: |settings| Act::Arrivals(settings.ratio(FACTOR.name)),
    in_words: |settings| format!("{} times as high", settings.ratio(FACTOR.name)),
    unfit: always_fits,
};
