//! Sleeping on a clock whose step is a millisecond.

use crate::Cost;
use cachemark_workload::Seed;
use rand::Rng;
use rand_xoshiro::Xoshiro256PlusPlus;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::sleep;

const STEP: Duration = Duration::from_millis(1);

/// Sleeps of whole milliseconds, which have the asked-for length in the mean. One for all parts of a run, so that the draws are in the order
/// of the calls. They can be skipped: then nobody sleeps or draws, and what it would have taken is added up.
#[derive(Debug)]
pub(crate) struct Pauses {
    draws: Mutex<Xoshiro256PlusPlus>,
    skips: AtomicBool,
    skipped_ns: AtomicU64,
}

impl Pauses {
    pub(crate) fn new(seed: Seed) -> Self {
        Self {
            draws: Mutex::new(seed.child("pauses").rng()),
            skips: AtomicBool::new(false),
            skipped_ns: AtomicU64::new(0),
        }
    }

    /// Skips them from now on, or no longer; what was skipped is forgotten.
    pub(crate) fn skip(&self, skips: bool) {
        self.skips.store(skips, Ordering::Relaxed);
        self.skipped_ns.store(0, Ordering::Relaxed);
    }

    /// How long those in the mean were that have been skipped, in nanoseconds.
    pub(crate) fn skipped_ns(&self) -> u64 {
        self.skipped_ns.load(Ordering::Relaxed)
    }

    fn skips(&self, span: Duration) -> bool {
        let skips = self.skips.load(Ordering::Relaxed);
        if skips {
            self.skipped_ns.fetch_add(u64::try_from(span.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
        }
        skips
    }

    fn unit(&self) -> f64 {
        const STEP: f64 = 1.0 / (1u64 << 53) as f64;
        let bits = self.draws.lock().unwrap_or_else(PoisonError::into_inner).next_u64();
        (bits >> 11) as f64 * STEP
    }

    /// `span`, rounded up as often as what is over a whole number of steps says.
    fn whole(&self, span: Duration) -> Duration {
        let steps = span.as_secs_f64() / STEP.as_secs_f64();
        let over = steps.fract();
        let up = over > 1e-9 && self.unit() < over;
        // A span over 49 days is cut.
        STEP * (steps as u32).saturating_add(u32::from(up))
    }

    /// Sleeps for `span` in the mean; not at all for none.
    pub(crate) async fn pause(&self, span: Duration) {
        if span.is_zero() || self.skips(span) {
            return;
        }
        let whole = self.whole(span);
        if !whole.is_zero() {
            sleep(whole).await;
        }
    }

    /// Sleeps for a draw of `cost`.
    pub(crate) async fn spend(&self, cost: Cost) {
        if self.skips(cost.mean()) {
            return;
        }
        let span = match cost {
            Cost::Fixed(span) => span,
            Cost::Exponential(mean) => mean.mul_f64(-(1.0 - self.unit()).ln()),
        };
        self.pause(span).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::Instant;

    #[tokio::test(start_paused = true)]
    async fn means_are_kept_whatever_the_step() {
        let pauses = Pauses::new(Seed::new(4));
        for (cost, mean_ms) in [
            (Cost::Fixed(Duration::from_millis(10)), 10.0),
            (Cost::Fixed(Duration::from_micros(300)), 0.3),
            (Cost::Exponential(Duration::from_millis(2)), 2.0),
        ] {
            let began = Instant::now();
            for _ in 0..20_000 {
                pauses.spend(cost).await;
            }
            let mean = began.elapsed().as_secs_f64() * 1e3 / 20_000.0;
            // The widest standard error is that of the exponential: 2 / sqrt(20,000) = 0.014.
            assert!((mean - mean_ms).abs() < 0.06, "{cost:?}: {mean}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_skipped_is_added_up_and_draws_nothing() {
        let (pauses, other) = (Pauses::new(Seed::new(4)), Pauses::new(Seed::new(4)));
        let began = Instant::now();
        pauses.skip(true);
        pauses.spend(Cost::Exponential(Duration::from_millis(10))).await;
        pauses.pause(Duration::from_micros(300)).await;
        assert_eq!((pauses.skipped_ns(), began.elapsed()), (10_300_000, Duration::ZERO));
        pauses.skip(false);
        assert_eq!((pauses.skipped_ns(), pauses.unit()), (0, other.unit()));
    }
}
