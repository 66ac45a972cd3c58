//! Arrivals at random, the same in every run.

use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use std::time::Duration;

/// The gaps of a Poisson process.
pub(crate) struct Gaps {
    draws: SplitMix64,
    mean_s: f64,
}

impl Gaps {
    pub(crate) fn new(seed: u64, per_s: f64) -> Self {
        Self { draws: SplitMix64::seed_from_u64(seed), mean_s: 1.0 / per_s }
    }

    pub(crate) fn next(&mut self) -> Duration {
        let unit = ((self.draws.next_u64() >> 11) + 1) as f64 / (1u64 << 53) as f64;
        Duration::from_secs_f64(-unit.ln() * self.mean_s)
    }
}
