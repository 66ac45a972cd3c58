//! What a version that a read was answered with is worth, against what was known before the read was sent.

use super::known::Known;
pub(super) use super::loaded::LOADED;

/// What a read that could be judged was found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Judged {
    /// How many versions it was behind the highest that had been acknowledged: 0 if it was fresh.
    pub(super) lag: u32,
    /// Whether somebody had been answered with a higher version before it was sent.
    pub(super) regressed: bool,
    /// Whether it has a value though a delete above its version had been acknowledged.
    pub(super) resurrected: bool,
}

/// Judges `version`, with or without a value. `loaded` is the version that every row had from the first, 0 if that is not known.
pub(super) fn judge(version: u32, has_value: bool, known: &Known, loaded: u32) -> Judged {
    let latest = known.acked().max(loaded);
    Judged {
        lag: latest.saturating_sub(version),
        regressed: version < known.observed,
        resurrected: has_value && version < known.deleted,
    }
}
