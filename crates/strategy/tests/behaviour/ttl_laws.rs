//! Hit ratios by the laws of lifetimes: one key, reads that come as a Poisson process from a seed, time held by the test.

use crate::poisson::Gaps;
use crate::rig::{Rig, ctx, key};
use cachemark_core::{Source, Strategy, Value};
use tokio::time::advance;

const READS: u32 = 10_000;
const SEED: u64 = 13;

/// Reads in a lifetime, on average: few enough to leave hundreds of misses, of which a normal law is a fair one.
const CELLS: [f64; 6] = [0.1, 0.5, 1.0, 2.0, 3.0, 4.0];

/// The hit ratio of a key that is read `READS` times, on average `mean` times in a TTL.
async fn hit_ratio(name: &str, mean: f64, seed: u64) -> f64 {
    let rig = Rig::new(name, "ttl-ms=1000 ttl-jitter=0");
    rig.store.preload(&key(), Value::new("a"));
    let (mut gaps, mut hits) = (Gaps::new(seed, mean), 0);
    for read in 0..READS {
        advance(gaps.next()).await;
        let outcome = rig.strategy.read(&ctx().at(u64::from(read)), &key()).await.unwrap();
        hits += u32::from(outcome.source == Source::Hit);
        rig.log.clear();
    }
    f64::from(hits) / f64::from(READS)
}

fn assert_within_three_sigma(name: &str, mean: f64, measured: f64, law: f64, sigma: f64) {
    let off = (measured - law).abs() / sigma;
    assert!(off <= 3.0, "{name} at {mean} reads in a TTL: {measured} instead of {law}, {off:.1} sigma off");
}

#[tokio::test(start_paused = true)]
async fn a_fixed_ttl_hits_as_often_as_its_law_says() {
    for (cell, mean) in (0..).zip(CELLS) {
        // Of each cycle, one miss and as many hits as reads come in a TTL: what renewals vary by.
        let sigma = (mean / (1.0 + mean).powi(3) / f64::from(READS)).sqrt();
        let measured = hit_ratio("cache-aside", mean, SEED + cell).await;
        assert_within_three_sigma("cache-aside", mean, measured, mean / (1.0 + mean), sigma);
        // Reads that come one after another have nobody to share a load with, and no order to keep.
        for name in ["read-through", "write-through", "lease", "versioned"] {
            assert_eq!(hit_ratio(name, mean, SEED + cell).await, measured, "{name} at {mean} reads in a TTL");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_sliding_ttl_hits_as_often_as_its_law_says() {
    for (cell, mean) in (0..).zip(CELLS) {
        // Each read hits if the one before came no longer ago than a TTL: independent of all others.
        let law = 1.0 - (-mean).exp();
        let sigma = (law * (1.0 - law) / f64::from(READS)).sqrt();
        let measured = hit_ratio("sliding-ttl", mean, SEED + cell).await;
        assert_within_three_sigma("sliding-ttl", mean, measured, law, sigma);
    }
}
