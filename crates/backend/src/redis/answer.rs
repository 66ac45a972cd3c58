//! What the answers of the scripts of leases say.

use super::command;
use cachemark_core::{CacheError, LeaseToken, Leased, SetOutcome};
use redis::Value;

/// What the first script's answer says, if a new lease was to be `token`.
pub(super) fn leased(answer: Value, token: LeaseToken) -> Result<Leased, CacheError> {
    match answer {
        Value::Int(1) => Ok(Leased::Won(token)),
        // A marker, and nothing else, is found and is no entry.
        answer => Ok(command::entry(answer)?.map_or(Leased::Held, Leased::Hit)),
    }
}

/// What the answer of a script says that stores, or not.
pub(super) fn stored(answer: &Value) -> Result<SetOutcome, CacheError> {
    match answer {
        Value::Int(0) => Ok(SetOutcome::Superseded),
        Value::Int(1) => Ok(SetOutcome::Stored),
        other => Err(command::unexpected(other)),
    }
}
