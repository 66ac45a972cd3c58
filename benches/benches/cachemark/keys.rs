//! Making operations: the cost that the client bears before each one.

use cachemark_workload::{KeyDistribution, Keyspace, Mix, OpStream, Seed, ValueSize, WorkloadSpec};
use criterion::Criterion;
use std::hint::black_box;

pub(crate) fn operations(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("operations");
    let laws = [("uniform", KeyDistribution::Uniform), ("zipf-0.99", KeyDistribution::Zipf { exponent: 0.99 })];
    for (name, law) in laws {
        for keys in [10_000, 10_000_000] {
            let spec = WorkloadSpec::new(keys, law, Mix::of_reads(0.9), ValueSize::Fixed { bytes: 256 });
            let spec = spec.expect("the constants are in range");
            let mut stream = OpStream::new(&spec, Seed::new(1), 0, 0);
            group.bench_function(format!("{name}/{keys}"), |bencher| bencher.iter(|| stream.next_operation()));
        }
    }
    let keyspace = Keyspace::new("cm:", 10_000).expect("the prefix is short");
    let mut index = 0;
    group.bench_function("key of an index", |bencher| {
        bencher.iter(|| {
            index = (index + 7919) % 10_000;
            black_box(keyspace.key(index)).clone()
        });
    });
    group.finish();
}
