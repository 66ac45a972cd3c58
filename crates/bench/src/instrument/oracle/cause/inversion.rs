//! Update inversion: two writes told the cache in another order than the store.
//!
//! Some change above v took the entry out or set a newer one, and was acknowledged before the read was sent; so v was put
//! there after. The write of v put its value into the cache and ended after that change was sent. No load of v ended since, all loads since are
//! remembered, and no read of the key is without an answer. So it was the write of v. A load that is told later can refute it.

use super::evidence::{Could, Evidence};

pub(super) fn is(evidence: &Evidence) -> bool {
    (evidence.took || evidence.set) && evidence.refill == Could::No && evidence.own_set == Could::Yes
}
