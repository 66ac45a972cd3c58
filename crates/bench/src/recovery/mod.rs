//! How a trial went through its faults: judged by the intervals of its series, each of them a window here.
//!
//! A window is **as before** if it answered at least 90 % of what is usual, had at least 95 % of the usual hit ratio, and its 99th
//! percentile was at most 1.2 times the usual: what is usual is told by the windows before the first fault. Three such windows in a row
//! after the last fault are a recovery.
//!
//! Windows differ from each other without any fault. Where less than nine in ten of before's own windows keep one of these bounds, it is as
//! wide as nine in ten need: else a trial to which nothing was done would not recover. How many are beyond the plain bounds is told
//! (noise), and the bounds that were used are. A window counts as **harmed** only if, in a respect in which it is beyond the plain bound, it is
//! more than twice as far from the usual as nine in ten of the windows before; once the faults are over, it takes two in a row. Detection and
//! "unharmed" go by that, and so does what is harmed again after a recovery.

mod phase;
mod tails;
#[cfg(test)]
mod tests;
mod usual;
mod verdict;

pub(crate) use tails::add_tails;
pub(crate) use verdict::IN_A_ROW;

use crate::instrument::Detail;
use cachemark_core::ErrorKind;
use cachemark_results::{FaultSeen, Interval, Recovery, WorstWindow};
use phase::Bounds;
use std::collections::BTreeMap;
use usual::Usual;
use verdict::Outcome;

/// What is judged.
#[derive(Debug, Clone)]
pub(crate) struct Course {
    /// The length of a window, in nanoseconds.
    pub(crate) length_ns: u64,
    /// All of them, in order.
    pub(crate) windows: Vec<OneWindow>,
    /// The deadline of an operation, in nanoseconds.
    pub(crate) timeout_ns: u64,
}

/// One interval of the series, and what is not in it.
#[derive(Debug, Clone, Default)]
pub(crate) struct OneWindow {
    pub(crate) interval: Interval,
    pub(crate) p90_ns: Option<u64>,
    pub(crate) errors: BTreeMap<ErrorKind, u64>,
}

impl Course {
    pub(crate) fn new(length_ns: u64, intervals: &[Interval], details: Vec<Detail>, timeout_ns: u64) -> Self {
        let windows = intervals.iter().zip(details);
        let windows = windows.map(|(&interval, detail)| {
            let Detail { errors, p90_ns } = detail;
            OneWindow { interval, p90_ns, errors }
        });
        Self { length_ns, windows: windows.collect(), timeout_ns }
    }

    fn seconds(&self) -> f64 {
        self.length_ns as f64 / 1e9
    }

    /// Answered operations per second of one window.
    fn goodput(&self, window: &OneWindow) -> f64 {
        window.interval.answered() as f64 / self.seconds()
    }
}

/// How the trial went through `faults`; none if none of them was ever in place, or no window came before the first.
pub(crate) fn of(course: &Course, faults: &[FaultSeen]) -> Option<Recovery> {
    let bounds = Bounds::of(course, faults)?;
    let (before, during, after) = bounds.split(&course.windows);
    let usual = Usual::of(course, before)?;
    let affected = &course.windows[before.len()..];
    let outcome = if faults.iter().any(FaultSeen::was_done) {
        verdict::of(course, &bounds, &usual, affected, during.len())
    } else {
        Outcome::of_nothing(course, &bounds)
    };
    Some(Recovery {
        began_ns: bounds.began_ns,
        over_ns: bounds.over_ns,
        seen_until_ns: bounds.seen_until_ns,
        timeout_ns: course.timeout_ns,
        before: phase::of(course, before),
        during: phase::of(course, during),
        after: phase::of(course, after),
        detected_after_ns: outcome.detected_after_ns,
        recovered_after_ns: outcome.recovered_after_ns,
        harmed_again: Some(outcome.harmed_again),
        looked_long: Some(outcome.looked_long),
        noise: Some(usual.noise),
        as_before: Some(usual.bounds()),
        tail: usual.tail.map(|tail| tail.name().to_owned()),
        usual_tail_ns: usual.tail_ns,
        worst: worst(course, affected),
        verdict: outcome.verdict,
    })
}

fn worst(course: &Course, affected: &[OneWindow]) -> Option<WorstWindow> {
    let worst = affected.iter().min_by_key(|window| window.interval.answered())?;
    Some(WorstWindow {
        start_ns: worst.interval.start_ns,
        goodput_ops_per_s: course.goodput(worst),
        p99_ns: worst.interval.p99_ns,
        hit_ratio: worst.interval.hit_ratio(),
    })
}
