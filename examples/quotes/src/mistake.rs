//! Mistakes that such applications are often written with, each a switch, all off by default: to be measured, and to be looked for.

use clap::ValueEnum;

/// A mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mistake {
    /// `prewarm` puts the quotes under `{id}`, which nobody reads: readers ask for `quote.{id}`.
    OtherKey,
    /// `add` of a number that the store has already puts the text into Redis all the same.
    RefusedValue,
    /// `update` leaves the old text in Redis.
    NoInvalidation,
    /// `get` answers with an empty text where the store fails, and keeps that in Redis.
    SwallowedErrors,
    /// `get` fails where Redis does, though the store has the quote.
    UncaughtCacheErrors,
}

/// Those that are switched on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mistakes(pub(crate) Vec<Mistake>);

impl Mistakes {
    pub(crate) fn has(&self, mistake: Mistake) -> bool {
        self.0.contains(&mistake)
    }
}
