//! Lost or failed invalidation, or update: the cache kept what a newer write was to take out.
//!
//! Nothing can have put v into the cache since the change: no load of v ended since that change was sent, all loads since are remembered, no read
//! of the key is without an answer, and the write of v had ended before or did not set. So v was there before, and stayed.
//!
//! - Where the changes above v say that they failed, and all of them up to what had been acknowledged are remembered, none of
//!   which did anything: the failed calls left it there.
//! - Where one says that it took the entry out or set another: that call did nothing, whatever it said. Of these the one that was sent
//!   last is looked at.
//!
//! A load that is told later can refute it.

use super::evidence::{Could, Evidence};

pub(super) fn is(evidence: &Evidence) -> bool {
    let did = evidence.took || evidence.set;
    let is_told = did || (evidence.failed && evidence.is_whole);
    is_told && evidence.refill == Could::No && evidence.own_set == Could::No
}
