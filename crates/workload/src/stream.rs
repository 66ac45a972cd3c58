//! The operations of one session.

use crate::{Mix, Operation, OperationKind, Permutation, RankSampler, Seed, ValueSize, WorkloadSpec};
use rand_xoshiro::Xoshiro256PlusPlus;

/// The operations of one session of one block, without end. It never gives `None`, and allocates nothing after `new`.
///
/// It depends on the workload, the seed, the block and the session, and on nothing else: every cell of a block is asked
/// the same. Keys, kinds and sizes are drawn from generators of their own, so two workloads that differ in one of them
/// ask the same otherwise.
#[derive(Debug, Clone)]
pub struct OpStream {
    ranks: RankSampler,
    permutation: Permutation,
    mix: Mix,
    value_size: ValueSize,
    key_rng: Xoshiro256PlusPlus,
    kind_rng: Xoshiro256PlusPlus,
    size_rng: Xoshiro256PlusPlus,
}

impl OpStream {
    /// The operations of session `session` in block `block`, both from 0, under the sweep's seed.
    ///
    /// # Panics
    /// Never: a [`WorkloadSpec`] that exists is valid.
    #[must_use]
    pub fn new(spec: &WorkloadSpec, seed: Seed, block: u32, session: u32) -> Self {
        let own = seed.child(&format!("block {block}")).child(&format!("session {session}"));
        Self {
            ranks: spec.distribution().sampler(spec.keys()).expect("the spec was checked"),
            permutation: spec.permutation(seed),
            mix: spec.mix(),
            value_size: spec.value_size(),
            key_rng: own.child("keys").rng(),
            kind_rng: own.child("kinds").rng(),
            size_rng: own.child("sizes").rng(),
        }
    }

    /// The next operation.
    #[inline]
    pub fn next_operation(&mut self) -> Operation {
        let key = self.permutation.apply(self.ranks.sample(&mut self.key_rng));
        let kind = self.mix.sample(&mut self.kind_rng);
        let value_bytes = match kind {
            OperationKind::Write => self.value_size.sample(&mut self.size_rng),
            OperationKind::Read | OperationKind::Delete => 0,
        };
        Operation { kind, key, value_bytes }
    }
}

impl Iterator for OpStream {
    type Item = Operation;

    fn next(&mut self) -> Option<Operation> {
        Some(self.next_operation())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (usize::MAX, None)
    }
}
