//! Which status an operation's error becomes.

use crate::operation::Operation;
use crate::problem::Problem;
use axum::http::StatusCode;
use cachemark_core::{ErrorKind, OpError};

/// What a client is told of `error`.
pub(crate) fn problem(operation: Operation, error: &OpError) -> Problem {
    let kind = error.kind();
    let is_write = operation != Operation::Read;
    if is_write && error.is_unknown() {
        let detail = "the operation may have taken effect, or may yet: read the key before trying again";
        return Problem::new(StatusCode::GATEWAY_TIMEOUT, kind.name(), detail).of_unknown_outcome();
    }
    let (status, detail) = match kind {
        ErrorKind::Timeout | ErrorKind::CacheTimeout | ErrorKind::StoreTimeout | ErrorKind::Deadline => {
            (StatusCode::GATEWAY_TIMEOUT, "no answer by the deadline")
        }
        ErrorKind::QueueTimeout | ErrorKind::CacheQueueTimeout | ErrorKind::StoreQueueTimeout | ErrorKind::Shed => {
            (StatusCode::SERVICE_UNAVAILABLE, "too much is under way")
        }
        ErrorKind::Unavailable | ErrorKind::ConnectionLost => {
            (StatusCode::SERVICE_UNAVAILABLE, "a backend cannot be reached")
        }
        ErrorKind::BreakerOpen => {
            (StatusCode::SERVICE_UNAVAILABLE, "a backend has failed too often and is not asked for now")
        }
        ErrorKind::Transient => (StatusCode::SERVICE_UNAVAILABLE, "a backend refuses it for now"),
        ErrorKind::TooLarge if is_write => (StatusCode::PAYLOAD_TOO_LARGE, "the value is larger than a backend takes"),
        _ => (StatusCode::INTERNAL_SERVER_ERROR, ""),
    };
    Problem::new(status, kind.name(), detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cachemark_core::{CacheError, StoreError};
    use std::time::Duration;

    fn told(operation: Operation, error: impl Into<OpError>) -> (u16, String) {
        let problem = problem(operation, &error.into());
        (problem.status().as_u16(), serde_json::to_string(&problem).unwrap())
    }

    #[test]
    fn every_error_has_its_status() {
        let wait = Duration::from_secs(1);
        let lost = || StoreError::ConnectionLost("postgres://me:secret@host".into());
        for (status, operation, error) in [
            (504, Operation::Read, OpError::Deadline),
            (504, Operation::Write, OpError::AfterCommit(CacheError::Unavailable("x".into()))),
            (504, Operation::Delete, lost().into()),
            (503, Operation::Read, lost().into()),
            (503, Operation::Write, OpError::Shed("breaker")),
            (503, Operation::Write, StoreError::QueueTimeout(wait).into()),
            (503, Operation::Write, StoreError::Unavailable("x".into()).into()),
            (503, Operation::Write, StoreError::Transient("locked".into()).into()),
            (503, Operation::Read, StoreError::BreakerOpen.into()),
            (503, Operation::Write, StoreError::Shed("no place").into()),
            (413, Operation::Write, CacheError::TooLarge { len: 2, limit: 1 }.into()),
            (500, Operation::Read, CacheError::TooLarge { len: 2, limit: 1 }.into()),
            (500, Operation::Read, CacheError::Corrupt("x".into()).into()),
            (500, Operation::Write, OpError::Internal("x")),
        ] {
            let (told, body) = told(operation, error.clone());
            assert_eq!(told, status, "{operation:?} {error:?}");
            assert_eq!(body.contains(r#""outcome":"unknown""#), operation != Operation::Read && status == 504);
            assert!(!body.contains("secret"), "{body}");
        }
    }
}
