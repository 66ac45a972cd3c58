//! Recording an operation, and merging what driver threads recorded.

use cachemark_bench::{Answer, IntervalPort, Issued, Known, Outcome, Recorder, Window};
use cachemark_core::{Key, Source};
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
    let name = Key::new(&b"k"[..]).unwrap();
    let mut started_ns = 0;
    criterion.bench_function("recorder/operation", |bencher| {
        bencher.iter(|| {
            started_ns += 1000;
            let measured = recorder.issue(started_ns);
            let (operation, known) = (OperationKind::Read, Known::default());
            let issued = Issued { operation, key: 0, session: 0, known, intended_ns: None, started_ns, measured };
            let answer = Answer { source: Some(Source::Hit), outcome: Outcome::Ok, version: None, cache: None };
            let ended_ns = started_ns + black_box(started_ns % 65_536);
            recorder.end(issued, &name, answer, &Ok(None), ended_ns, None);
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
