//! Refill after an invalidation: a load that had read the old row put it into the cache after the entry had been taken out.
//!
//! Some change above v took the entry out and was acknowledged before the read was sent; so what the read found there was put there
//! after. A load of v that ended after that change was sent is remembered, and no write can have done it: the one of v did not set,
//! or its set was over before. So it was that load, or another of the same version. That the change's own call did nothing
//! is the one other way, which [supposition 1](super) leaves out: a removal that is lost as a load of the same key happens to be under way is
//! told as a refill.
//!
//! Where changes above v both took and set, it is not told which of them the load came after.

use super::evidence::{Could, Evidence};

pub(super) fn is(evidence: &Evidence) -> bool {
    evidence.took && !evidence.set && evidence.refill == Could::Yes && evidence.own_set == Could::No
}
