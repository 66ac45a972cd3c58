//! What SQLite's errors mean to a caller.

use cachemark_core::StoreError;
use sqlx::Error;

/// What failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A read: nothing can have changed.
    Read,
    /// A change: it may have been committed, where the error does not exclude that.
    Change,
}

/// SQLite's primary result codes that mean something of their own here.
mod code {
    pub(super) const BUSY: u32 = 5;
    pub(super) const LOCKED: u32 = 6;
    pub(super) const IO: u32 = 10;
    pub(super) const CORRUPT: u32 = 11;
    pub(super) const FULL: u32 = 13;
    pub(super) const TOO_BIG: u32 = 18;
    pub(super) const NOT_A_DATABASE: u32 = 26;
}

/// The store's error for SQLite's.
pub(super) fn explain(error: &Error, kind: Kind) -> StoreError {
    let text = error.to_string();
    let Error::Database(database) = error else {
        return match error {
            Error::Decode(_) | Error::ColumnDecode { .. } => StoreError::Corrupt(text),
            // The worker thread is gone, and what it did with the statement with it.
            _ => StoreError::ConnectionLost(text),
        };
    };
    // The primary code is the low byte of the extended one.
    let primary = database.code().and_then(|code| code.parse::<u32>().ok()).map(|code| code & 0xff);
    match primary {
        // The lock was not had, so nothing was done.
        Some(code::BUSY | code::LOCKED) => StoreError::Transient(format!("locked: {text}")),
        Some(code::FULL) => StoreError::Transient(format!("no room on the disk: {text}")),
        // A commit may have reached the log before its sync failed.
        Some(code::IO) if kind == Kind::Change => StoreError::ConnectionLost(format!("input or output failed: {text}")),
        Some(code::TOO_BIG) => StoreError::TooLarge { len: super::LARGEST_VALUE + 1, limit: super::LARGEST_VALUE },
        Some(code::CORRUPT | code::NOT_A_DATABASE) => StoreError::Corrupt(text),
        _ => StoreError::Rejected(text),
    }
}
