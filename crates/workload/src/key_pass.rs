//! One operation for each key.

use crate::{Mix, Operation, OperationKind, Permutation, Seed, Share, ValueSize, WorkloadSpec};
use rand_xoshiro::Xoshiro256PlusPlus;

/// One operation for each key of a workload, in random order, each of a kind that the mix draws: after it every key's last
/// operation is a read with the probability that it has in the long run. So whatever cache has room for all keys, and keeps
/// an entry or not by the key's last operation, is then as it is in the long run, without the many operations that rare keys
/// would take to come up by themselves.
///
/// It depends on the workload, the seed, the block and the share, and on nothing else.
#[derive(Debug, Clone)]
pub struct KeyPass {
    order: Permutation,
    next: u64,
    step: u64,
    mix: Mix,
    value_size: ValueSize,
    kind_rng: Xoshiro256PlusPlus,
    size_rng: Xoshiro256PlusPlus,
}

impl KeyPass {
    /// The given share of the pass of block `block`; all shares together hold each key once.
    #[must_use]
    pub fn new(spec: &WorkloadSpec, seed: Seed, block: u32, share: Share) -> Self {
        let pass = seed.child(&format!("block {block}")).child("key pass");
        let own = pass.child(&format!("share {}", share.index));
        Self {
            order: Permutation::new(spec.keys(), pass),
            next: u64::from(share.index),
            step: u64::from(share.of.max(1)),
            mix: spec.mix(),
            value_size: spec.value_size(),
            kind_rng: own.child("kinds").rng(),
            size_rng: own.child("sizes").rng(),
        }
    }
}

impl Iterator for KeyPass {
    type Item = Operation;

    fn next(&mut self) -> Option<Operation> {
        if self.next >= self.order.keys() {
            return None;
        }
        let key = self.order.apply(self.next);
        self.next += self.step;
        let kind = self.mix.sample(&mut self.kind_rng);
        let value_bytes = match kind {
            OperationKind::Write => self.value_size.sample(&mut self.size_rng),
            OperationKind::Read | OperationKind::Delete => 0,
        };
        Some(Operation { kind, key, value_bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::KeyDistribution;

    fn spec(keys: u64) -> WorkloadSpec {
        let size = ValueSize::Fixed { bytes: 100 };
        WorkloadSpec::new(keys, KeyDistribution::Zipf { exponent: 0.99 }, Mix::of_reads(0.3), size).unwrap()
    }

    fn pass(keys: u64, shares: u32, block: u32) -> Vec<Operation> {
        let share = |index| KeyPass::new(&spec(keys), Seed::new(1), block, Share { index, of: shares });
        (0..shares).flat_map(share).collect()
    }

    #[test]
    fn every_key_comes_once_in_an_order_of_the_block_s_own() {
        for (keys, shares) in [(1, 1), (1, 4), (7, 3), (1_000, 8)] {
            let mut seen: Vec<u64> = pass(keys, shares, 0).iter().map(|operation| operation.key).collect();
            assert_ne!((seen.len() > 10).then(|| pass(keys, shares, 1)), Some(pass(keys, shares, 0)));
            seen.sort_unstable();
            assert_eq!(seen, (0..keys).collect::<Vec<_>>());
        }
    }

    #[test]
    fn kinds_come_as_in_the_mix() {
        let reads = pass(10_000, 4, 0).iter().filter(|operation| operation.kind == OperationKind::Read).count();
        assert!((2_850..3_150).contains(&reads), "{reads}");
    }
}
