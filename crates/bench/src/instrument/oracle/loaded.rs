//! What every row is before the trial begins.

/// The version that the store gave to every row when it was loaded, before the trial began.
pub(super) const LOADED: u32 = 1;
