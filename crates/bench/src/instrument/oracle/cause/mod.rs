//! Why a stale read was stale, from the order of events.
//!
//! A read that the cache answered with version v, though A above v had been acknowledged before it was sent, leaves one question: who put v
//! into the cache, and when, or who did not take it out? What the oracle sees of that are the ends of calls: of each write its
//! version, when it was sent and acknowledged, and what it says that it did to the entry (took it out, put its own value there, failed to,
//! nothing); of each read that missed and loaded the row itself the same times and the version that it loaded, which it then put
//! into the cache. The last eight of either are remembered of the keys that have a ring ([`history`]); one file has each cause,
//! with the argument for it. They are asked in the order of [`tell`].
//!
//! # What the arguments suppose
//!
//! 1. The contracts of [`Cache`] and [`Strategy`]: a call that answers was carried out, between its sending and its answer; a read that led its
//!    load answers after the fill; a write answers after it has told the cache. Only where nothing else can explain an entry is a
//!    call that answered taken to have done nothing ([`lost`]).
//! 2. Nobody but this trial's operations writes to the cache, and nothing fills it behind their backs: of a strategy that reloads
//!    entries in the background ([`Model::fills_unseen`]) no cause is told, nor of an answer that is [`Source::StaleServed`].
//! 3. A call to the cache that its caller gave up is not carried out much later. (A load that its reader gave up may be: a key with such
//!    a read is told less of.)
//! 4. All writes of a key treat the cache alike, so far as those whose effect is forgotten do as those that are remembered did.
//!
//! Times are compared so that what may have been at the same moment counts as possible both ways: sendings are rounded down and ends up,
//! to 10 us. Where two causes are possible, where a log was too short, where one was being written, where nothing is remembered of
//! the key, and after 11.9 hours, the cause is unknown.
//!
//! # A load that is still under way
//!
//! A reader may have put the old row into the cache and not have told its end when the next one finds it there. So a cause that
//! is told from the *absence* of such a load is supposed at first ([`History::suppose`]), and becomes unknown if a load of that very version is told
//! later; it stands once another version is supposed of, or at the end of the trial.
//!
//! [`Cache`]: cachemark_core::Cache
//! [`Strategy`]: cachemark_core::Strategy
//! [`Model::fills_unseen`]: cachemark_core::Model::fills_unseen
//! [`Source::StaleServed`]: cachemark_core::Source::StaleServed

mod cross_tier;
mod evidence;
mod history;
mod inversion;
mod joined_load;
mod log;
mod lost;
mod negative;
mod overwrite;
mod refill;
mod stale_read;
mod store;
mod ttl_only;

#[cfg(test)]
mod tests;

use cachemark_results::StaleCause;
use evidence::Evidence;
pub(super) use history::{History, Supposed};
pub(super) use log::Event;
pub(super) use stale_read::StaleRead;

/// The cause of a stale read, and whether a load that is told later can refute it.
#[cold]
pub(super) fn tell(read: &StaleRead<'_>) -> (StaleCause, bool) {
    if !read.is_of_cache() {
        return (not_of_cache(read), false);
    }
    if negative::is(read) {
        return (StaleCause::Negative, false);
    }
    if ttl_only::is(read) {
        return (StaleCause::TtlOnly, false);
    }
    if cross_tier::is(read) {
        return (StaleCause::CrossTier, false);
    }
    let Some(evidence) = Evidence::of(read) else { return (StaleCause::Unknown, false) };
    let (cause, can_be_refuted) = [
        (StaleCause::Refill, refill::is(&evidence), false),
        (StaleCause::Overwrite, overwrite::is(&evidence), false),
        (StaleCause::Inversion, inversion::is(&evidence), true),
        (StaleCause::Lost, lost::is(&evidence), true),
    ]
    .into_iter()
    .find_map(|(cause, is, can_be_refuted)| is.then_some((cause, can_be_refuted)))
    .unwrap_or((StaleCause::Unknown, false));
    (cause, can_be_refuted)
}

fn not_of_cache(read: &StaleRead<'_>) -> StaleCause {
    match () {
        () if store::is(read) => StaleCause::Store,
        () if joined_load::is(read) => StaleCause::JoinedLoad,
        () => StaleCause::Unknown,
    }
}
