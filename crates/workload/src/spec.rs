//! A workload, checked.

use crate::{KeyDistribution, MOST_KEYS, Mix, Permutation, Seed, ValueSize, WorkloadError};

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
}

#[cfg(test)]
mod tests {
    use super::*;

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
