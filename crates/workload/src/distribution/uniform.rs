//! Every rank alike.

use crate::WorkloadError;
use rand::Rng;

/// Draws each rank with the same probability.
#[derive(Debug, Clone, Copy)]
pub struct UniformRanks {
    keys: u64,
}

impl UniformRanks {
    /// A sampler of ranks 0 to `keys` - 1.
    ///
    /// # Errors
    /// [`WorkloadError::Keys`] if there are none.
    pub fn new(keys: u64) -> Result<Self, WorkloadError> {
        if keys == 0 { Err(WorkloadError::Keys { keys }) } else { Ok(Self { keys }) }
    }

    /// A rank.
    pub fn sample(&self, rng: &mut impl Rng) -> u64 {
        // The upper half of a 128-bit product. It favours some ranks by at most keys / 2^64, 1 in 10^11 at the most
        // keys we take: far below what any run could see, and a redraw would cost a division.
        ((u128::from(rng.next_u64()) * u128::from(self.keys)) >> 64) as u64
    }
}

pub(super) fn probabilities(keys: u64) -> Vec<f64> {
    (0..keys).map(|_| 1.0 / keys as f64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Seed, chi_square_fit};

    #[test]
    fn draws_fit_the_law() {
        let (ranks, mut rng) = (UniformRanks::new(1_000).unwrap(), Seed::new(5).rng());
        let mut counts = vec![0; 1_000];
        (0..1_000_000).for_each(|_| counts[ranks.sample(&mut rng) as usize] += 1);
        let fit = chi_square_fit(&counts, &probabilities(1_000)).unwrap();
        assert!(fit.p_value > 0.01, "{fit:?}");
    }
}
