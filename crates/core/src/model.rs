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
    /// How long in all; above zero.
    pub length: Duration,
    /// The setting that adds to what `setting` says, and how much of the length that is: it is not spread.
    pub added: Option<(&'static str, Duration)>,
    /// How far it is spread to both sides, as a share of the length, 0 to 1.
    pub jitter: f64,
    /// Whether a hit begins it anew; if not, it counts from the fill.
    pub renewed: bool,
    /// The setting that says how long, in milliseconds: its name ends in `-ms`.
    pub setting: &'static str,
    /// The setting that says how far.
    pub jitter_setting: &'static str,
}

impl Lifetime {
    /// How much of it `setting` says.
    #[must_use]
    pub fn own(&self) -> Duration {
        self.length.saturating_sub(self.added.map_or(Duration::ZERO, |(_, added)| added))
    }

    /// The settings that say how long, as a sum where there are two.
    #[must_use]
    pub fn settings(&self) -> String {
        match self.added {
            Some((added, _)) => format!("{} + {added}", self.setting),
            None => self.setting.to_owned(),
        }
    }
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
    /// Store operations that a write makes, in the long run: 1 where each goes to the store. Where writes are
    /// [coalesced](Model::coalesced_for), those of them that are not taken together with another.
    pub store_operations_a_write: f64,
    /// How long after the first write of a key the store is asked, which has all writes of the key until then as one; none where each
    /// is asked for by itself.
    pub coalesced_for: Option<Duration>,
    /// The lifetimes of its entries; none where they do not expire.
    pub lifetimes: Vec<Lifetime>,
    /// Whether entries are filled by loads that no operation waits for and tells of: who watches the operations
    /// cannot say then who put an entry there.
    pub fills_unseen: bool,
    /// Whether the strategy gives the versions of rows itself, before the store has the write: times, of which each
    /// microsecond has [`Version::A_MICROSECOND`](crate::Version::A_MICROSECOND). If not, the store counts them.
    pub gives_versions: bool,
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
            coalesced_for: None,
            lifetimes: Vec::new(),
            fills_unseen: false,
            gives_versions: false,
            room: Room::Unbounded,
        }
    }

    /// Store operations that a write makes of a key that is written `rate` times a second, its writes coming as they like (Poisson).
    ///
    /// Where they are coalesced for D, a key that is clean is written by its next write, 1 / w later in the mean, and D after that the
    /// store is asked: once in D + 1 / w, in which there are 1 + w D writes.
    #[must_use]
    pub fn store_operations_at(&self, rate: f64) -> f64 {
        let delay = self.coalesced_for.map_or(0.0, |delay| delay.as_secs_f64());
        self.store_operations_a_write / (1.0 + rate * delay)
    }

    /// The lifetime of entries with a value; none where they do not expire.
    #[must_use]
    pub fn lifetime(&self) -> Option<&Lifetime> {
        self.lifetimes.iter().find(|lifetime| lifetime.of == Remembered::Value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coalesced_writes_are_fewer_the_more_often_a_key_is_written() {
        let model = Model { coalesced_for: Some(Duration::from_millis(500)), ..Model::none() };
        assert_eq!([0.0, 2.0, 18.0].map(|rate| model.store_operations_at(rate)), [1.0, 0.5, 0.1]);
        assert_eq!(Model::none().store_operations_at(1e6), 1.0);
        assert_eq!(Model { store_operations_a_write: 0.0, ..Model::none() }.store_operations_at(3.0), 0.0);
    }
}
