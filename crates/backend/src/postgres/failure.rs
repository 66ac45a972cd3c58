//! What PostgreSQL's errors mean to a caller.

use super::PostgresEndpoint;
use super::client_error::Wrong;
use crate::lane::{LaneError, Unanswered};
use cachemark_core::StoreError;

/// The SQLSTATEs that mean something of their own here; the first two characters are a class.
mod state {
    /// The server ends sessions that are idle for too long: it had read nothing of what was asked meanwhile.
    pub(super) const IDLE: &str = "57P05";
    /// The server is starting up or shutting down: nothing was done.
    pub(super) const NOT_NOW: &str = "57P03";
    /// A limit of the program: a row or field too large.
    pub(super) const LIMIT: &str = "54000";
    /// Data corrupted, index corrupted.
    pub(super) const CORRUPT: [&str; 2] = ["XX001", "XX002"];
    /// Whoever asks may not.
    pub(super) const NO_RIGHT: &str = "42501";
    /// No room: too many connections, no memory, no disk.
    pub(super) const NO_ROOM: &str = "53";
    /// What may pass, and has nothing to do with what was asked: no disk, too many connections; what is asked for is in use, a lock that is not
    /// given; a shutdown, a crash, a start; input or output; transactions that are in each other's way; a server that takes no writes, as
    /// one that is about to take over. Memory and time that run out are not among them: the same, smaller, may do.
    pub(super) const PASSING: [&str; 11] =
        ["53100", "53300", "55006", "55P03", "57P01", "57P02", "57P03", "58030", "40001", "40P01", "25006"];
    /// A login that is refused.
    pub(super) const LOGIN: &str = "28";
}

/// What PgBouncer says to a client that was idle for too long; it has no SQLSTATE of its own for that.
const POOLER_IDLE: &str = "client_idle_timeout";

/// Of an operation that was sent, or may have been.
pub(super) fn explain(endpoint: &PostgresEndpoint, wrong: &Wrong<'_>) -> Unanswered<StoreError> {
    let error = match wrong {
        // The server ends the session: it shuts down, has crashed, or an administrator wants it so.
        Wrong::Refused { message, last: true, .. } => StoreError::ConnectionLost(endpoint.told(message)),
        Wrong::Refused { message, code, .. } => {
            let text = endpoint.without_user(message);
            match code.as_deref() {
                Some(code) if state::CORRUPT.contains(&code) => StoreError::Corrupt(text),
                Some(state::LIMIT) => {
                    StoreError::TooLarge { len: super::LARGEST_VALUE + 1, limit: super::LARGEST_VALUE }
                }
                // In either case the transaction was rolled back.
                Some(code) if may_pass(code) => StoreError::Transient(text),
                _ => StoreError::Rejected(text),
            }
        }
        Wrong::Value(text) => StoreError::Corrupt(text.clone()),
        Wrong::Closed(text) | Wrong::Protocol(text) | Wrong::Other(text) => {
            StoreError::ConnectionLost(endpoint.told(text))
        }
    };
    Unanswered { error, undone: was_idle(wrong) }
}

/// Whether the same may be carried out later.
fn may_pass(code: &str) -> bool {
    state::PASSING.contains(&code)
}

fn was_idle(wrong: &Wrong<'_>) -> bool {
    let Wrong::Refused { message, code, .. } = wrong else { return false };
    code.as_deref() == Some(state::IDLE) || *message == POOLER_IDLE
}

/// Of a connection that was not made.
pub(super) fn explain_connect(endpoint: &PostgresEndpoint, wrong: &Wrong<'_>) -> LaneError {
    match wrong {
        Wrong::Refused { message, code, .. } => {
            let text = endpoint.told(message);
            match code.as_deref() {
                Some(state::NOT_NOW) => LaneError::Unavailable(text),
                Some(code) if code.starts_with(state::NO_ROOM) => LaneError::Unavailable(text),
                Some(state::NO_RIGHT) => {
                    let need = "it takes the right CREATE on the database, or a schema that was made for the user";
                    LaneError::Rejected(format!("{text} ({need})"))
                }
                Some(code) if code.starts_with(state::LOGIN) => {
                    let hint = "in a URL, @ : / ? # and % in a user or password are percent-encoded";
                    LaneError::Rejected(format!("{text} ({hint})"))
                }
                _ => LaneError::Rejected(text),
            }
        }
        Wrong::Protocol(_) => {
            LaneError::Rejected(endpoint.told("what listens there does not speak the PostgreSQL protocol"))
        }
        // Refused at once: nothing listens. Closed later: something does.
        Wrong::Closed(_) => {
            LaneError::Unavailable(endpoint.told(
                "the connection was closed before an answer came; maybe it does not speak the PostgreSQL protocol",
            ))
        }
        Wrong::Value(text) | Wrong::Other(text) => LaneError::Unavailable(endpoint.told(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::may_pass;

    #[test]
    fn what_lies_in_the_change_does_not_pass() {
        // No disk, a lock, a deadlock, a standby.
        assert!(["53100", "55P03", "40P01", "25006"].into_iter().all(may_pass));
        // A value, a constraint, a right, a table; a batch too large for the time or the memory; a table without a replica identity.
        assert!(!["22021", "23514", "42501", "42P01", "40002", "57014", "53200", "55000"].into_iter().any(may_pass));
    }
}
