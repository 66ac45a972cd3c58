//! What the Redis client's errors mean to a caller.

use super::RedisEndpoint;
use crate::lane::LaneError;
use cachemark_core::CacheError;
use redis::{ErrorKind, RedisError};

/// Of an operation that was sent, or may have been.
pub(super) fn explain(endpoint: &RedisEndpoint, error: &RedisError) -> CacheError {
    let text = error.to_string();
    match error.kind() {
        ErrorKind::Io => CacheError::ConnectionLost(endpoint.told(&text)),
        // The client's own text shows its parser, over three lines.
        ErrorKind::Parse => CacheError::ConnectionLost(endpoint.told("an answer that is not of the Redis protocol")),
        ErrorKind::UnexpectedReturnType => CacheError::Corrupt(text),
        // The server's own refusals: out of memory, loading, read only, not allowed; or the client's, before sending.
        _ => CacheError::Rejected(endpoint.without_user(&text)),
    }
}

/// Of a connection that was not made, or of the first question over one.
pub(super) fn explain_connect(endpoint: &RedisEndpoint, error: &RedisError) -> LaneError {
    match error.kind() {
        ErrorKind::AuthenticationFailed => {
            let text = endpoint.without_user(&error.to_string());
            let hint = "in a URL, @ : / ? # and % in a user or password are percent-encoded";
            LaneError::Rejected(format!("{endpoint}: {text} ({hint})"))
        }
        ErrorKind::Server(_) | ErrorKind::Extension => LaneError::Rejected(endpoint.told(&error.to_string())),
        ErrorKind::Parse | ErrorKind::UnexpectedReturnType => {
            LaneError::Rejected(endpoint.told("what listens there does not speak the Redis protocol"))
        }
        ErrorKind::Io if error.is_timeout() => LaneError::Unavailable(endpoint.told("no answer in time")),
        ErrorKind::Io => LaneError::Unavailable(
            endpoint
                .told("the connection was closed before an answer came; maybe it does not speak the Redis protocol"),
        ),
        _ => LaneError::Unavailable(endpoint.told(&error.to_string())),
    }
}
