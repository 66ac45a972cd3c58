//! The last events of a sort on one key, each in two words: what put something into a cache, or took it out.

use crate::instrument::oracle::acknowledged::UNIT_NS;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// How many are remembered.
const LEN: usize = 8;

/// One event. Times are in [`UNIT_NS`] of the trial's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::instrument::oracle) struct Event {
    pub(in crate::instrument::oracle) version: u32,
    /// When it was sent, or up to 10 us before.
    pub(in crate::instrument::oracle) started: u32,
    /// When it had ended, or up to 10 us after.
    pub(in crate::instrument::oracle) ended: u32,
    /// Which of the caches it was at.
    pub(in crate::instrument::oracle) cache: u8,
    /// What a change did to the entry; of no meaning for a load.
    pub(in crate::instrument::oracle) effect: u8,
}

/// A time rounded down, none if it is too late to be told.
pub(super) fn rounded_down(ns: u64) -> Option<u32> {
    u32::try_from(ns / UNIT_NS).ok().filter(|time| *time != u32::MAX)
}

fn rounded_up(ns: u64) -> u32 {
    u32::try_from(ns.saturating_add(UNIT_NS - 1) / UNIT_NS).unwrap_or(u32::MAX)
}

impl Event {
    pub(in crate::instrument::oracle) fn new(version: u32, (started_ns, ended_ns): (u64, u64), cache: u8) -> Self {
        let started = rounded_down(started_ns).unwrap_or(u32::MAX);
        Self { version, started, ended: rounded_up(ended_ns).max(1), cache, effect: 0 }
    }
}

/// An event as it is kept. The first word is zero while the second is being written, and part of the version stands in both:
/// whoever reads it finds a whole event or sees that it is none.
#[derive(Debug, Default)]
struct Words {
    version_and_end: AtomicU64,
    rest: AtomicU64,
}

impl Words {
    fn write(&self, event: Event) {
        let rest = u64::from(event.started) << 32
            | u64::from(event.version as u16) << 16
            | u64::from(event.cache) << 8
            | u64::from(event.effect);
        self.version_and_end.store(0, Ordering::Relaxed);
        self.rest.store(rest, Ordering::Release);
        self.version_and_end.store(u64::from(event.version) << 32 | u64::from(event.ended), Ordering::Release);
    }

    /// None while it is written.
    fn read(&self) -> Option<Event> {
        let first = self.version_and_end.load(Ordering::Acquire);
        let rest = self.rest.load(Ordering::Acquire);
        let again = self.version_and_end.load(Ordering::Relaxed);
        let (version, ended) = ((first >> 32) as u32, first as u32);
        let whole = first != 0 && first == again && version as u16 == (rest >> 16) as u16;
        let event =
            Event { version, ended, started: (rest >> 32) as u32, cache: (rest >> 8) as u8, effect: rest as u8 };
        whole.then_some(event)
    }
}

/// The last events, in the order in which they were told.
#[derive(Debug, Default)]
pub(super) struct Log {
    turn: AtomicU32,
    events: [Words; LEN],
}

/// What a log says at one moment.
#[derive(Debug, Default)]
pub(super) struct Told {
    events: [Event; LEN],
    len: usize,
    /// When the oldest one ended, if others were before it that are forgotten.
    forgotten_before: Option<u32>,
}

impl Log {
    pub(super) fn push(&self, event: Event) {
        let turn = self.turn.fetch_add(1, Ordering::AcqRel) as usize;
        self.events[turn % LEN].write(event);
    }

    /// How many were told, those that are forgotten too.
    pub(super) fn len(&self) -> u32 {
        self.turn.load(Ordering::Acquire)
    }

    /// None if one is being written just now.
    pub(super) fn told(&self) -> Option<Told> {
        let turn = self.turn.load(Ordering::Acquire) as usize;
        let mut told = Told { len: turn.min(LEN), ..Told::default() };
        for (place, words) in self.events.iter().enumerate().take(told.len) {
            told.events[place] = words.read()?;
        }
        if turn > LEN {
            told.forgotten_before = Some(told.events[turn % LEN].ended);
        }
        // One that came meanwhile may have taken the place of another, of which nothing would be known then.
        (self.turn.load(Ordering::Acquire) as usize == turn).then_some(told)
    }
}

impl Told {
    pub(super) fn events(&self) -> impl Iterator<Item = &Event> + Clone {
        self.events[..self.len].iter()
    }

    /// Whether every event that ended at that time or later is here. They are told in the order of their ends, but for moments
    /// between an end and its telling; an event that was told before eight others is none of the latest, whatever its moment was.
    pub(super) fn is_whole_since(&self, time: u32) -> bool {
        self.forgotten_before.is_none_or(|oldest| oldest < time)
    }

    /// Whether every change above `version` is here, of versions that are far apart, where the log began after the change to `begun`:
    /// that one itself is here, or one before it, or none is forgotten.
    pub(super) fn reaches(&self, version: u32, begun: u32) -> bool {
        let from_the_first = self.forgotten_before.is_none() && version >= begun;
        from_the_first || self.events().any(|event| event.version <= version)
    }

    /// Whether `version` is older than all that is here, and would have been forgotten.
    pub(super) fn is_beyond(&self, version: u32) -> bool {
        self.forgotten_before.is_some() && self.events().all(|event| event.version > version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(version: u32, at: u32) -> Event {
        Event { version, started: at, ended: at + 1, cache: 3, effect: 2 }
    }

    #[test]
    fn the_last_eight_are_remembered_as_they_were_told() {
        let log = Log::default();
        assert_eq!(log.told().unwrap().events().count(), 0);
        for version in 1..=10 {
            log.push(event(version, 100 * version));
        }
        let told = log.told().unwrap();
        let mut versions: Vec<u32> = told.events().map(|event| event.version).collect();
        versions.sort_unstable();
        assert_eq!(versions, (3..=10).collect::<Vec<_>>());
        assert!(told.events().all(|found| *found == event(found.version, 100 * found.version)));
        // The third ended at 301: of what ended then some may be forgotten.
        assert_eq!([301, 302].map(|time| told.is_whole_since(time)), [false, true]);
        assert_eq!([2, 3].map(|version| told.is_beyond(version)), [true, false]);
    }

    #[test]
    fn times_are_widened_and_those_too_late_are_none() {
        let event = Event::new(2, (19_999, 20_001), 0);
        assert_eq!((event.started, event.ended), (1, 3));
        assert_eq!(Event::new(2, (0, 0), 0).ended, 1, "an event is never nothing");
        assert_eq!([rounded_down(59_999), rounded_down(u64::from(u32::MAX) * UNIT_NS)], [Some(5), None]);
    }

    #[test]
    fn an_event_that_is_being_written_is_none() {
        let words = Words::default();
        assert_eq!(words.read(), None);
        words.write(event(70_000, 5));
        assert_eq!(words.read(), Some(event(70_000, 5)));
        words.rest.store(0, Ordering::Relaxed);
        assert_eq!(words.read(), None, "of two events");
    }
}
