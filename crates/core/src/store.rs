//! The contract of a store, the system of record.

use crate::{Key, OpContext, StoreError, Value, Version};
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
}
