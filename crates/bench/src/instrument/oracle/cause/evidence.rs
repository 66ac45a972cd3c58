//! What the logs say of an entry that should not be in the cache: who was to take it out, and who can have put it there after.

use super::history::{Effect, History};
use super::log::{Event, Told, rounded_down};
use super::stale_read::StaleRead;
use crate::instrument::oracle::loaded::LOADED;

/// Whether something can have put the stale version into the cache after the changes that were to take it out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Could {
    Yes,
    No,
    /// Too little is remembered.
    Unsure,
}

/// Of one stale read that a cache answered with v. A change counts if its version is above v, if it was made through the cache that was
/// asked, and if it was acknowledged before the read was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Evidence {
    /// Whether such a change took the entry out.
    pub(super) took: bool,
    /// Whether one put a newer entry there, or found one there that was newer still.
    pub(super) set: bool,
    /// Whether one failed to do either.
    pub(super) failed: bool,
    /// Whether all changes from v to what had been acknowledged are remembered: none that is not told of did anything.
    pub(super) is_whole: bool,
    /// Whether a load of v can have filled the cache after all of those that did something; where none did, after the first
    /// that failed.
    pub(super) refill: Could,
    /// Whether the write of v itself can have done so.
    pub(super) own_set: Could,
}

impl Evidence {
    /// None where nothing is remembered, or no such change.
    pub(super) fn of(read: &StaleRead<'_>) -> Option<Self> {
        let history = read.history?;
        let sent = rounded_down(read.started_ns)?;
        let (changes, fills) = (history.changes.told()?, history.fills.told()?);
        let latest = read.known.acked();
        let above = |change: &&Event| (read.version + 1..=latest).contains(&change.version);
        let acknowledged = |change: &&Event| change.version == latest || change.ended <= sent;
        let here = |event: &&Event| !read.own_caches || event.cache == read.cache;
        let newer = || changes.events().filter(above).filter(acknowledged).filter(here);
        let of = |wanted: &[Effect]| newer().any(|change| wanted.contains(&Effect::of_event(change)));
        let took = of(&[Effect::Took]);
        let set = of(&[Effect::Set, Effect::Superseded]);
        let sendings = |did: bool| {
            let counts = move |change: &&Event| match Effect::of_event(change) {
                Effect::Took | Effect::Set | Effect::Superseded => did,
                Effect::Failed => !did,
                Effect::None => false,
            };
            newer().filter(counts).map(|change| change.started)
        };
        let since = if took || set { sendings(true).max() } else { sendings(false).min() }?;
        let failed = sendings(false).next().is_some();
        let known = changes.events().filter(above).count();
        let is_whole = if read.sparse {
            changes.reaches(read.version, history.begun())
        } else {
            known == (latest - read.version) as usize
        };
        Some(Self {
            took,
            set,
            failed,
            is_whole,
            refill: refill(read, history, &fills, since),
            own_set: own_set(read, history, &changes, since),
        })
    }
}

fn refill(read: &StaleRead<'_>, history: &History, fills: &Told, since: u32) -> Could {
    let mut of_version = fills.events().filter(|fill| fill.version == read.version);
    let late = of_version.any(|fill| fill.ended >= since && (!read.own_caches || fill.cache == read.cache));
    match late {
        true => Could::Yes,
        false if !history.has_loads_since(since) => Could::Unsure,
        false if fills.is_whole_since(since) && !history.has_unsure_reads() => Could::No,
        false => Could::Unsure,
    }
}

fn own_set(read: &StaleRead<'_>, history: &History, changes: &Told, since: u32) -> Could {
    let forgotten = read.version <= history.begun() || changes.is_beyond(read.version);
    match changes.events().find(|change| change.version == read.version) {
        _ if read.version <= LOADED => Could::No,
        Some(own) if Effect::of_event(own) != Effect::Set => Could::No,
        Some(own) if own.ended < since || (read.own_caches && own.cache != read.cache) => Could::No,
        Some(_) => Could::Yes,
        // As the others did, which are remembered so far.
        None if forgotten && !history.has_sets() => Could::No,
        None => Could::Unsure,
    }
}
