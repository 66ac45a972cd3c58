//! What a part says of itself: a definition is checked against it, a report takes its colour from it.

use crate::{Capabilities, Setting};

/// Whether a part is a strategy, a cache or a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartKind {
    /// Joins a cache and a store.
    Strategy,
    /// Holds copies.
    Cache,
    /// Holds the truth.
    Store,
}

impl PartKind {
    /// The word for it in messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Strategy => "strategy",
            Self::Cache => "cache",
            Self::Store => "store",
        }
    }
}

/// Which formula predicts a strategy's hit ratio over a cache with room for all keys and no TTL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HitModel {
    /// Never asks the cache.
    Never,
    /// A write removes the entry; the next read misses: lambda / (lambda + w) for each key (cache-aside). A load that a
    /// write has overtaken fills the cache all the same.
    InvalidatedByWrites,
    /// The same, and a load that a write has overtaken fills nothing (read-through).
    InvalidatedWithLoads,
    /// A write leaves the entry up to date, and makes it the most recent; once cached, a key stays.
    KeptByWrites,
    /// A write leaves the entry alone: for the cache there are only reads.
    UntouchedByWrites,
}

/// What a strategy, cache or store says of itself.
#[derive(Debug, Clone, Copy)]
pub struct Descriptor {
    /// What the part is.
    pub kind: PartKind,
    /// Its name in definitions, flags and records.
    pub name: &'static str,
    /// What it does, for people, in one sentence.
    pub summary: &'static str,
    /// What can be set.
    pub settings: &'static [Setting],
    /// What it needs of a cache (strategies only).
    pub needs: Capabilities,
    /// How its hit ratio is predicted (strategies only).
    pub hit_model: HitModel,
    /// Its colour in charts, red, green, blue.
    pub colour: [u8; 3],
}

impl Descriptor {
    /// Whether reads of the strategy ask a cache.
    #[must_use]
    pub fn asks_cache(&self) -> bool {
        self.hit_model != HitModel::Never
    }

    /// The setting called `name`.
    #[must_use]
    pub fn setting(&self, name: &str) -> Option<&'static Setting> {
        self.settings.iter().find(|setting| setting.name == name)
    }
}
