//! What PostgreSQL's errors mean to a caller.

use crate::lane::LaneError;
use cachemark_core::StoreError;
use sqlx::Error;

/// The SQLSTATEs that mean something of their own here; the first two characters are a class.
mod state {
    /// The server shuts down, has crashed, or an administrator ended the connection.
    pub(super) const ENDED: [&str; 3] = ["57P01", "57P02", "57P05"];
    /// The server is starting up or shutting down: nothing was done.
    pub(super) const NOT_NOW: &str = "57P03";
    /// A limit of the program: a row or field too large.
    pub(super) const LIMIT: &str = "54000";
    /// Data corrupted, index corrupted.
    pub(super) const CORRUPT: [&str; 2] = ["XX001", "XX002"];
}

/// Of an operation that was sent, or may have been.
pub(super) fn explain(error: &Error) -> StoreError {
    let text = error.to_string();
    match error {
        Error::Database(refusal) => match refusal.code().as_deref() {
            Some(code) if state::ENDED.contains(&code) => StoreError::ConnectionLost(text),
            Some(code) if state::CORRUPT.contains(&code) => StoreError::Corrupt(text),
            Some(state::LIMIT) => StoreError::TooLarge { len: super::LARGEST_VALUE + 1, limit: super::LARGEST_VALUE },
            // No room, no lock, cancelled, not allowed: the transaction was rolled back.
            _ => StoreError::Rejected(text),
        },
        Error::Decode(_) | Error::ColumnDecode { .. } => StoreError::Corrupt(text),
        _ => StoreError::ConnectionLost(text),
    }
}

/// Of a connection that was not made.
pub(super) fn explain_connect(error: &Error) -> LaneError {
    let text = error.to_string();
    match error {
        Error::Database(refusal) if refusal.code().as_deref() != Some(state::NOT_NOW) => LaneError::Rejected(text),
        _ => LaneError::Unavailable(text),
    }
}
