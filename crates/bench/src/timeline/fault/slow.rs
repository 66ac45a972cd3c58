//! Answers come later.

use super::{Act, FaultKind, Target};
use cachemark_core::{Fault, Setting};
use std::time::Duration;

const LATENCY: Setting = Setting::integer("latency-ms", 0, 60_000, 50, "By how much each answer comes later.");
const JITTER: Setting =
    Setting::integer("jitter-ms", 0, 60_000, 0, "The most that comes on top of latency-ms, drawn for each answer.");

/// Answers come later.
pub(super) const KIND: &FaultKind = &FaultKind {
    name: "slow",
    meaning: "Each answer comes later, by latency-ms and by a random time up to jitter-ms on top",
    targets: &[Target::CACHE, Target::STORE],
    lasts: true,
    settings: &[LATENCY, JITTER],
    act: |settings| {
        let millis = |setting: &Setting| Duration::from_millis(settings.integer(setting.name));
        Act::Server(Fault::Slow { latency: millis(&LATENCY), jitter: millis(&JITTER) })
    },
    in_words: |settings| match (settings.integer(LATENCY.name), settings.integer(JITTER.name)) {
        (latency, 0) => format!("slow by {latency} ms"),
        (latency, jitter) => format!("slow by {latency} to {} ms", latency + jitter),
    },
    unfit: |settings, _| {
        let idle = settings.integer(LATENCY.name) == 0 && settings.integer(JITTER.name) == 0;
        idle.then_some("it would change nothing; give latency-ms or jitter-ms above 0")
    },
};
