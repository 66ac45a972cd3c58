//! How long a retry waits: exponentially longer, spread by chance.

use super::unit;
use std::time::Duration;

/// How a wait is spread. Callers that failed together would come back together without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Jitter {
    /// Not at all.
    None,
    /// From nothing to the whole wait, evenly.
    Full,
    /// From the base to three times the wait before, evenly: how often was tried has no say.
    Decorrelated,
}

/// The waits before the retries of one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// The first wait; each later one doubles. Without growth (`grows`) every wait is this long.
    pub base: Duration,
    /// No wait is longer.
    pub cap: Duration,
    /// Whether waits grow.
    pub grows: bool,
    /// How they are spread.
    pub jitter: Jitter,
}

impl Backoff {
    /// The wait before retry number `retry` (from 0), after one of `previous` (nothing before the first), by 64 random bits.
    #[must_use]
    pub fn wait(&self, retry: u32, previous: Duration, random: u64) -> Duration {
        let doubled = 2u32.checked_pow(if self.grows { retry } else { 0 });
        let whole = doubled.and_then(|times| self.base.checked_mul(times)).unwrap_or(self.cap).min(self.cap);
        match self.jitter {
            Jitter::None => whole,
            Jitter::Full => whole.mul_f64(unit(random)),
            Jitter::Decorrelated => {
                let most = previous.max(self.base).saturating_mul(3);
                let spread = most.saturating_sub(self.base).mul_f64(unit(random));
                self.base.saturating_add(spread).min(self.cap)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MS: Duration = Duration::from_millis(1);

    fn backoff(grows: bool, jitter: Jitter) -> Backoff {
        Backoff { base: 10 * MS, cap: 100 * MS, grows, jitter }
    }

    #[test]
    fn waits_double_up_to_the_cap_or_stay_as_they_are() {
        let waits = |grows| [0, 1, 2, 3, 4, 40].map(|retry| backoff(grows, Jitter::None).wait(retry, MS, 7));
        assert_eq!(waits(true), [10, 20, 40, 80, 100, 100].map(|ms| ms * MS));
        assert_eq!(waits(false), [10 * MS; 6]);
    }

    #[test]
    fn the_greatest_draw_is_the_whole_wait_and_the_least_is_nothing() {
        let full = backoff(true, Jitter::Full);
        assert_eq!((full.wait(1, MS, u64::MAX), full.wait(1, MS, 0)), (20 * MS, Duration::ZERO));
        let decorrelated = backoff(true, Jitter::Decorrelated);
        assert_eq!(decorrelated.wait(0, Duration::ZERO, u64::MAX), 30 * MS, "three times the base at first");
        assert_eq!(decorrelated.wait(1, 25 * MS, u64::MAX), 75 * MS);
        assert_eq!(decorrelated.wait(9, 25 * MS, 0), 10 * MS);
        assert_eq!(decorrelated.wait(9, 90 * MS, u64::MAX), 100 * MS);
    }

    proptest! {
        #[test]
        fn no_wait_is_longer_than_the_cap(retry in 0u32..200, previous in 0u64..1_000, random: u64, which in 0usize..3) {
            let jitter = [Jitter::None, Jitter::Full, Jitter::Decorrelated][which];
            let wait = backoff(true, jitter).wait(retry, Duration::from_millis(previous), random);
            prop_assert!(wait <= 100 * MS);
            prop_assert!(jitter != Jitter::Decorrelated || wait >= 10 * MS);
        }
    }
}
