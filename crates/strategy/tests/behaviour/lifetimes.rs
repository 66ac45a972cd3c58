//! The hit ratio of one key whose entries live for a fixed time, read at random.

use crate::poisson::Gaps;
use crate::rig::{Rig, ctx, key};
use cachemark_core::{Source, Strategy, Value};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

const CYCLES: u32 = 1_500;

/// Hits and misses until the entry has been filled [`CYCLES`] times and its last lifetime is over.
async fn hits_and_misses(lambda_t: f64, seed: u64) -> (f64, f64) {
    // Timers tick in milliseconds: the mean gap is a hundred of them at least.
    let ttl = Duration::from_secs(2);
    let settings = format!("ttl-ms={} ttl-jitter=0", ttl.as_millis());
    let rig = Rig::new("ttl-only", &settings);
    rig.store.preload(&key(), Value::new("a"));
    let mut gaps = Gaps::new(seed, lambda_t / ttl.as_secs_f64());
    let (mut at, mut hits, mut misses) = (Instant::now(), 0u32, 0u32);
    loop {
        at += gaps.next();
        sleep_until(at).await;
        match rig.strategy.read(&ctx(), &key()).await.unwrap().source {
            Source::Hit => hits += 1,
            _ if misses == CYCLES => return (f64::from(hits), f64::from(misses)),
            _ => misses += 1,
        }
        rig.log.clear();
    }
}

#[tokio::test(start_paused = true)]
async fn ttl_only_hits_as_often_as_theory_says() {
    for (lambda_t, seed) in [(0.5, 11), (2.0, 12), (8.0, 13)] {
        let (hits, misses) = hits_and_misses(lambda_t, seed).await;
        let (measured, expected) = (hits / (hits + misses), lambda_t / (1.0 + lambda_t));
        // In each lifetime as many hits as a Poisson variable of mean lambda T has; one miss begins it.
        let sigma = (lambda_t / misses).sqrt() / (1.0 + lambda_t).powi(2);
        assert!((measured - expected).abs() < 3.0 * sigma, "{lambda_t}: {measured} for {expected}, sigma {sigma}");
    }
}
