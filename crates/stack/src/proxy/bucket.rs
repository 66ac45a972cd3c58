//! When bytes may pass that all connections share a rate for.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// A rate that is shared by all who ask: first come, first served.
#[derive(Debug, Default)]
pub(super) struct Bucket(Mutex<Option<Instant>>);

impl Bucket {
    /// When `bytes` have passed at `rate` bytes a second, if they queue up now behind all who asked before.
    pub(super) fn due(&self, bytes: usize, rate: u64) -> Instant {
        let takes = Duration::from_secs_f64(bytes as f64 / rate.max(1) as f64);
        let mut free = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let due = free.map_or_else(Instant::now, |free| free.max(Instant::now())) + takes;
        *free = Some(due);
        due
    }

    /// Forgets who asked before: the rate is another one, or none.
    pub(super) fn clear(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// How much is taken at once at a rate: what passes in a fiftieth of a second, so that connections take turns.
pub(super) fn at_once(rate: u64, most: usize) -> usize {
    usize::try_from(rate / 50).unwrap_or(usize::MAX).clamp(1, most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[tokio::test(start_paused = true)]
    async fn who_waited_for_nobody_waits_for_himself_alone() {
        let (bucket, began) = (Bucket::default(), Instant::now());
        assert_eq!(bucket.due(100, 1_000) - began, Duration::from_millis(100));
        assert_eq!(bucket.due(100, 1_000) - began, Duration::from_millis(200));
        tokio::time::advance(Duration::from_secs(10)).await;
        let later = Instant::now();
        assert_eq!(bucket.due(50, 1_000) - later, Duration::from_millis(50), "no credit is saved up");
        bucket.clear();
        assert_eq!(bucket.due(50, 1_000) - later, Duration::from_millis(50));
    }

    proptest! {
        #[test]
        fn no_more_passes_than_the_rate_allows(sizes in prop::collection::vec(1_usize..100_000, 1..50), rate in 1_u64..10_000_000) {
            let bucket = Bucket::default();
            let began = Instant::now();
            let last = sizes.iter().map(|size| bucket.due(*size, rate)).last().unwrap();
            let all: usize = sizes.iter().sum();
            let least = Duration::from_secs_f64(all as f64 / rate as f64);
            // Each size is rounded to a nanosecond.
            prop_assert!(last - began + Duration::from_micros(1) >= least);
        }

        #[test]
        fn something_is_always_taken_and_never_too_much(rate: u64, most in 1_usize..100_000) {
            prop_assert!((1..=most).contains(&at_once(rate, most)));
        }
    }
}
