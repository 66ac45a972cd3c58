//! What answers say of entries and leases.

use super::lease;
use super::reply::Answer;
use crate::encoded;
use cachemark_core::{CacheError, Entry, LeaseToken, Leased};
use memcache::exp::ReturnCode;

/// The entry in an answer; a lease is none.
pub(super) fn entry(answer: Answer) -> Result<Option<Entry>, CacheError> {
    match answer.code {
        ReturnCode::En => Ok(None),
        ReturnCode::Va if lease::is_stub(&answer) => Ok(None),
        ReturnCode::Va => encoded::decoded(answer.value.unwrap_or_default()).map(Some),
        other => Err(unexpected(other)),
    }
}

/// What a get that leases found.
pub(super) fn leased(answer: Answer) -> Result<Leased, CacheError> {
    match answer.code {
        // It would have made a stub.
        ReturnCode::En => Err(CacheError::Rejected("the server has no room for a lease".to_owned())),
        ReturnCode::Va if answer.said.won => {
            let mark = answer.said.mark.filter(|&mark| mark != 0);
            let unnumbered = || CacheError::Rejected("the server numbers nothing (-C), so it has no leases".to_owned());
            mark.map(|mark| Leased::Won(LeaseToken(mark))).ok_or_else(unnumbered)
        }
        ReturnCode::Va if lease::is_stub(&answer) => Ok(Leased::Held),
        ReturnCode::Va => encoded::decoded(answer.value.unwrap_or_default()).map(Leased::Hit),
        other => Err(unexpected(other)),
    }
}

pub(super) fn unexpected(code: ReturnCode) -> CacheError {
    CacheError::Corrupt(format!("an answer of another kind: {code:?}"))
}
