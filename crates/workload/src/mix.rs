//! How often each kind of operation is done.

use crate::seed::unit;
use crate::{OperationKind, WorkloadError};
use rand::Rng;

/// The relative frequencies of reads, writes and deletes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mix {
    /// The share of reads in all operations, 0 to 1.
    pub read_ratio: f64,
    /// The share of deletes in what is left, 0 (usual) to 1.
    pub delete_ratio: f64,
}

impl Mix {
    /// Reads and writes alone.
    #[must_use]
    pub const fn of_reads(read_ratio: f64) -> Self {
        Self { read_ratio, delete_ratio: 0.0 }
    }

    /// Checks the ratios.
    ///
    /// # Errors
    /// [`WorkloadError::Ratio`] for the first that is not from 0 to 1.
    pub fn check(self) -> Result<(), WorkloadError> {
        for (name, ratio) in [("read ratio", self.read_ratio), ("delete ratio", self.delete_ratio)] {
            if !(0.0..=1.0).contains(&ratio) {
                return Err(WorkloadError::Ratio { name, ratio });
            }
        }
        Ok(())
    }

    /// The share of `kind` in all operations, 0 to 1.
    #[must_use]
    pub fn share(self, kind: OperationKind) -> f64 {
        let rest = 1.0 - self.read_ratio;
        match kind {
            OperationKind::Read => self.read_ratio,
            OperationKind::Write => rest * (1.0 - self.delete_ratio),
            OperationKind::Delete => rest * self.delete_ratio,
        }
    }

    /// A kind. One random number decides it, so that two mixes with the same seed differ only where they must: each
    /// read of the one with fewer reads is a read of the other too.
    pub fn sample(self, rng: &mut impl Rng) -> OperationKind {
        let unit = unit(rng);
        if unit < self.read_ratio {
            OperationKind::Read
        } else if unit < self.read_ratio + self.share(OperationKind::Delete) {
            OperationKind::Delete
        } else {
            OperationKind::Write
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Seed;
    use proptest::prelude::*;

    fn shares(mix: Mix, seed: u64, draws: u32) -> [f64; 3] {
        let mut rng = Seed::new(seed).rng();
        let mut counts = [0u32; 3];
        for _ in 0..draws {
            let kind = mix.sample(&mut rng);
            OperationKind::ALL.iter().zip(&mut counts).for_each(|(&each, count)| *count += u32::from(each == kind));
        }
        counts.map(|count| f64::from(count) / f64::from(draws))
    }

    proptest! {
        #[test]
        fn frequencies_are_the_shares(read_ratio in 0.0..=1.0, delete_ratio in 0.0..=1.0, seed: u64) {
            let mix = Mix { read_ratio, delete_ratio };
            // Six standard deviations of the widest share at 10,000 draws.
            for (kind, seen) in OperationKind::ALL.into_iter().zip(shares(mix, seed, 10_000)) {
                prop_assert!((seen - mix.share(kind)).abs() < 0.03, "{kind}: {seen}");
            }
        }

        #[test]
        fn more_reads_turn_other_operations_into_reads_and_nothing_else(
            low in 0.0..=1.0, high in 0.0..=1.0, seed: u64,
        ) {
            prop_assume!(low <= high);
            let (mut one, mut other) = (Seed::new(seed).rng(), Seed::new(seed).rng());
            for _ in 0..100 {
                let was_read = Mix::of_reads(low).sample(&mut one) == OperationKind::Read;
                let is_read = Mix::of_reads(high).sample(&mut other) == OperationKind::Read;
                prop_assert!(is_read || !was_read);
            }
        }
    }

    #[test]
    fn the_ends_are_exact() {
        assert_eq!(shares(Mix::of_reads(1.0), 1, 10_000), [1.0, 0.0, 0.0]);
        assert_eq!(shares(Mix::of_reads(0.0), 1, 10_000), [0.0, 1.0, 0.0]);
        assert_eq!(shares(Mix { read_ratio: 0.0, delete_ratio: 1.0 }, 1, 10_000), [0.0, 0.0, 1.0]);
    }

    #[test]
    fn ratios_out_of_range_are_refused() {
        for ratio in [-0.1, 1.1, f64::NAN] {
            assert!(matches!(Mix::of_reads(ratio).check(), Err(WorkloadError::Ratio { name: "read ratio", .. })));
            let mix = Mix { read_ratio: 0.5, delete_ratio: ratio };
            assert!(matches!(mix.check(), Err(WorkloadError::Ratio { name: "delete ratio", .. })));
        }
    }
}
