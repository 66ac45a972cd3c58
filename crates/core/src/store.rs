//! The contract of a store, the system of record.

use crate::{Key, OpContext, StoreError, Value, Version};
use std::collections::HashSet;
use std::future::Future;

/// What the store says of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The version of the last write or delete; [`Version::NONE`] if the key was never written.
    pub version: Version,
    /// The value; `None` if the key was never written or is deleted.
    pub value: Option<Value>,
}

impl Row {
    /// A key that was never written.
    pub const NEVER: Self = Self { version: Version::NONE, value: None };
}

/// A change of a row to a version that the store has not given: whoever makes it has acknowledged it as that version already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreChange {
    /// The row's key.
    pub key: Key,
    /// The row's version from now on; above [`Version::NONE`] and below 2^63.
    pub version: Version,
    /// The row's value from now on; `None` marks it deleted.
    pub value: Option<Value>,
}

/// What became of a [`StoreChange`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// The row is what the change says.
    Put,
    /// The row had that version or a newer one, and stays as it was.
    Superseded,
}

/// How many changes [`Store::apply`] takes at once.
pub const MOST_CHANGES: usize = 1_000;

impl StoreChange {
    /// Whether `changes` may be applied together: they are no more than [`MOST_CHANGES`], of distinct keys, and their versions
    /// can be kept.
    ///
    /// # Errors
    /// [`StoreError::Rejected`], which says what is wrong.
    pub fn check_all(changes: &[Self]) -> Result<(), StoreError> {
        if changes.len() > MOST_CHANGES {
            let text = format!("{} changes at once are more than {MOST_CHANGES}: apply them in parts", changes.len());
            return Err(StoreError::Rejected(text));
        }
        let mut keys = HashSet::with_capacity(changes.len());
        for Self { key, version, .. } in changes {
            if *version == Version::NONE || i64::try_from(version.0).is_err() {
                return Err(StoreError::Rejected(format!("{version} of {key} is none that a row can have")));
            }
            if !keys.insert(key) {
                return Err(StoreError::Rejected(format!("there are two changes of {key}: apply the last one alone")));
            }
        }
        Ok(())
    }
}

/// A store: Postgres, SQLite.
///
/// **Any number of calls may run at once**, on the same key too. Each is one transaction; writes and deletes of a key
/// are ordered by the row's lock, and the version is given under that lock, so later commits have higher versions. A
/// read sees every write that was acknowledged before the read was sent. A call ends by the context's deadline with
/// [`StoreError::Timeout`]; such a call, like one that ended in [`StoreError::ConnectionLost`], may have committed or
/// may yet. All other errors mean that nothing was changed.
///
/// Deletes are soft: the row stays, marked, with its version counted on; a later write revives it. So versions of a
/// key never start again, and "older" and "newer" mean the same for ever.
///
/// [`Store::apply`] puts rows at versions that others have given, and a [`Store::write`] counts on from there: of one key the
/// versions rise all the same, but not one by one.
pub trait Store: Send + Sync + 'static {
    /// The row of `key`; [`Row::NEVER`] if it was never written.
    fn read(&self, ctx: &OpContext, key: &Key) -> impl Future<Output = Result<Row, StoreError>> + Send;

    /// Inserts, overwrites or revives the row and returns its new version.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`] for a value over the store's limit, besides what the trait's contract says.
    fn write(
        &self,
        ctx: &OpContext,
        key: &Key,
        value: Value,
    ) -> impl Future<Output = Result<Version, StoreError>> + Send;

    /// Marks the row deleted and returns its new version; [`Version::NONE`] if the key was never written. Deleting a
    /// deleted row counts its version on as well.
    fn delete(&self, ctx: &OpContext, key: &Key) -> impl Future<Output = Result<Version, StoreError>> + Send;

    /// Puts rows at the versions that the changes say, all of them or none, as one transaction: each unless its row has that version
    /// or a newer one. A row that was never written is made. The answer says what became of each change, in their order; no
    /// changes are no transaction.
    ///
    /// The same changes applied again, after an end that left open whether they were carried out, change nothing. The rows are locked in the
    /// order of their keys, so that two calls at once wait for each other and never in a circle.
    ///
    /// # Errors
    /// [`StoreError::Rejected`] for changes that [`StoreChange::check_all`] refuses, [`StoreError::TooLarge`] where one value is over the
    /// store's limit, besides what the trait's contract says.
    fn apply(
        &self,
        ctx: &OpContext,
        changes: &[StoreChange],
    ) -> impl Future<Output = Result<Vec<Applied>, StoreError>> + Send;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(key: &'static str, version: u64) -> StoreChange {
        StoreChange { key: Key::new(key).unwrap(), version: Version(version), value: None }
    }

    #[test]
    fn changes_are_of_distinct_keys_and_of_versions_that_a_row_can_have() {
        let refused = |changes: &[StoreChange]| StoreChange::check_all(changes).map_err(|error| error.to_string());
        assert_eq!(refused(&[change("a", 1), change("b", i64::MAX as u64)]), Ok(()));
        for (changes, said) in [
            (vec![change("a", 1), change("b", 2), change("a", 3)], "two changes of a"),
            (vec![change("a", 0)], "v0 of a"),
            (vec![change("a", 1 << 63)], "v9223372036854775808 of a"),
            (vec![change("a", 1); MOST_CHANGES + 1], "1001 changes"),
        ] {
            let error = refused(&changes).unwrap_err();
            assert!(error.contains(said), "{error}");
        }
    }
}
