//! The settings of circuit breakers, of stores and of caches alike.

use super::settings::{number, policy, preset, share};
use crate::policy::BreakerRule;
use cachemark_core::{Setting, Settings};
use std::time::Duration;

const NAME: &str = "breaker";
const FAILURES: &str = "breaker-failures";
const SHARE: &str = "breaker-share";
const WINDOW_MS: &str = "breaker-window-ms";
const LEAST_CALLS: &str = "breaker-least-calls";
const SLOW_MS: &str = "breaker-slow-ms";
const OPEN_MS: &str = "breaker-open-ms";
const PROBES: &str = "breaker-probes";

pub(super) const SETTINGS: [Setting; 8] = [
    policy(
        NAME,
        "Whether it is not asked for a while after it has failed too often: off; as the pattern books have it (2 failures in a row, \
         5 s); or as recommended (half of at least 20 calls in 1 s, 1 s, then 5 probes).",
    ),
    number(
        NAME,
        FAILURES,
        (0, 1_000_000),
        "So many failures in a row open it; 0: however many. textbook: 2; recommended: 0.",
    ),
    share(
        NAME,
        SHARE,
        "This share of failures among the calls of the window opens it; 0: however many. textbook: 0; recommended: 0.5.",
    ),
    number(NAME, WINDOW_MS, (1, 3_600_000), "The window, in milliseconds. textbook and recommended: 1000."),
    number(
        NAME,
        LEAST_CALLS,
        (1, 1_000_000),
        "The share is looked at where so many calls ended in the window. textbook: 1; recommended: 20.",
    ),
    number(
        NAME,
        SLOW_MS,
        (0, 600_000),
        "A call that takes longer counts as a failure, in milliseconds, waits for a place and all; 0: however long. textbook and \
         recommended: 0.",
    ),
    number(
        NAME,
        OPEN_MS,
        (1, 3_600_000),
        "How long it stays open before it admits probes, in milliseconds. textbook: 5000; recommended: 1000.",
    ),
    number(
        NAME,
        PROBES,
        (1, 1_000),
        "How many calls it admits then; all have to succeed, or it opens again. textbook: 1; recommended: 5.",
    ),
];

struct Preset {
    failures: u64,
    share: f64,
    window_ms: u64,
    least_calls: u64,
    slow_ms: u64,
    open_ms: u64,
    probes: u64,
}

/// The book's `pybreaker`: `fail_max` 2, `reset_timeout` 5.
const TEXTBOOK: Preset =
    Preset { failures: 2, share: 0.0, window_ms: 1_000, least_calls: 1, slow_ms: 0, open_ms: 5_000, probes: 1 };
const RECOMMENDED: Preset =
    Preset { failures: 0, share: 0.5, window_ms: 1_000, least_calls: 20, slow_ms: 0, open_ms: 1_000, probes: 5 };

pub(super) fn from(settings: &Settings) -> Option<BreakerRule> {
    let preset = preset(settings, NAME, &TEXTBOOK, &RECOMMENDED)?;
    let number = |name, preset| settings.given_integer(name).unwrap_or(preset);
    let count = |name, preset| u32::try_from(number(name, preset)).unwrap_or(u32::MAX);
    let millis = |name, preset| Duration::from_millis(number(name, preset));
    let share = settings.given_ratio(SHARE).unwrap_or(preset.share);
    Some(BreakerRule {
        failures: Some(count(FAILURES, preset.failures)).filter(|failures| *failures > 0),
        share: Some(share).filter(|share| *share > 0.0),
        window: millis(WINDOW_MS, preset.window_ms),
        least_calls: count(LEAST_CALLS, preset.least_calls),
        slow: Some(millis(SLOW_MS, preset.slow_ms)).filter(|slow| !slow.is_zero()),
        open: millis(OPEN_MS, preset.open_ms),
        probes: count(PROBES, preset.probes),
    })
}
