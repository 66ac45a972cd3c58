//! Which key has which rank: a seeded bijection over 0..n.
//!
//! Without it the popular keys would be neighbours in the store's index, so that a few pages held them all. A hash
//! modulo n would part them too, but lets keys collide: some would get the traffic of several ranks, some none, and no
//! formula for the hit ratio would hold.
//!
//! The bijection is a Feistel network over the least power of two that holds n, whose halves need not be equal, and
//! which is walked until it comes back into 0..n (Black and Rogaway, "Ciphers with arbitrary finite domains", 2002):
//! fewer than two walks on average. It mixes; it hides nothing.

use crate::Seed;

const ROUNDS: usize = 6;

/// A bijection from rank to key index.
#[derive(Debug, Clone, Copy)]
pub struct Permutation {
    n: u64,
    low_bits: u32,
    low_mask: u64,
    high_mask: u64,
    round_keys: [u64; ROUNDS],
}

impl Permutation {
    /// The bijection over 0..`n` of the given seed, for any `n`.
    #[must_use]
    pub fn new(n: u64, seed: Seed) -> Self {
        let bits = u64::BITS - n.saturating_sub(1).leading_zeros();
        let low_bits = bits.div_ceil(2);
        Self {
            n,
            low_bits,
            low_mask: mask(low_bits),
            high_mask: mask(bits - low_bits),
            round_keys: std::array::from_fn(|round| fold(seed.nth(round as u64).get())),
        }
    }

    /// How many ranks, and so keys, there are.
    #[must_use]
    pub fn keys(&self) -> u64 {
        self.n
    }

    /// The key index of `rank`; both go from 0 to below n.
    ///
    /// # Panics
    /// If `rank` is not below n: outside the domain the walk need not end.
    #[must_use]
    #[inline]
    pub fn apply(&self, rank: u64) -> u64 {
        assert!(rank < self.n, "rank {rank} of {}", self.n);
        let mut index = self.encipher(rank);
        // Ends: the network's cycle through `rank` comes back to `rank` at the latest.
        while index >= self.n {
            index = self.encipher(index);
        }
        index
    }

    fn encipher(&self, index: u64) -> u64 {
        let (mut high, mut low) = (index >> self.low_bits, index & self.low_mask);
        for keys in self.round_keys.chunks_exact(2) {
            low ^= multiplied(high ^ keys[0]) & self.low_mask;
            high ^= multiplied(low ^ keys[1]) & self.high_mask;
        }
        high << self.low_bits | low
    }
}

fn mask(bits: u32) -> u64 {
    (1u64 << bits) - 1
}

/// The upper half of a key laid over its lower. Each round would do so to what a half of the index and its key make together;
/// the half of an index has 32 bits at most, and so no upper half: it is done to the key alone, once.
fn fold(key: u64) -> u64 {
    key ^ (key >> 32)
}

/// The upper bits of a product depend on all lower ones, so they are what is kept.
#[inline]
fn multiplied(x: u64) -> u64 {
    // 2^64 / golden ratio, made odd: the usual multiplier of Fibonacci hashing (Knuth, TAOCP 3, 6.4).
    const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;
    x.wrapping_mul(MULTIPLIER) >> 32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_is_a_bijection(n in 1..5_000u64, seed: u64) {
            let permutation = Permutation::new(n, Seed::new(seed));
            let mut seen = vec![false; n as usize];
            for rank in 0..n {
                let index = permutation.apply(rank) as usize;
                prop_assert!(!std::mem::replace(&mut seen[index], true), "{index} twice");
            }
        }

        #[test]
        fn large_domains_are_kept(n in 1..=u64::MAX, rank: u64, seed: u64) {
            prop_assert!(Permutation::new(n, Seed::new(seed)).apply(rank % n) < n);
        }
    }

    #[test]
    fn neighbours_in_rank_are_no_neighbours_in_index() {
        // Two indices drawn apart lie n / 3 from each other on average.
        for n in [1_000, 10_000, 65_536, 1_000_000u64] {
            let permutation = Permutation::new(n, Seed::new(1));
            let pairs = n.min(10_000) - 1;
            let distance = |rank| permutation.apply(rank).abs_diff(permutation.apply(rank + 1));
            let mean = (0..pairs).map(distance).sum::<u64>() as f64 / pairs as f64;
            assert!((mean / (n as f64 / 3.0) - 1.0).abs() < 0.06, "n {n}: mean distance {mean}");
        }
    }

    #[test]
    fn the_most_popular_rank_lands_anywhere_by_seed() {
        // 16 bins over the index, 4,000 seeds: 250 each, standard deviation 15.
        let mut bins = [0u32; 16];
        (0..4_000).for_each(|seed| bins[Permutation::new(1_600, Seed::new(seed)).apply(0) as usize / 100] += 1);
        assert!(bins.iter().all(|&count| (180..320).contains(&count)), "{bins:?}");
    }
}
