//! A replica that answers a store's reads, and lags behind it when it is told to.

use cachemark_core::{Key, Row};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The rows of the replica that are not the store's; it has all others as the store has them.
#[derive(Debug, Default)]
pub(crate) struct Replica(Mutex<HashMap<Key, Row>>);

impl Replica {
    /// From now on reads of `key` are answered with `row`, whatever is written.
    pub(crate) fn lag(&self, key: &Key, row: Row) {
        self.rows().insert(key.clone(), row);
    }

    /// The replica has what the store has.
    pub(crate) fn catch_up(&self) {
        self.rows().clear();
    }

    /// The row of `key`, where it lags behind the store's.
    pub(super) fn row(&self, key: &Key) -> Option<Row> {
        self.rows().get(key).cloned()
    }

    fn rows(&self) -> MutexGuard<'_, HashMap<Key, Row>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
