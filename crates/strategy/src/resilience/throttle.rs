//! The settings of the throttle at the entry.

use super::settings::{number, policy, preset, word, word_or};
use crate::policy::{Law, Throttle, ThrottleRule};
use cachemark_core::{Setting, Settings};
use std::time::Duration;

const NAME: &str = "throttle";
const LAW: &str = "throttle-law";
const CALLS: &str = "throttle-calls";
const PER_MS: &str = "throttle-per-ms";
const BURST: &str = "throttle-burst";
const SCALE: &str = "throttle-scale";

pub(super) const SETTINGS: [Setting; 6] = [
    policy(
        NAME,
        "Whether operations are let in at a rate and the others shed before any work: off; as the pattern books have it (10 in each \
         hour); or as recommended (a token bucket of 10,000 a second with bursts of 100; set the rate to what the store can do).",
    ),
    word(
        NAME,
        LAW,
        &["fixed-window", "token-bucket"],
        "fixed-window: so many in each period, however they come, and up to twice as many where two meet; token-bucket: at the rate, and so \
         many at once after a pause. textbook: fixed-window; recommended: token-bucket.",
    ),
    number(
        NAME,
        CALLS,
        (1, 1_000_000_000),
        "Operations in each period, of each instance. textbook: 10; recommended: 10000.",
    ),
    number(
        NAME,
        PER_MS,
        (1, 86_400_000),
        "The period, in milliseconds. textbook: 3600000 (an hour); recommended: 1000.",
    ),
    number(
        NAME,
        BURST,
        (1, 1_000_000_000),
        "Operations that a token bucket lets in at once after a pause. textbook: 10; recommended: 100.",
    ),
    number(
        NAME,
        SCALE,
        (1, 1_000_000_000),
        "How many times faster the throttle's clock runs: periods become shorter by it, counts and bursts stay. At 360000 an hour lasts \
         10 ms, so that 10 an hour are 1,000 a second. textbook and recommended: 1.",
    ),
];

struct Preset {
    law: &'static str,
    calls: u64,
    per_ms: u64,
    burst: u64,
}

/// The book's Flask-Limiter: `10 per hour`, a fixed window in memory.
const TEXTBOOK: Preset = Preset { law: "fixed-window", calls: 10, per_ms: 3_600_000, burst: 10 };
const RECOMMENDED: Preset = Preset { law: "token-bucket", calls: 10_000, per_ms: 1_000, burst: 100 };

/// A throttle, and how many times faster its clock runs.
pub(super) fn from(settings: &Settings) -> Option<(Throttle, u64)> {
    let preset = preset(settings, NAME, &TEXTBOOK, &RECOMMENDED)?;
    let number = |name, preset| settings.given_integer(name).unwrap_or(preset);
    let law = match word_or(settings, LAW, preset.law) {
        "token-bucket" => Law::TokenBucket { burst: number(BURST, preset.burst) },
        _ => Law::FixedWindow,
    };
    let per = Duration::from_millis(number(PER_MS, preset.per_ms));
    let rule = ThrottleRule { calls: number(CALLS, preset.calls), per, law };
    Some((Throttle::new(rule), number(SCALE, 1)))
}
