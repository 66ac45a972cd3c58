//! Windows one after another, each with its own count: simple, and twice as much may pass where two of them meet.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// A fixed window, as the pattern books have it.
#[derive(Debug)]
pub struct FixedWindow {
    calls: u64,
    length_ns: u128,
    state: Mutex<Count>,
}

#[derive(Debug)]
struct Count {
    /// When the window ends, counted from the clock's beginning. It is kept so that there is one division a window, and not one a call.
    ends_ns: u128,
    passed: u64,
}

impl FixedWindow {
    /// Lets `calls` pass in each window of that length. Neither is less than 1.
    #[must_use]
    pub fn new(calls: u64, length: Duration) -> Self {
        let length_ns = length.as_nanos().max(1);
        Self { calls: calls.max(1), length_ns, state: Mutex::new(Count { ends_ns: length_ns, passed: 0 }) }
    }

    /// Whether one more passes at `now_ns`.
    #[must_use]
    pub fn admits(&self, now_ns: u128) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if now_ns >= state.ends_ns {
            let ends_ns = (now_ns / self.length_ns).saturating_add(1).saturating_mul(self.length_ns);
            *state = Count { ends_ns, passed: 0 };
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
    const HOUR_NS: u128 = 3_600_000_000_000;

    #[test]
    fn ten_an_hour_are_ten_in_each_hour_and_twenty_in_a_moment_where_two_meet() {
        let window = FixedWindow::new(10, HOUR);
        let passed = |at_ns| (0..1_000).filter(|_| window.admits(at_ns)).count();
        assert_eq!((passed(0), passed(HOUR_NS / 2)), (10, 0));
        let (before, after) = (FixedWindow::new(10, HOUR), HOUR_NS);
        let twice = (0..1_000).filter(|_| before.admits(after - 1)).count();
        assert_eq!(twice + (0..1_000).filter(|_| before.admits(after)).count(), 20, "within a nanosecond");
    }

    #[test]
    fn it_counts_on_where_64_bits_of_nanoseconds_end() {
        let window = FixedWindow::new(10, HOUR);
        let passed = |at_ns| (0..1_000).filter(|_| window.admits(at_ns)).count();
        let end = u128::from(u64::MAX);
        assert_eq!([end, end + HOUR_NS, end + 2 * HOUR_NS].map(passed), [10; 3]);
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
            let mut passed: Vec<u128> = Vec::new();
            for gap in gaps {
                now_ns += u128::from(gap);
                passed.extend(window.admits(now_ns).then_some(now_ns));
            }
            for from in &passed {
                let within = passed.iter().filter(|at| *at >= from && *at - from < u128::from(length)).count() as u64;
                prop_assert!(within <= 2 * calls);
            }
        }
    }
}
