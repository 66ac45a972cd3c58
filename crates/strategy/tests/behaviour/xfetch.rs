//! Early recomputation by chance: how often, and what a reader who recomputes gets.

use crate::poisson::Gaps;
use crate::rig::{Rig, absent, ctx, found, key};
use cachemark_core::Source::{Hit, MissLed};
use cachemark_core::{Entry, Freshness, OpContext, Source, StoreError, Strategy, Value, Version};
use cachemark_testkit::scripted::{Op, Part, When};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::{Instant, advance, sleep_until};

const DELTA: Duration = Duration::from_secs(1);
const TTL: Duration = Duration::from_secs(60);

fn rig(beta_percent: u64) -> Rig {
    let settings = format!("ttl-ms={} ttl-jitter=0 beta-percent={beta_percent}", TTL.as_millis());
    let rig = Rig::new("xfetch", &settings);
    rig.store.preload(&key(), Value::new("a"));
    rig
}

/// An entry that was filled when the rig was made, by a load that took [`DELTA`].
fn put_old(rig: &Rig) {
    let ns = |span: Duration| u64::try_from(span.as_nanos()).unwrap();
    let freshness = Freshness { filled_at_ns: 0, load_cost_ns: ns(DELTA), fresh_for_ns: ns(TTL) };
    rig.cache.put(&key(), Entry { freshness, ..Entry::live(Version(1), Value::new("old")) });
}

/// The share of reads that recompute with so much of the lifetime left.
async fn early_share(beta_percent: u64, left: Duration, reads: u64) -> f64 {
    let rig = rig(beta_percent);
    put_old(&rig);
    advance(TTL - left).await;
    let mut early = 0;
    for sequence in 0..reads {
        let read = rig.strategy.read(&OpContext::new(sequence as u32 % 7).at(sequence), &key()).await.unwrap();
        if read.source == MissLed {
            early += 1;
            put_old(&rig);
        }
        rig.log.clear();
    }
    f64::from(early) / reads as f64
}

#[tokio::test(start_paused = true)]
async fn reads_recompute_early_as_often_as_theory_says() {
    const READS: u64 = 4_000;
    for beta_percent in [50, 100, 150] {
        for left_ms in [250, 500, 1_000, 2_000, 3_000] {
            let left = Duration::from_millis(left_ms);
            let measured = early_share(beta_percent, left, READS).await;
            let beta = beta_percent as f64 / 100.0;
            let expected = (-left.as_secs_f64() / (beta * DELTA.as_secs_f64())).exp();
            let sigma = (expected * (1.0 - expected) / READS as f64).sqrt();
            assert!((measured - expected).abs() < 3.0 * sigma, "{beta}, {left:?}: {measured} for {expected}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_draw_is_of_key_session_and_sequence_and_of_nothing_else() {
    let shares = [early_share(100, DELTA, 500).await, early_share(100, DELTA, 500).await];
    assert_eq!(shares[0], shares[1]);
}

#[tokio::test(start_paused = true)]
async fn with_beta_0_and_over_an_entry_without_a_lifetime_nobody_is_early() {
    assert_eq!(early_share(0, Duration::from_millis(1), 500).await, 0.0);
    let rig = rig(10_000);
    rig.cache.put(&key(), Entry::live(Version(7), Value::new("x")));
    advance(TTL * 10).await;
    assert_eq!(rig.read().await, found("x", 7, Hit));
}

/// Recomputations of the entry in each of so many cycles, with 20 reads at random while a load takes.
async fn recomputations(beta_percent: u64, cycles: usize, seed: u64) -> Vec<f64> {
    let rig = Arc::new(rig(beta_percent));
    rig.store.delay_when(When::every(Op::Read), DELTA);
    rig.read().await.unwrap();
    let mut gaps = Gaps::new(seed, 20.0 / DELTA.as_secs_f64());
    let (mut counts, mut sequence) = (Vec::new(), 0);
    // Before that hardly a read in a thousand cycles recomputes.
    let early = DELTA.mul_f64(10.0 * beta_percent as f64 / 100.0);
    while counts.len() < cycles {
        let filled = Instant::now();
        let mut at = filled + TTL - early;
        let mut readers: Vec<JoinHandle<Source>> = Vec::new();
        rig.log.clear();
        let loads = || rig.log.count(Part::Cache, Op::Set);
        while loads() == 0 {
            at += gaps.next();
            sleep_until(at).await;
            sequence += 1;
            let (rig, ctx) = (Arc::clone(&rig), ctx().at(sequence));
            readers.push(tokio::spawn(async move { rig.strategy.read(&ctx, &key()).await.unwrap().source }));
        }
        let mut count = 0;
        for reader in readers {
            count += u32::from(reader.await.unwrap() == MissLed);
        }
        counts.push(f64::from(count));
    }
    counts
}

#[tokio::test(start_paused = true)]
async fn a_cycle_has_as_many_recomputations_as_theory_says() {
    for (beta_percent, seed) in [(100, 21), (200, 22)] {
        let counts = recomputations(beta_percent, 400, seed).await;
        let mean = counts.iter().sum::<f64>() / counts.len() as f64;
        // The first comes where x, exponential of mean 1, is reached by the readers' hazard; the others are a Poisson variable
        // of mean x (e^(1/beta) - 1).
        let expected = (100.0 / beta_percent as f64).exp();
        let others = expected - 1.0;
        let sigma = ((others + others * others) / counts.len() as f64).sqrt();
        assert!((mean - expected).abs() < 3.0 * sigma, "{beta_percent}: {mean} for {expected}, sigma {sigma}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_reader_recomputes_itself_and_others_go_on_hitting() {
    let rig = rig(10_000);
    put_old(&rig);
    advance(TTL - Duration::from_millis(1)).await;
    let gate = rig.store.gate(Op::Read, &key());
    let recomputing = rig.start_read(ctx());
    gate.reached().await;
    // One that never recomputes early stands for whoever draws a number near 1.
    let patient = crate::rig::instance("xfetch", "beta-percent=0", &rig.cache, &rig.store);
    assert_eq!(patient.read(&ctx(), &key()).await.unwrap().source, Hit);
    gate.release();
    assert_eq!(recomputing.await.unwrap(), found("a", 1, MissLed));
    assert_eq!(rig.read().await, found("a", 1, Hit));
}

#[tokio::test(start_paused = true)]
async fn a_recomputation_that_fails_gives_the_entry_that_has_not_expired() {
    let rig = rig(10_000);
    put_old(&rig);
    advance(TTL - Duration::from_millis(1)).await;
    rig.store.fail_next(Op::Read, StoreError::ConnectionLost("reset".into()));
    assert_eq!(rig.read().await, found("old", 1, Hit));
}

#[tokio::test(start_paused = true)]
async fn a_recomputation_that_finds_no_row_takes_the_entry_out() {
    let rig = rig(10_000);
    put_old(&rig);
    advance(TTL - Duration::from_millis(1)).await;
    rig.store.remove(&key());
    assert_eq!(rig.read().await, absent(2, MissLed));
    assert_eq!(rig.cached(), None);
}

#[tokio::test(start_paused = true)]
async fn an_entry_says_what_its_load_cost_and_how_long_it_lives() {
    let rig = rig(100);
    rig.store.delay_when(When::every(Op::Read), DELTA);
    rig.read().await.unwrap();
    let freshness = rig.cache.entry(&key()).unwrap().freshness;
    // Time is paused, so this is exact but for the timer's step.
    let within = |ns: u64, span: Duration| (span..span + Duration::from_millis(2)).contains(&Duration::from_nanos(ns));
    assert!(within(freshness.load_cost_ns, DELTA) && within(freshness.filled_at_ns, DELTA), "{freshness:?}");
    assert_eq!(Duration::from_nanos(freshness.fresh_for_ns), TTL);
}
