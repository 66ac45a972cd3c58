//! From key index to key.

use crate::WorkloadError;
use cachemark_core::Key;
use std::sync::Arc;

/// The most keys of a workload. A key takes some 100 bytes in memory, so this is 10 GB of them.
pub const MOST_KEYS: u64 = 100_000_000;

/// The finite set of keys: `{prefix}k{index}`, the index padded with zeros so that all keys have one length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyspace {
    prefix: String,
    count: u64,
    digits: usize,
}

impl Keyspace {
    /// The keyspace of `count` keys, 1 to [`MOST_KEYS`], whose names begin with `prefix`, which may be empty.
    ///
    /// # Errors
    /// [`WorkloadError::Keys`] if there are none or too many; [`WorkloadError::Prefix`] if the prefix makes keys longer
    /// than [`cachemark_core::LONGEST_KEY`] or has bytes that no key may have.
    pub fn new(prefix: impl Into<String>, count: u64) -> Result<Self, WorkloadError> {
        if !(1..=MOST_KEYS).contains(&count) {
            return Err(WorkloadError::Keys { keys: count });
        }
        let digits = (count - 1).checked_ilog10().unwrap_or(0) as usize + 1;
        let keyspace = Self { prefix: prefix.into(), count, digits };
        // All names have one length and one alphabet: if one is a key, all are.
        Key::new(keyspace.name(0))?;
        Ok(keyspace)
    }

    /// How many keys there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// What every key begins with.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The length of every key in bytes.
    #[must_use]
    pub fn key_len(&self) -> usize {
        self.prefix.len() + 1 + self.digits
    }

    /// The key of `index`, made anew: see [`Keyspace::table`] for the hot path.
    ///
    /// # Panics
    /// If `index` is not below the count.
    #[must_use]
    pub fn key(&self, index: u64) -> Key {
        assert!(index < self.count, "key {index} of {}", self.count);
        Key::new(self.name(index)).expect("`new` tried a name of the same length and alphabet")
    }

    /// All keys, made beforehand.
    #[must_use]
    pub fn table(&self) -> KeyTable {
        KeyTable((0..self.count).map(|index| self.key(index)).collect())
    }

    fn name(&self, index: u64) -> String {
        let Self { prefix, digits, .. } = self;
        format!("{prefix}k{index:0digits$}")
    }
}

/// All keys of a keyspace by index, made beforehand. Cloning shares the table.
///
/// Each key has memory of its own: slices of one block would share a single reference count, which every driver thread
/// would then write to at every clone.
#[derive(Debug, Clone)]
pub struct KeyTable(Arc<[Key]>);

impl KeyTable {
    /// The key of `index`, from 0; cheap to clone.
    ///
    /// # Panics
    /// If `index` is not below the number of keys.
    #[must_use]
    pub fn key(&self, index: u64) -> &Key {
        &self.0[index as usize]
    }

    /// All keys by index.
    #[must_use]
    pub fn keys(&self) -> &[Key] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cachemark_core::{KeyError, LONGEST_KEY};
    use proptest::prelude::*;
    use std::collections::HashSet;

    proptest! {
        #[test]
        fn keys_are_distinct_and_of_one_length(prefix in "[!-~]{0,20}", count in 1..2_000u64) {
            let keyspace = Keyspace::new(prefix, count).unwrap();
            let table = keyspace.table();
            let distinct: HashSet<_> = table.keys().iter().collect();
            prop_assert_eq!(distinct.len() as u64, count);
            prop_assert!(table.keys().iter().all(|key| key.as_bytes().len() == keyspace.key_len()));
        }
    }

    #[test]
    fn names_are_padded_to_the_last_index() {
        let name = |count, index| Keyspace::new("cm:", count).unwrap().key(index).to_string();
        assert_eq!(name(1, 0), "cm:k0");
        assert_eq!(name(10, 9), "cm:k9");
        assert_eq!(name(11, 9), "cm:k09");
        assert_eq!(name(10_000, 42), "cm:k0042");
    }

    #[test]
    fn the_longest_prefix_is_what_leaves_room_for_the_index() {
        assert!(Keyspace::new("p".repeat(LONGEST_KEY - 5), 10_000).is_ok());
        assert_eq!(
            Keyspace::new("p".repeat(LONGEST_KEY - 4), 10_000),
            Err(WorkloadError::Prefix(KeyError::TooLong { len: LONGEST_KEY + 1 }))
        );
        assert!(matches!(Keyspace::new("a b", 1), Err(WorkloadError::Prefix(KeyError::Unprintable { at: 1, .. }))));
        assert_eq!(Keyspace::new("", 0), Err(WorkloadError::Keys { keys: 0 }));
        assert!(Keyspace::new("", MOST_KEYS + 1).is_err());
    }
}
