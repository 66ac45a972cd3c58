//! A workload, checked.

use crate::{KeyDistribution, MOST_KEYS, Mix, Permutation, Seed, Share, ValueSize, WorkloadError};

/// What is asked of a stack, without the when: keys, mix and sizes. Every one that exists is valid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WorkloadSpec {
    keys: u64,
    distribution: KeyDistribution,
    mix: Mix,
    value_size: ValueSize,
}

impl WorkloadSpec {
    /// The workload of `keys` keys, 1 to [`MOST_KEYS`].
    ///
    /// # Errors
    /// The first [`WorkloadError`]; each part's own `check` finds the others.
    pub fn new(
        keys: u64,
        distribution: KeyDistribution,
        mix: Mix,
        value_size: ValueSize,
    ) -> Result<Self, WorkloadError> {
        if !(1..=MOST_KEYS).contains(&keys) {
            return Err(WorkloadError::Keys { keys });
        }
        distribution.check()?;
        mix.check()?;
        value_size.check()?;
        Ok(Self { keys, distribution, mix, value_size })
    }

    /// How many keys there are.
    #[must_use]
    pub fn keys(&self) -> u64 {
        self.keys
    }

    /// The law that picks keys.
    #[must_use]
    pub fn distribution(&self) -> KeyDistribution {
        self.distribution
    }

    /// How often each kind of operation is done.
    #[must_use]
    pub fn mix(&self) -> Mix {
        self.mix
    }

    /// How long values are.
    #[must_use]
    pub fn value_size(&self) -> ValueSize {
        self.value_size
    }

    /// The exact probability of each rank, most popular first.
    #[must_use]
    pub fn probabilities(&self) -> Vec<f64> {
        self.distribution.probabilities(self.keys)
    }

    /// Which key has which rank under the given seed: one for all blocks and sessions, which share their hot keys.
    #[must_use]
    pub fn permutation(&self, seed: Seed) -> Permutation {
        Permutation::new(self.keys, seed.child("permutation"))
    }

    /// The given share of the `count` keys that are asked for most under the given seed (of all keys, if there are fewer), the
    /// most popular first. Of keys that are all alike they are some.
    pub fn most_popular(&self, seed: Seed, count: u64, share: Share) -> impl Iterator<Item = u64> + use<> {
        let permutation = self.permutation(seed);
        let ranks = u64::from(share.index)..count.min(self.keys);
        ranks.step_by(share.of.max(1) as usize).map(move |rank| permutation.apply(rank))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_popular_keys_are_those_that_are_asked_for_most() {
        let (mix, size) = (Mix::of_reads(1.0), ValueSize::Fixed { bytes: 100 });
        let spec = WorkloadSpec::new(50, KeyDistribution::Zipf { exponent: 3.0 }, mix, size).unwrap();
        let seed = Seed::new(7);
        let mut asked = std::collections::BTreeMap::<u64, u32>::new();
        crate::OpStream::new(&spec, seed, 0, 0).take(20_000).for_each(|asks| *asked.entry(asks.key).or_default() += 1);
        let mut by_count: Vec<_> = asked.into_iter().map(|(key, count)| (count, key)).collect();
        by_count.sort_unstable();
        let top: Vec<u64> = by_count.iter().rev().take(3).map(|(_, key)| *key).collect();
        let of = |count, share| spec.most_popular(seed, count, share).collect::<Vec<_>>();
        assert_eq!(of(3, Share { index: 0, of: 1 }), top);
        let [even, odd] = [0, 1].map(|index| of(3, Share { index, of: 2 }));
        assert_eq!((even, odd), (vec![top[0], top[2]], vec![top[1]]));
        assert_eq!((of(0, Share { index: 0, of: 1 }), of(900, Share { index: 0, of: 1 }).len()), (Vec::new(), 50));
    }

    #[test]
    fn each_part_is_checked() {
        let zipf = |exponent| KeyDistribution::Zipf { exponent };
        let (mix, size) = (Mix::of_reads(0.9), ValueSize::Fixed { bytes: 100 });
        assert!(WorkloadSpec::new(10, zipf(0.99), mix, size).is_ok());
        assert!(matches!(WorkloadSpec::new(0, zipf(0.99), mix, size), Err(WorkloadError::Keys { .. })));
        assert!(matches!(WorkloadSpec::new(10, zipf(-1.0), mix, size), Err(WorkloadError::Exponent { .. })));
        assert!(matches!(WorkloadSpec::new(10, zipf(1.0), Mix::of_reads(2.0), size), Err(WorkloadError::Ratio { .. })));
        let small = ValueSize::Fixed { bytes: 1 };
        assert!(matches!(WorkloadSpec::new(10, zipf(1.0), mix, small), Err(WorkloadError::ValueSize { bytes: 1 })));
    }
}
