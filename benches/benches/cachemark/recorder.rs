//! Recording an operation, and merging what driver threads recorded.

use cachemark_bench::{Ended, IntervalPort, Known, Outcome, Recorder, Window};
use cachemark_core::Source;
use cachemark_stats::Histogram;
use cachemark_workload::OperationKind;
use criterion::{BatchSize, Criterion};
use std::hint::black_box;
use std::sync::Arc;
use std::sync::mpsc::channel;

pub(crate) fn record(criterion: &mut Criterion) {
    let (parts, _received) = channel();
    let (_spares, spare) = channel();
    let long = u64::MAX / 2;
    let port = IntervalPort { parts, spare, interval_ns: long };
    let mut recorder = Recorder::new(Arc::new(Window::at(0..long)), port);
    let mut started_ns = 0;
    criterion.bench_function("recorder/operation", |bencher| {
        bencher.iter(|| {
            started_ns += 1000;
            let measured = recorder.issue(started_ns);
            recorder.end(Ended {
                operation: OperationKind::Read,
                key: 0,
                session: 0,
                source: Some(Source::Hit),
                outcome: Outcome::Ok,
                version: None,
                stamped: None,
                known: Known::default(),
                cache: None,
                intended_ns: None,
                started_ns,
                ended_ns: started_ns + black_box(started_ns % 65_536),
                measured,
                hops: None,
            });
        });
    });
}

pub(crate) fn merge(criterion: &mut Criterion) {
    let mut one = Histogram::new();
    (1..100_000).for_each(|ns| one.record(ns * 10));
    let fresh = || one.clone();
    criterion.bench_function("histogram/merge", |bencher| {
        bencher.iter_batched_ref(fresh, |histogram| histogram.merge(black_box(&one)), BatchSize::LargeInput);
    });
}
