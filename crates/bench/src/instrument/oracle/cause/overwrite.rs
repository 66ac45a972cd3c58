//! Unversioned overwrite: a load that had read the old row put it over a newer entry.
//!
//! As a [refill](super::refill), but what came before put an entry above v into the cache, or found one there (a versioned set that
//! was superseded). Then a cache that compares versions would have refused the load's, unless the newer entry had been evicted
//! meanwhile and was forgotten with its version; a client cannot tell the two apart.

use super::evidence::{Could, Evidence};

pub(super) fn is(evidence: &Evidence) -> bool {
    evidence.set && !evidence.took && evidence.refill == Could::Yes && evidence.own_set == Could::No
}
