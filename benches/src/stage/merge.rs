//! What driver threads recorded, merged.

use cachemark_stats::Histogram;
use std::hint::black_box;
use std::time::{Duration, Instant};

pub(super) fn run(count: u64) -> Duration {
    let mut one = Histogram::new();
    (1..100_000).for_each(|ns| one.record(ns * 10));
    let mut all = Histogram::new();
    let began = Instant::now();
    for _ in 0..count {
        all.merge(black_box(&one));
    }
    black_box(all);
    began.elapsed()
}
