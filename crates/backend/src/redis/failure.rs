//! What the Redis client's errors mean to a caller.

use crate::lane::LaneError;
use cachemark_core::CacheError;
use redis::{ErrorKind, RedisError};

/// Of an operation that was sent, or may have been.
pub(super) fn explain(error: &RedisError) -> CacheError {
    let text = error.to_string();
    match error.kind() {
        ErrorKind::Io | ErrorKind::Parse => CacheError::ConnectionLost(text),
        ErrorKind::UnexpectedReturnType => CacheError::Corrupt(text),
        // The server's own refusals: out of memory, loading, read only, not allowed; or the client's, before sending.
        _ => CacheError::Rejected(text),
    }
}

/// Of a connection that was not made.
pub(super) fn explain_connect(error: &RedisError) -> LaneError {
    let text = error.to_string();
    match error.kind() {
        ErrorKind::AuthenticationFailed | ErrorKind::Server(_) | ErrorKind::Extension => LaneError::Rejected(text),
        _ => LaneError::Unavailable(text),
    }
}
