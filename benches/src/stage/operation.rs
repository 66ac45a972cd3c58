//! Which key and what: the same workload as workloads/test/null.toml.

use cachemark_workload::{KeyDistribution, Keyspace, Mix, OpStream, Seed, ValueSize, WorkloadSpec};
use std::hint::black_box;
use std::time::{Duration, Instant};

pub(super) fn run(count: u64) -> Duration {
    let mix = Mix { read_ratio: 1.0, delete_ratio: 0.0 };
    let size = ValueSize::Fixed { bytes: 256 };
    let spec = WorkloadSpec::new(10_000, KeyDistribution::Zipf { exponent: 0.99 }, mix, size).expect("it is valid");
    let keys = Keyspace::new("cm:", 10_000).expect("it is valid");
    let mut stream = OpStream::new(&spec, Seed::new(1), 0, 0);
    let began = Instant::now();
    for _ in 0..count {
        black_box(keys.key(stream.next_operation().key));
    }
    began.elapsed()
}
