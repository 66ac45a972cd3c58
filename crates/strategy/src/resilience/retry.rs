//! The settings of retries, of stores and of caches alike.

use super::settings::{number, policy, preset, word, word_or};
use crate::policy::{Backoff, Jitter, Retry, RetryRule};
use cachemark_core::{Setting, Settings};
use std::time::Duration;

const NAME: &str = "retry";
const ATTEMPTS: &str = "retry-attempts";
const BASE_MS: &str = "retry-base-ms";
const CAP_MS: &str = "retry-cap-ms";
const JITTER: &str = "retry-jitter";
const BUDGET: &str = "retry-budget";
/// Of caches: whether gets are retried.
pub(super) const GETS: &str = "retry-gets";

/// Whether a store's calls are tried again.
pub(super) const OF_STORE: [Setting; 6] = [
    policy(
        NAME,
        "Whether a call to the store that failed is made again: off; as the pattern books have it (3 tries, 1 s apart); or as \
         recommended (3 tries, exponential with full jitter from 10 ms to 1 s, a budget of 500). Reads are retried after every failure \
         that may pass, writes only where the row is surely unchanged.",
    ),
    ATTEMPTS_SETTING,
    BASE_SETTING,
    CAP_SETTING,
    JITTER_SETTING,
    BUDGET_SETTING,
];

/// Whether a cache's are.
pub(super) const OF_CACHE: [Setting; 7] = [
    policy(
        NAME,
        "Whether a delete or a versioned set that the cache failed is made again: off; as the pattern books have it (3 tries, 1 s \
         apart); or as recommended (3 tries, exponential with full jitter from 10 ms to 1 s, a budget of 500). Plain sets never are: \
         one that comes late would put an old value back.",
    ),
    ATTEMPTS_SETTING,
    BASE_SETTING,
    CAP_SETTING,
    JITTER_SETTING,
    BUDGET_SETTING,
    word(
        NAME,
        GETS,
        &["no", "yes"],
        "Whether gets are retried too. By preset they are not: the store is asked instead.",
    ),
];

const ATTEMPTS_SETTING: Setting =
    number(NAME, ATTEMPTS, (1, 100), "How often a call is made in all. textbook and recommended: 3.");
const BASE_SETTING: Setting = number(
    NAME,
    BASE_MS,
    (0, 600_000),
    "The wait before the first retry, in milliseconds. textbook: 1000; recommended: 10.",
);
const CAP_SETTING: Setting =
    number(NAME, CAP_MS, (0, 600_000), "The longest wait, in milliseconds. textbook and recommended: 1000.");
const JITTER_SETTING: Setting = word(
    NAME,
    JITTER,
    &["fixed", "none", "full", "decorrelated"],
    "How waits grow and are spread: fixed (all like the first), none (each twice the one before), full (that, times a draw between 0 \
     and 1), decorrelated (between the base and three times the one before). textbook: fixed; recommended: full.",
);
const BUDGET_SETTING: Setting = number(
    NAME,
    BUDGET,
    (0, 1_000_000),
    "Tokens for retries: one takes 5 (10 after a timeout), a call that succeeds at once brings 1; 0 for no limit. textbook: 0; \
     recommended: 500.",
);

struct Preset {
    attempts: u64,
    base_ms: u64,
    cap_ms: u64,
    jitter: &'static str,
    budget: u64,
}

/// `tenacity` and the loop by hand in the book: stop after three, one second between.
const TEXTBOOK: Preset = Preset { attempts: 3, base_ms: 1_000, cap_ms: 1_000, jitter: "fixed", budget: 0 };
const RECOMMENDED: Preset = Preset { attempts: 3, base_ms: 10, cap_ms: 1_000, jitter: "full", budget: 500 };

pub(super) fn from(settings: &Settings) -> Option<Retry> {
    let preset = preset(settings, NAME, &TEXTBOOK, &RECOMMENDED)?;
    let number = |name, preset| settings.given_integer(name).unwrap_or(preset);
    let (grows, jitter) = match word_or(settings, JITTER, preset.jitter) {
        "none" => (true, Jitter::None),
        "full" => (true, Jitter::Full),
        "decorrelated" => (true, Jitter::Decorrelated),
        _ => (false, Jitter::None),
    };
    let base = Duration::from_millis(number(BASE_MS, preset.base_ms));
    let cap = Duration::from_millis(number(CAP_MS, preset.cap_ms));
    let attempts = u32::try_from(number(ATTEMPTS, preset.attempts)).unwrap_or(u32::MAX);
    let budget = Some(number(BUDGET, preset.budget)).filter(|budget| *budget > 0);
    Some(Retry::new(RetryRule { attempts, backoff: Backoff { base, cap, grows, jitter }, budget }))
}
