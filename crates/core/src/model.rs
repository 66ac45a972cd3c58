//! What theory needs to know of a part with its settings: what a write does to an entry, how long one lives, how many
//! fit.

use std::time::Duration;

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
    /// A write removes the entry, and again some time after, which no formula here has (double delete): how often the
    /// second time removes an entry that is good depends on how long after it is.
    InvalidatedTwice,
    /// A write leaves the entry up to date, and makes it the most recent; once cached, a key stays.
    KeptByWrites,
    /// A write leaves the entry alone: for the cache there are only reads.
    UntouchedByWrites,
}

/// What an entry of some lifetime stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remembered {
    /// A value.
    Value,
    /// That the store has no row.
    Absence,
}

/// A lifetime that a strategy gives to entries.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lifetime {
    /// Of which entries.
    pub of: Remembered,
    /// How long; above zero.
    pub length: Duration,
    /// How far it is spread to both sides, as a share of it, 0 to 1.
    pub jitter: f64,
    /// Whether a hit begins it anew; if not, it counts from the fill.
    pub renewed: bool,
    /// The setting that says how long, in milliseconds: its name ends in `-ms`.
    pub setting: &'static str,
    /// The setting that says how far.
    pub jitter_setting: &'static str,
}

/// How many entries a cache has room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// As many as come.
    Unbounded,
    /// So many, and the least recently used leaves.
    Lru(u64),
    /// So many, and another law says which leaves.
    Entries(u64),
    /// Its server's memory, which is no setting of the cache but of the server.
    ServerMemory {
        /// The setting of servers that says it, in mebibytes.
        mib_setting: &'static str,
    },
}

/// What theory goes by. Of a strategy it is the first four, of a cache the last.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// What becomes of entries.
    pub hits: HitModel,
    /// Store operations that a write makes, in the long run: 1 where each goes to the store.
    pub store_operations_a_write: f64,
    /// The lifetimes of its entries; none where they do not expire.
    pub lifetimes: Vec<Lifetime>,
    /// Whether entries are filled by loads that no operation waits for and tells of: who watches the operations
    /// cannot say then who put an entry there.
    pub fills_unseen: bool,
    /// How many entries there is room for.
    pub room: Room,
}

impl Model {
    /// Of a part that theory has nothing to say of.
    #[must_use]
    pub fn none() -> Self {
        Self {
            hits: HitModel::Never,
            store_operations_a_write: 1.0,
            lifetimes: Vec::new(),
            fills_unseen: false,
            room: Room::Unbounded,
        }
    }

    /// The lifetime of entries with a value; none where they do not expire.
    #[must_use]
    pub fn lifetime(&self) -> Option<&Lifetime> {
        self.lifetimes.iter().find(|lifetime| lifetime.of == Remembered::Value)
    }
}
