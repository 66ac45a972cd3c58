//! How a thread that watches a load waits for a moment.

use cachemark_core::{Clock, SystemClock};
use std::time::Duration;

/// The longest step: how soon a stop is heard.
const STEP: Duration = Duration::from_millis(20);

/// Sleeps until `moment_ns` on the trial's clock, in short steps, or until `is_over` says that nothing is left to wait for.
pub fn sleep_until(clock: SystemClock, moment_ns: u64, is_over: impl Fn() -> bool) {
    while !is_over() {
        let left = moment_ns.saturating_sub(clock.now_ns());
        if left == 0 {
            return;
        }
        std::thread::sleep(Duration::from_nanos(left).min(STEP));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn it_ends_at_the_moment_or_with_the_load() {
        let clock = SystemClock::from_zero();
        let moment = clock.now_ns() + 1_000_000;
        sleep_until(clock, moment, || false);
        assert!(clock.now_ns() >= moment);
        let asked = Cell::new(0);
        sleep_until(clock, u64::MAX, || asked.replace(asked.get() + 1) == 2);
        assert_eq!(asked.get(), 3);
    }
}
