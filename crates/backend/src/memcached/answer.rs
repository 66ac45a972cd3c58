//! What the answer to a get that leases says.

use super::{command, lease};
use crate::encoded;
use cachemark_core::{CacheError, LeaseToken, Leased};
use memcache::exp::{MetaResponse, ReturnCode};

/// What a get that leases found.
pub(super) fn leased(response: MetaResponse) -> Result<Leased, CacheError> {
    match response.rc() {
        // It would have made a stub.
        ReturnCode::En => Err(CacheError::Rejected("the server has no room for a lease".to_owned())),
        ReturnCode::Va if lease::is_flagged(&response, b"W") => {
            let mark = command::number(&response, b'c').filter(|&mark| mark != 0);
            let unnumbered = || CacheError::Rejected("the server numbers nothing (-C), so it has no leases".to_owned());
            mark.map(|mark| Leased::Won(LeaseToken(mark))).ok_or_else(unnumbered)
        }
        ReturnCode::Va if lease::is_stub(&response) => Ok(Leased::Held),
        ReturnCode::Va => encoded::decoded(response.into_value().unwrap_or_default()).map(Leased::Hit),
        other => Err(command::unexpected(other)),
    }
}
