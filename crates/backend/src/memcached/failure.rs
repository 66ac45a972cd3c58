//! What the Memcached client's errors mean to a caller.

use cachemark_core::CacheError;
use memcache::exp::Error;

/// Of an operation that was sent, or may have been.
pub(super) fn explain(error: Error) -> CacheError {
    let text = error.to_string();
    match error {
        // The server read the whole command and said no: out of memory, too large.
        Error::Server(_) => CacheError::Rejected(text),
        // It could not make sense of it, so what follows on the connection is not to be trusted.
        Error::Rejected(_) | Error::Protocol(_) => CacheError::Corrupt(text),
        Error::Usage(_) => CacheError::Rejected(text),
        _ => CacheError::ConnectionLost(text),
    }
}
