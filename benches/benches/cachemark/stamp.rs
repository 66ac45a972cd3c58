//! Stamped values: made before each write, checked after each read.

use cachemark_core::{Stamp, WriteId};
use criterion::{Criterion, Throughput};
use std::hint::black_box;

pub(crate) fn seal_and_check(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("stamp");
    let key = super::support::key(1);
    let stamp = Stamp { trial: 1, key: key.fingerprint(), write_id: WriteId { session: 1, sequence: 1 } };
    for bytes in [64_usize, 1024, 65_536] {
        let payload = vec![7; bytes];
        let value = stamp.seal(&payload);
        group.throughput(Throughput::Bytes(bytes as u64));
        group.bench_function(format!("seal/{bytes}"), |bencher| bencher.iter(|| stamp.seal(black_box(&payload))));
        group.bench_function(format!("check/{bytes}"), |bencher| {
            bencher.iter(|| Stamp::check(black_box(&value), &key));
        });
    }
    group.finish();
}
