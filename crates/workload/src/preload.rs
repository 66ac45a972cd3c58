//! The rows that a store holds before the first operation.

use crate::{Keyspace, Payloads, Seed, ValueSize};
use cachemark_core::{Key, PreloadRows, Value, WriteId};

/// The trial that stamps of preloaded values name.
pub const PRELOAD_TRIAL: u32 = 0;

/// Raised whenever the same inputs would give other rows, so that stores do not reuse ones that they kept.
const ROWS_VERSION: u32 = 1;

/// Makes the rows of a preload on demand: one for each key, by index.
#[derive(Debug, Clone)]
pub struct Preload {
    keyspace: Keyspace,
    value_size: ValueSize,
    payloads: Payloads,
    seed: Seed,
}

impl Preload {
    /// A preload of every key of `keyspace`, with values of the given sizes, under the sweep's seed.
    ///
    /// `value_size` must pass [`ValueSize::check`].
    #[must_use]
    pub fn new(keyspace: Keyspace, value_size: ValueSize, seed: Seed) -> Self {
        let payloads = Payloads::new(seed, value_size.largest());
        Self { keyspace, value_size, payloads, seed }
    }

    /// The pool that the rows' payloads come from, for the writes that follow.
    #[must_use]
    pub fn payloads(&self) -> &Payloads {
        &self.payloads
    }
}

impl PreloadRows for Preload {
    fn count(&self) -> u64 {
        self.keyspace.count()
    }

    fn row(&self, index: u64) -> (Key, Value) {
        let key = self.keyspace.key(index);
        let bytes = self.value_size.sample(&mut self.seed.child("preload").nth(index).rng());
        // The row's index stands for the sequence of its write, so no two rows share one.
        let value = self.payloads.seal(PRELOAD_TRIAL, &key, WriteId { session: 0, sequence: index }, bytes);
        (key, value)
    }

    fn identity(&self) -> String {
        let (prefix, keys) = (self.keyspace.prefix(), self.keyspace.count());
        let (sizes, seed) = (self.value_size, self.seed);
        // The prefix comes last, since it may hold anything.
        format!("rows v{ROWS_VERSION}; keys {keys}; values {sizes}; seed {seed}; prefix {prefix}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cachemark_core::Stamp;
    use std::collections::HashSet;

    fn preload(prefix: &str, keys: u64, bytes: u32, seed: u64) -> Preload {
        Preload::new(Keyspace::new(prefix, keys).unwrap(), ValueSize::Fixed { bytes }, Seed::new(seed))
    }

    #[test]
    fn every_row_is_stamped_for_its_key_and_made_the_same_again() {
        let (one, again) = (preload("cm:", 500, 100, 1), preload("cm:", 500, 100, 1));
        let mut keys = HashSet::new();
        for index in 0..one.count() {
            let (key, value) = one.row(index);
            let stamp = Stamp::check(&value, &key).unwrap();
            assert_eq!((stamp.trial, stamp.write_id.sequence), (PRELOAD_TRIAL, index));
            assert_eq!(value.len(), 100);
            assert_eq!((key.clone(), value), again.row(index));
            assert!(keys.insert(key));
        }
    }

    #[test]
    fn the_identity_holds_everything_that_changes_the_rows() {
        let base = preload("cm:", 500, 100, 1);
        assert_eq!(base.identity(), "rows v1; keys 500; values fixed 100 B; seed 1; prefix cm:");
        for other in [
            preload("x:", 500, 100, 1),
            preload("cm:", 501, 100, 1),
            preload("cm:", 500, 101, 1),
            preload("cm:", 500, 100, 2),
        ] {
            assert_ne!(other.identity(), base.identity());
            let rows = |preload: &Preload| [0, preload.count() - 1].map(|index| preload.row(index));
            assert_ne!(rows(&other), rows(&base));
        }
    }
}
