//! The exact law of a signed-rank sum when every sign is the toss of a fair coin.
//!
//! Each rank is in the sum or not, each with probability 1/2. Adding the ranks one by one gives the whole law in
//! O(n * sum of ranks) steps: for ranks 1 to n, n^3 / 2. Each step halves and adds, which is exact in binary while the
//! counts fit in 53 bits (n up to 53), and beyond that off by a few units in the last place. There is no normal
//! approximation at any n.

/// Probabilities of the sums 0, 1, 2, .. of a random half of some ranks.
pub(crate) struct NullDistribution {
    probabilities: Vec<f64>,
}

impl NullDistribution {
    /// The law for these ranks. With ties pass doubled mid-ranks, which are whole, and ask for doubled sums.
    pub(crate) fn of(ranks: &[usize]) -> Self {
        let mut probabilities = vec![0.0; ranks.iter().sum::<usize>() + 1];
        probabilities[0] = 1.0;
        let mut reached = 0;
        for &rank in ranks {
            reached += rank;
            for sum in (0..=reached).rev() {
                let without_it = probabilities[sum];
                let with_it = if sum >= rank { probabilities[sum - rank] } else { 0.0 };
                probabilities[sum] = 0.5 * (without_it + with_it);
            }
        }
        Self { probabilities }
    }

    /// The probability of a sum of `sum` or less.
    pub(crate) fn at_most(&self, sum: usize) -> f64 {
        let end = self.probabilities.len().min(sum + 1);
        self.probabilities[..end].iter().sum()
    }

    /// The probability of a sum of 0 or less, of 1 or less and so on: what [`Self::at_most`] says of each sum in turn, to
    /// the last bit, for one addition each.
    pub(crate) fn all_at_most(&self) -> impl Iterator<Item = f64> {
        let add = |total: &mut f64, probability: &f64| {
            *total += probability;
            Some(*total)
        };
        self.probabilities.iter().scan(0.0, add)
    }

    /// The probability of a sum at least as far from the middle as `sum`, on either side. The law is symmetric, so that
    /// is twice the nearer tail.
    pub(crate) fn two_sided(&self, sum: usize) -> f64 {
        let from_above = (self.probabilities.len() - 1).saturating_sub(sum);
        (2.0 * self.at_most(sum.min(from_above))).min(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_ranks_by_hand() {
        // The eight subsets of {1, 2, 3} sum to 0, 1, 2, 3, 3, 4, 5, 6.
        let law = NullDistribution::of(&[1, 2, 3]);
        assert_eq!(law.probabilities, [0.125, 0.125, 0.125, 0.25, 0.125, 0.125, 0.125]);
        assert_eq!((law.at_most(0), law.at_most(3), law.at_most(99)), (0.125, 0.625, 1.0));
        assert_eq!((law.two_sided(0), law.two_sided(6), law.two_sided(5), law.two_sided(3)), (0.25, 0.25, 0.5, 1.0));
    }

    #[test]
    fn the_running_sum_is_the_sum() {
        let law = NullDistribution::of(&(1..=60).collect::<Vec<_>>());
        assert!(law.all_at_most().enumerate().all(|(sum, below)| below.to_bits() == law.at_most(sum).to_bits()));
    }

    #[test]
    fn no_ranks_say_nothing() {
        assert_eq!(NullDistribution::of(&[]).two_sided(0), 1.0);
    }
}
