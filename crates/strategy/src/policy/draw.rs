//! Draws that are made of what they are for, not of a generator's state: the same operations draw the same, however
//! their calls interleave.

use cachemark_core::Key;
use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

/// 64 random bits of a key and what else tells the draw from others.
pub(crate) fn draw(key: &Key, parts: impl IntoIterator<Item = u64>) -> u64 {
    parts.into_iter().fold(key.fingerprint(), |draw, part| SplitMix64::seed_from_u64(draw ^ part).next_u64())
}

/// A number above 0 and at most 1, of 64 random bits.
pub(crate) fn unit(draw: u64) -> f64 {
    // 53 bits fill a double's mantissa.
    ((draw >> 11) + 1) as f64 / (1u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_repeat_and_differ_by_each_of_their_parts() {
        let (one, other) = (Key::new("k1").unwrap(), Key::new("k2").unwrap());
        assert_eq!(draw(&one, [1, 2]), draw(&one, [1, 2]));
        for differing in [draw(&other, [1, 2]), draw(&one, [1, 3]), draw(&one, [0, 2]), draw(&one, [2, 1])] {
            assert_ne!(differing, draw(&one, [1, 2]));
        }
    }

    #[test]
    fn a_unit_is_never_nothing() {
        assert!(unit(0) > 0.0);
        assert_eq!(unit(u64::MAX), 1.0);
    }
}
