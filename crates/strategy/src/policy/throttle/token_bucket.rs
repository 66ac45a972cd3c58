//! A bucket that fills at a rate: what is not used is saved up, as much as it holds.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// A token bucket. In any stretch of time `t` no more pass than `calls / per * t + burst`, to the nanosecond: it counts in whole numbers.
#[derive(Debug)]
pub struct TokenBucket {
    /// A token is worth so much credit, and each nanosecond brings `calls` of it.
    token: u128,
    calls: u128,
    most: u128,
    state: Mutex<Credit>,
}

#[derive(Debug)]
struct Credit {
    credit: u128,
    /// Until when it was counted.
    at_ns: u128,
}

impl TokenBucket {
    /// A full one, to which each `per` brings `calls` tokens and which holds `burst`. None of them is less than 1.
    #[must_use]
    pub fn new(calls: u64, per: Duration, burst: u64) -> Self {
        let token = per.as_nanos().max(1);
        let most = token.saturating_mul(u128::from(burst.max(1)));
        Self { token, calls: u128::from(calls.max(1)), most, state: Mutex::new(Credit { credit: most, at_ns: 0 }) }
    }

    /// Takes a token at `now_ns`; false if there is none.
    #[must_use]
    pub fn admits(&self, now_ns: u128) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        // Two threads may look at the clock in one order and come here in the other.
        let elapsed = now_ns.saturating_sub(state.at_ns);
        state.at_ns = state.at_ns.max(now_ns);
        state.credit = state.credit.saturating_add(elapsed.saturating_mul(self.calls)).min(self.most);
        let Some(left) = state.credit.checked_sub(self.token) else { return false };
        state.credit = left;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SECOND: u128 = 1_000_000_000;

    #[test]
    fn a_full_bucket_passes_its_burst_and_then_the_rate() {
        let bucket = TokenBucket::new(10, Duration::from_secs(1), 5);
        assert_eq!((0..100).filter(|_| bucket.admits(0)).count(), 5);
        assert!(!bucket.admits(SECOND / 10 - 1));
        assert!(bucket.admits(SECOND / 10));
        assert_eq!(
            (0..100).filter(|_| bucket.admits(100 * SECOND)).count(),
            5,
            "what it holds, however long the pause"
        );
    }

    #[test]
    fn it_fills_on_where_64_bits_of_nanoseconds_end() {
        let bucket = TokenBucket::new(10, Duration::from_secs(1), 5);
        let passed = |at_ns| (0..100).filter(|_| bucket.admits(at_ns)).count();
        let end = u128::from(u64::MAX);
        assert_eq!([end, end + SECOND / 10, end + SECOND].map(passed), [5, 1, 5]);
    }

    #[test]
    fn a_rate_that_is_no_whole_number_of_nanoseconds_is_kept_all_the_same() {
        // A token each 3,333.33 ns; there is room for what is left of one where the next is taken.
        let bucket = TokenBucket::new(300_000, Duration::from_secs(1), 2);
        let passed = (0..SECOND / 100).filter(|step| bucket.admits(step * 100)).count();
        assert!((300_000..=300_002).contains(&passed), "{passed}");
    }

    proptest! {
        /// The law, over every stretch of the course: those who pass from `from` to `to` are no more than the rate and the burst allow.
        #[test]
        fn never_more_pass_than_rate_times_time_plus_burst(
            calls in 1u64..50,
            per_ms in 1u64..2_000,
            burst in 1u64..20,
            gaps in prop::collection::vec(0u64..400_000_000, 1..120),
        ) {
            let bucket = TokenBucket::new(calls, Duration::from_millis(per_ms), burst);
            let mut now_ns = 0;
            let mut passed: Vec<u128> = Vec::new();
            for gap in gaps {
                // Many come at once, many after little, some after long.
                now_ns += u128::from(if gap % 3 == 0 { 0 } else { gap });
                passed.extend(bucket.admits(now_ns).then_some(now_ns));
            }
            let per_ns = u128::from(per_ms) * 1_000_000;
            for (first, from) in passed.iter().enumerate() {
                for (last, to) in passed.iter().enumerate().skip(first) {
                    let count = (last - first + 1) as u128;
                    prop_assert!(count * per_ns <= u128::from(calls) * (to - from) + u128::from(burst) * per_ns);
                }
            }
        }

        /// And it holds nobody back without need: who comes at the rate always passes.
        #[test]
        fn who_comes_at_the_rate_always_passes(calls in 1u64..1_000, burst in 1u64..5) {
            let bucket = TokenBucket::new(calls, Duration::from_secs(1), burst);
            prop_assert!((0..200u128).all(|turn| bucket.admits(turn * SECOND.div_ceil(u128::from(calls)))));
        }
    }
}
