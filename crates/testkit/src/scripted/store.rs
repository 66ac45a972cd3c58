//! A store in memory.

use super::call::{Call, CallLog, Op, Part};
use super::script::{Script, scripting};
use super::{Gate, When};
use cachemark_core::{Applied, Key, OpContext, Row, Store, StoreChange, StoreError, Value, Version};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A store that holds to the contract of [`Store`] in memory, and does what a test tells it.
#[derive(Debug)]
pub struct ScriptedStore {
    pub(super) script: Script<StoreError>,
    table: Mutex<Table>,
}

#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) rows: HashMap<Key, Row>,
    pub(super) reads: u64,
    pub(super) writes: u64,
}

scripting!(ScriptedStore, StoreError);

impl ScriptedStore {
    /// An empty store with a log of its own.
    #[must_use]
    pub fn new() -> Self {
        Self::logging_to(&CallLog::new())
    }

    /// An empty store that logs to `log`.
    #[must_use]
    pub fn logging_to(log: &CallLog) -> Self {
        Self { script: Script::new(log.clone()), table: Mutex::default() }
    }

    /// Writes a row past the script and the log: version 1, or one more than the row had.
    pub fn preload(&self, key: &Key, value: Value) -> Version {
        self.table().change(key, Some(value))
    }

    /// Marks a row deleted past the script and the log.
    pub fn remove(&self, key: &Key) -> Version {
        self.table().change(key, None)
    }

    /// Takes every row out, as if it had never been written, past the script and the log.
    pub fn truncate(&self) {
        self.table().rows.clear();
    }

    /// The row of `key`, past the script and the log.
    #[must_use]
    pub fn row(&self, key: &Key) -> Row {
        self.table().rows.get(key).cloned().unwrap_or(Row::NEVER)
    }

    pub(super) fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for ScriptedStore {
    fn default() -> Self {
        Self::new()
    }
}

impl Table {
    pub(super) fn change(&mut self, key: &Key, value: Option<Value>) -> Version {
        let row = self.rows.entry(key.clone()).or_insert(Row::NEVER);
        *row = Row { version: Version(row.version.0 + 1), value };
        row.version
    }

    fn apply(&mut self, change: &StoreChange) -> Applied {
        let row = self.rows.entry(change.key.clone()).or_insert(Row::NEVER);
        if row.version >= change.version {
            return Applied::Superseded;
        }
        self.writes += 1;
        *row = Row { version: change.version, value: change.value.clone() };
        Applied::Put
    }
}

impl Store for ScriptedStore {
    async fn read(&self, ctx: &OpContext, key: &Key) -> Result<Row, StoreError> {
        let effect = async {
            self.table().reads += 1;
            Ok(self.row(key))
        };
        self.script.run(ctx, Call::new(Part::Store, Op::Read, ctx, key), effect).await
    }

    async fn write(&self, ctx: &OpContext, key: &Key, value: Value) -> Result<Version, StoreError> {
        let effect = async {
            let mut table = self.table();
            table.writes += 1;
            Ok(table.change(key, Some(value)))
        };
        self.script.run(ctx, Call::new(Part::Store, Op::Write, ctx, key), effect).await
    }

    async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<Version, StoreError> {
        let effect = async {
            let mut table = self.table();
            table.writes += 1;
            // A key that was never written has no row to mark.
            Ok(if table.rows.contains_key(key) { table.change(key, None) } else { Version::NONE })
        };
        self.script.run(ctx, Call::new(Part::Store, Op::Delete, ctx, key), effect).await
    }

    async fn apply(&self, ctx: &OpContext, changes: &[StoreChange]) -> Result<Vec<Applied>, StoreError> {
        StoreChange::check_all(changes)?;
        if changes.is_empty() {
            return Ok(Vec::new());
        }
        let effect = async {
            let mut table = self.table();
            Ok(changes.iter().map(|change| table.apply(change)).collect())
        };
        self.script.run_together(ctx, Call::of_changes(ctx, changes), effect).await
    }
}
