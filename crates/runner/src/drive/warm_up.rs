//! Watches the warm-up: has the run come to rest?
//!
//! The warm-up is 21 windows long, of which the last whole ten are tested, and it goes on, window by window, until they
//! pass the test of [`SteadyRule`], or the longest warm-up is over. A run that never passed is measured nevertheless, and says so. Whoever
//! looks again and again passes a test more easily than who looks once: the test finds what still moves, it proves no rest.

use super::driver::{nanos, sleep_until};
use crate::definition::Driving;
use crate::observer::StopFlag;
use cachemark_core::{Clock, SystemClock};
use cachemark_stats::{Steadiness, SteadyRule, SteadyWindow};
use std::sync::mpsc::Receiver;

/// How many windows a warm-up has: the rule tests the ten before the last one, which may not have been handed over.
const WINDOWS: u64 = 21;

/// How the warm-up ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Warmed {
    /// There was none, by wish.
    Not,
    /// It ended with this result of the test.
    With(Steadiness),
}

/// The length of a window of the warm-up.
pub(super) fn interval_ns(driving: &Driving) -> u64 {
    (nanos(driving.warm_up) / WINDOWS).max(1_000_000)
}

/// Waits until the run that began at `began_ns` is steady, or must be measured as it is.
pub(super) fn watch(
    driving: &Driving,
    clock: SystemClock,
    began_ns: u64,
    windows: &Receiver<SteadyWindow>,
    stop: &StopFlag,
) -> Warmed {
    if driving.warm_up.is_zero() {
        return Warmed::Not;
    }
    let rule = SteadyRule::default();
    let (step_ns, cap_ns) = (interval_ns(driving), began_ns + nanos(driving.warm_up_cap));
    let mut seen = Vec::new();
    let mut until_ns = began_ns + nanos(driving.warm_up);
    loop {
        sleep_until(clock, until_ns, stop);
        seen.extend(windows.try_iter());
        let result = rule.test(&seen);
        if matches!(result, Steadiness::Steady { .. }) || clock.now_ns() >= cap_ns || stop.is_stopped() {
            return Warmed::With(result);
        }
        until_ns = clock.now_ns() + step_ns;
    }
}
