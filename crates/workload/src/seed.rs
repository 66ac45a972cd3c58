//! One seed for a whole sweep, and sub-seeds by label.
//!
//! The random numbers are xoshiro256++ 1.0 (Blackman and Vigna, 2019), its state filled from the seed by SplitMix64.
//! Sub-seeds are XXH3-64 of the label, seeded with the parent. Both are part of what a recorded seed means: a change
//! of either changes every stream, so the figures in this file's tests and in `tests/streams.rs` must stay as they are.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use std::fmt;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// A seed: any 64 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Seed(u64);

impl Seed {
    /// The seed of the given number.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The sub-seed called `label`; the same for ever.
    #[must_use]
    pub fn child(self, label: &str) -> Self {
        Self(xxh3_64_with_seed(label.as_bytes(), self.0))
    }

    /// The sub-seed numbered `index`, for parts that are too many to be given labels.
    #[must_use]
    pub fn nth(self, index: u64) -> Self {
        Self(xxh3_64_with_seed(&index.to_le_bytes(), self.0))
    }

    /// A generator of random numbers that starts from this seed.
    #[must_use]
    pub fn rng(self) -> Xoshiro256PlusPlus {
        Xoshiro256PlusPlus::seed_from_u64(self.0)
    }
}

impl fmt::Display for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// A number from 0 to below 1, in steps of 2^-53. Written out here, since `rand` may change how it makes one.
pub(crate) fn unit(rng: &mut impl Rng) -> f64 {
    unit_of(rng.next_u64())
}

fn unit_of(bits: u64) -> f64 {
    const STEP: f64 = 1.0 / (1u64 << 53) as f64;
    (bits >> 11) as f64 * STEP
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_and_sub_seeds_mean_the_same_for_ever() {
        let seed = Seed::new(42);
        let block = seed.child("block 0");
        let mut rng = seed.rng();
        let seen = [block.get(), block.child("session 7").get(), seed.nth(3).get(), rng.next_u64(), rng.next_u64()];
        assert_eq!(
            seen,
            [
                10121408126077577560,
                14709992381715871176,
                13902127043764128702,
                15021278609987233951,
                5881210131331364753
            ]
        );
    }

    #[test]
    fn labels_and_numbers_lead_to_different_seeds() {
        let seed = Seed::new(1);
        let children = [seed, seed.child("a"), seed.child("b"), seed.nth(0), seed.nth(1), Seed::new(2).child("a")];
        for (at, child) in children.iter().enumerate() {
            assert!(!children[..at].contains(child), "{child} twice");
        }
    }

    #[test]
    fn units_stay_below_one() {
        let mut rng = Seed::new(3).rng();
        assert!((0..10_000).map(|_| unit(&mut rng)).all(|unit| (0.0..1.0).contains(&unit)));
        assert!(unit_of(u64::MAX) < 1.0);
    }
}
