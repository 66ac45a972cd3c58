//! Laws of operation streams, and the digests that must never change.

use cachemark_workload::{
    KeyDistribution, Mix, OpStream, OperationKind, Seed, ValueSize, WorkloadSpec, chi_square_fit, counts_by_rank,
    digest_operations, encode_operations,
};
use proptest::prelude::*;

fn spec(keys: u64, distribution: KeyDistribution, mix: Mix) -> WorkloadSpec {
    WorkloadSpec::new(keys, distribution, mix, ValueSize::Fixed { bytes: 100 }).unwrap()
}

fn zipf(exponent: f64) -> KeyDistribution {
    KeyDistribution::Zipf { exponent }
}

prop_compose! {
    fn specs()(
        keys in 1..100_000u64,
        exponent in prop::option::of(0.0..3.0),
        read_ratio in 0.0..=1.0,
        delete_ratio in 0.0..=1.0,
    ) -> WorkloadSpec {
        spec(keys, exponent.map_or(KeyDistribution::Uniform, zipf), Mix { read_ratio, delete_ratio })
    }
}

proptest! {
    #[test]
    fn operations_stay_within_the_spec(spec in specs(), seed: u64, block in 0..9u32, session in 0..99u32) {
        for operation in OpStream::new(&spec, Seed::new(seed), block, session).take(200) {
            prop_assert!(operation.key < spec.keys());
            prop_assert_eq!(operation.value_bytes, if operation.kind == OperationKind::Write { 100 } else { 0 });
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes_and_a_prefix_stays_one(spec in specs(), seed: u64, n in 0..200usize) {
        let stream = || OpStream::new(&spec, Seed::new(seed), 2, 3);
        let (short, long) = (encode_operations(stream().take(n)), encode_operations(stream().take(2 * n)));
        prop_assert_eq!(&short[..], &long[..short.len()]);
    }

    #[test]
    fn the_mix_does_not_change_the_keys(seed: u64, one in 0.0..=1.0, other in 0.0..=1.0) {
        let keys = |read_ratio| {
            let spec = spec(1_000, zipf(0.99), Mix::of_reads(read_ratio));
            OpStream::new(&spec, Seed::new(seed), 0, 0).take(100).map(|operation| operation.key).collect::<Vec<_>>()
        };
        prop_assert_eq!(keys(one), keys(other));
    }
}

#[test]
fn seeds_blocks_and_sessions_ask_different_things() {
    let spec = spec(1_000, zipf(0.99), Mix::of_reads(0.9));
    let digest =
        |seed, block, session| digest_operations(OpStream::new(&spec, Seed::new(seed), block, session).take(50));
    let digests = [digest(1, 0, 0), digest(2, 0, 0), digest(1, 1, 0), digest(1, 0, 1), digest(1, 1, 1)];
    for (at, one) in digests.iter().enumerate() {
        assert!(!digests[..at].contains(one), "stream {at} is a copy");
    }
}

#[test]
fn a_session_fits_its_own_law() {
    for distribution in [KeyDistribution::Uniform, zipf(0.99), zipf(1.3)] {
        let spec = spec(10_000, distribution, Mix::of_reads(0.9));
        let seed = Seed::new(42);
        let mut by_key = vec![0; 10_000];
        OpStream::new(&spec, seed, 0, 0).take(500_000).for_each(|operation| by_key[operation.key as usize] += 1);
        let by_rank = counts_by_rank(&by_key, &spec.permutation(seed));
        let fit = chi_square_fit(&by_rank, &spec.probabilities()).unwrap();
        assert!(fit.p_value > 0.01, "{distribution}: {fit:?}");
        // The test can tell a law from its neighbour.
        let neighbour = zipf(0.95).probabilities(10_000);
        assert!(chi_square_fit(&by_rank, &neighbour).unwrap().p_value < 1e-6);
    }
}

#[test]
fn streams_are_what_they_always_were() {
    // A change here means that recorded seeds no longer give the operations they gave: say so in the changelog.
    let digest = |spec| digest_operations(OpStream::new(&spec, Seed::new(42), 1, 7).take(10_000));
    let digests = [
        digest(spec(1_000, KeyDistribution::Uniform, Mix::of_reads(0.5))),
        digest(spec(10_000, zipf(0.99), Mix::of_reads(0.9))),
        digest(spec(1_000_000, zipf(1.0), Mix::of_reads(0.99))),
        digest(spec(100, zipf(1.5), Mix { read_ratio: 0.5, delete_ratio: 0.3 })),
    ];
    assert_eq!(
        digests.map(|digest| format!("{digest:016x}")),
        ["7d1b0c8561c67711", "269417765ec9c249", "935e9102864b3814", "7d4aef9cd8df9d5b"]
    );
}
