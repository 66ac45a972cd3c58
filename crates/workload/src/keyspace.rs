//! From key index to key.

use crate::WorkloadError;
use cachemark_core::Key;

/// The most keys of a workload: each of them that is written takes up to 64 bytes of the oracle's.
pub const MOST_KEYS: u64 = 100_000_000;

/// The finite set of keys: `{prefix}k{index}`, the index padded with zeros so that all keys have one length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyspace {
    prefix: String,
    /// The key of index 0, after which all others are made.
    first: Key,
    count: u64,
    digits: u32,
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
        let digits = (count - 1).checked_ilog10().unwrap_or(0) + 1;
        let prefix = prefix.into();
        // All names have one length and one alphabet: if one is a key, all are.
        let first = Key::new(format!("{prefix}k{:0width$}", 0, width = digits as usize))?;
        Ok(Self { prefix, first, count, digits })
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
        self.first.as_bytes().len()
    }

    /// The key of `index`. It is made anew, which is less than to fetch it from a table of as many keys as there may be.
    ///
    /// # Panics
    /// If `index` is not below the count.
    #[must_use]
    #[inline]
    pub fn key(&self, index: u64) -> Key {
        assert!(index < self.count, "key {index} of {}", self.count);
        self.first.numbered(self.digits, index as u32)
    }

    /// All keys by index.
    pub fn keys(&self) -> impl Iterator<Item = Key> {
        (0..self.count).map(|index| self.key(index))
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
            let distinct: HashSet<_> = keyspace.keys().collect();
            prop_assert_eq!(distinct.len() as u64, count);
            prop_assert!(distinct.iter().all(|key| key.as_bytes().len() == keyspace.key_len()));
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
