//! The settings of a store's limit.

use super::settings::{number, policy, preset, word, word_or};
use crate::policy::{Limit, LimitRule};
use cachemark_core::{Setting, Settings};
use std::time::Duration;

const NAME: &str = "limit";
const CALLS: &str = "limit-calls";
const QUEUE: &str = "limit-queue";
const WAIT_MS: &str = "limit-wait-ms";
const OF: &str = "limit-of";

pub(super) const SETTINGS: [Setting; 5] = [
    policy(
        NAME,
        "Whether calls to the store at once are limited, so that misses cannot bring it down: off; as textbooks have a bulkhead (25 \
         calls, no queue); or as recommended (32 calls, 64 in line for 100 ms at most). What finds no place is shed.",
    ),
    number(NAME, CALLS, (1, 100_000), "Calls at once, of each instance. textbook: 25; recommended: 32."),
    number(NAME, QUEUE, (0, 1_000_000), "Calls that wait for a place. textbook: 0; recommended: 64."),
    number(NAME, WAIT_MS, (0, 600_000), "How long one waits at most, in milliseconds. textbook: 0; recommended: 100."),
    word(NAME, OF, &["all", "reads"], "Whether all calls need a place, or reads alone. textbook and recommended: all."),
];

struct Preset {
    calls: u64,
    queue: u64,
    wait_ms: u64,
    of: &'static str,
}

/// The book has no bulkhead: these are the defaults of Resilience4j's.
const TEXTBOOK: Preset = Preset { calls: 25, queue: 0, wait_ms: 0, of: "all" };
const RECOMMENDED: Preset = Preset { calls: 32, queue: 64, wait_ms: 100, of: "all" };

/// A limit, and whether it is of reads alone.
pub(super) fn from(settings: &Settings) -> Option<(Limit, bool)> {
    let preset = preset(settings, NAME, &TEXTBOOK, &RECOMMENDED)?;
    let number = |name, preset| settings.given_integer(name).unwrap_or(preset);
    let count = |name, preset| usize::try_from(number(name, preset)).unwrap_or(usize::MAX);
    let rule = LimitRule {
        calls: count(CALLS, preset.calls),
        queue: count(QUEUE, preset.queue),
        wait: Duration::from_millis(number(WAIT_MS, preset.wait_ms)),
    };
    Some((Limit::new(rule), word_or(settings, OF, preset.of) == "reads"))
}
