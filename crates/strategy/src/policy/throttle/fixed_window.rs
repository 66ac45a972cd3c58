//! Windows one after another, each with its own count: simple, and twice as much may pass where two of them meet.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// A fixed window, as the pattern books have it.
#[derive(Debug)]
pub struct FixedWindow {
    calls: u64,
    length_ns: u64,
    state: Mutex<Count>,
}

#[derive(Debug, Default)]
struct Count {
    /// The window's number, counted from the clock's beginning.
    window: u64,
    passed: u64,
}

impl FixedWindow {
    /// Lets `calls` pass in each window of that length. Neither is less than 1.
    #[must_use]
    pub fn new(calls: u64, length: Duration) -> Self {
        let length_ns = u64::try_from(length.as_nanos()).unwrap_or(u64::MAX).max(1);
        Self { calls: calls.max(1), length_ns, state: Mutex::default() }
    }

    /// Whether one more passes at `now_ns`.
    #[must_use]
    pub fn admits(&self, now_ns: u64) -> bool {
        let window = now_ns / self.length_ns;
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if window > state.window {
            *state = Count { window, passed: 0 };
        }
        let passes = state.passed < self.calls;
        state.passed += u64::from(passes);
        passes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HOUR: Duration = Duration::from_secs(3_600);
    const HOUR_NS: u64 = 3_600_000_000_000;

    #[test]
    fn ten_an_hour_are_ten_in_each_hour_and_twenty_in_a_moment_where_two_meet() {
        let window = FixedWindow::new(10, HOUR);
        let passed = |at_ns| (0..1_000).filter(|_| window.admits(at_ns)).count();
        assert_eq!((passed(0), passed(HOUR_NS / 2)), (10, 0));
        let (before, after) = (FixedWindow::new(10, HOUR), HOUR_NS);
        let twice = (0..1_000).filter(|_| before.admits(after - 1)).count();
        assert_eq!(twice + (0..1_000).filter(|_| before.admits(after)).count(), 20, "within a nanosecond");
    }

    proptest! {
        /// In any stretch as long as a window, up to twice as many pass as a window lets, and never more.
        #[test]
        fn in_any_stretch_as_long_as_a_window_no_more_than_twice_as_many_pass(
            calls in 1u64..8,
            length in 1u64..1_000,
            gaps in prop::collection::vec(0u64..400, 1..150),
        ) {
            let window = FixedWindow::new(calls, Duration::from_nanos(length));
            let mut now_ns = 0;
            let mut passed: Vec<u64> = Vec::new();
            for gap in gaps {
                now_ns += gap;
                passed.extend(window.admits(now_ns).then_some(now_ns));
            }
            for from in &passed {
                let within = passed.iter().filter(|at| *at >= from && *at - from < length).count() as u64;
                prop_assert!(within <= 2 * calls);
            }
        }
    }
}
