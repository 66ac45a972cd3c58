//! A stale answer in place of an error: its settings, and how entries outlive their lifetime for it.

use super::settings::{number, policy, preset};
use cachemark_core::{Clock, Entry, EntryBody, Freshness, Setting, Settings};
use std::sync::Arc;
use std::time::Duration;

const NAME: &str = "stale-if-error";
const FOR_MS: &str = "stale-if-error-ms";

pub(super) const SETTINGS: [Setting; 2] = [
    policy(
        NAME,
        "Whether a read is answered from an entry that has expired where the store fails: off; for as long after its end as RFC 5861 has \
         in its example (20 minutes, textbook); or for a minute (recommended). Entries take room for so much longer.",
    ),
    number(
        NAME,
        FOR_MS,
        (1, 86_400_000),
        "How long after its end an entry may still stand in, in milliseconds. textbook: 1200000; recommended: 60000.",
    ),
];

struct Preset {
    for_ms: u64,
}

const TEXTBOOK: Preset = Preset { for_ms: 1_200_000 };
const RECOMMENDED: Preset = Preset { for_ms: 60_000 };

/// How much longer than their lifetime entries are kept.
pub(super) fn from(settings: &Settings) -> Option<Duration> {
    let preset = preset(settings, NAME, &TEXTBOOK, &RECOMMENDED)?;
    Some(Duration::from_millis(settings.given_integer(FOR_MS).unwrap_or(preset.for_ms)))
}

/// Dates entries, and tells those that have expired from those that have not.
#[derive(Debug)]
pub(super) struct Dating {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) grace: Duration,
}

/// What stands in the place of a load's cost in an entry that was dated here: no load takes so long, and strategies that date their entries
/// themselves are left alone.
const OURS: u64 = u64::MAX;

impl Dating {
    /// Dates the entry; how long the cache is to keep it. One that never expires, or that says itself when, stays as it is.
    pub(super) fn date(&self, entry: &mut Entry, ttl: Option<Duration>) -> Option<Duration> {
        let (Some(lifetime), EntryBody::Live(_)) = (ttl, &entry.body) else { return ttl };
        if entry.freshness != Freshness::default() {
            return ttl;
        }
        let fresh_for_ns = u64::try_from(lifetime.as_nanos()).unwrap_or(u64::MAX);
        entry.freshness = Freshness { filled_at_ns: self.clock.now_ns(), load_cost_ns: OURS, fresh_for_ns };
        Some(lifetime.saturating_add(self.grace))
    }

    /// The entry as it was put there; none if it has expired.
    pub(super) fn if_fresh(&self, entry: Entry) -> Option<Entry> {
        let Freshness { filled_at_ns, load_cost_ns, fresh_for_ns } = entry.freshness;
        if load_cost_ns != OURS {
            return Some(entry);
        }
        let age_ns = self.clock.now_ns().saturating_sub(filled_at_ns);
        (age_ns < fresh_for_ns).then_some(Entry { freshness: Freshness::default(), ..entry })
    }
}
