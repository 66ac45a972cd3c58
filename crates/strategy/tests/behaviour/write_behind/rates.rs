//! The law of the store's load: a write makes 1 / (1 + w D) store operations, D from the first write of a key to the flush's start.

use super::rig;
use crate::rig::ctx;
use cachemark_core::{Key, Settings, Strategy, Value};
use cachemark_strategy::write_behind::{DELAY_MS, DESCRIPTOR};
use cachemark_testkit::scripted::{Op, Part};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// A time of the exponential law, in seconds.
fn exponential(draws: &mut Xoshiro256PlusPlus, rate: f64) -> f64 {
    let unit = (draws.next_u64() >> 11) as f64 / (1u64 << 53) as f64;
    -(1.0 - unit).ln() / rate
}

/// The model's word.
fn predicted(delay_ms: u64, rate: f64) -> f64 {
    let mut settings = Settings::defaults(DESCRIPTOR.settings);
    settings.put(&DELAY_MS, cachemark_core::SettingValue::Integer(delay_ms));
    (DESCRIPTOR.model)(&settings).store_operations_at(rate)
}

/// Store writes of so many writes that come as they like, `rate` a second in all, the keys drawn by `weights`; and what each key was
/// written.
async fn run(delay_ms: u64, rate: f64, weights: &[f64], writes: usize, seed: u64) -> (usize, Vec<usize>) {
    // No bound trips.
    let rig = rig(&format!("delay-ms={delay_ms} queue-limit=1000000 batch=1000"));
    let keys: Vec<Key> = (0..weights.len()).map(|key| Key::new(format!("k{key}")).unwrap()).collect();
    let total: f64 = weights.iter().sum();
    let mut draws = Xoshiro256PlusPlus::seed_from_u64(seed);
    let (began, mut at, mut counts) = (Instant::now(), 0.0, vec![0; keys.len()]);
    for _ in 0..writes {
        at += exponential(&mut draws, rate);
        sleep_until(began + Duration::from_secs_f64(at)).await;
        let mut left = (draws.next_u64() >> 11) as f64 / (1u64 << 53) as f64 * total;
        let drawn = weights.iter().position(|weight| {
            left -= weight;
            left < 0.0
        });
        let key = drawn.unwrap_or(0);
        counts[key] += 1;
        rig.strategy.write(&ctx(), &keys[key], Value::new("x")).await.unwrap();
    }
    rig.strategy.drain(&ctx()).await.unwrap();
    (rig.log.count(Part::Store, Op::Write), counts)
}

/// The mean and the variance of the store writes of n writes of a key: a flush has one write and those of D after it, whose number is
/// Poisson's with mean w D, so n of them are renewals with that mean and variance.
fn renewals(writes: f64, delay: f64, rate: f64) -> (f64, f64) {
    let mean = 1.0 + rate * delay;
    (writes / mean, writes * (rate * delay) / mean.powi(3))
}

#[tokio::test(start_paused = true)]
async fn a_key_that_is_written_more_often_asks_the_store_less_often() {
    const WRITES: usize = 20_000;
    for (seed, (delay_ms, rate)) in
        (1..).zip([(500, 0.2), (500, 2.0), (1_000, 3.0), (10_000, 0.5), (2_000, 10.0), (5_000, 20.0)])
    {
        let (stored, _) = run(delay_ms, rate, &[1.0], WRITES, seed).await;
        let (mean, variance) = renewals(WRITES as f64, delay_ms as f64 / 1e3, rate);
        let off = (stored as f64 - mean) / variance.sqrt();
        assert!(off.abs() < 3.0, "{stored} store writes, {mean:.0} by theory: {off:.1} standard deviations");
        assert!((mean / WRITES as f64 - predicted(delay_ms, rate)).abs() < 1e-9, "the model says something else");
    }
}

#[tokio::test(start_paused = true)]
async fn each_key_goes_by_its_own_rate() {
    const WRITES: usize = 20_000;
    let uniform = vec![1.0; 50];
    let skewed: Vec<f64> = (1..=50).map(|rank: i32| 1.0 / f64::from(rank)).collect();
    for (seed, (weights, rate)) in (11..).zip([(&uniform, 50.0), (&uniform, 400.0), (&skewed, 50.0), (&skewed, 400.0)])
    {
        let (delay_ms, total) = (1_000, weights.iter().sum::<f64>());
        let (stored, counts) = run(delay_ms, rate, weights, WRITES, seed).await;
        let of_key = |(weight, count): (&f64, usize)| renewals(count as f64, 1.0, rate * weight / total);
        let sums = weights.iter().zip(counts).map(of_key);
        let (mean, variance) = sums.fold((0.0, 0.0), |sums, of_key| (sums.0 + of_key.0, sums.1 + of_key.1));
        let off = (stored as f64 - mean) / variance.sqrt();
        assert!(off.abs() < 3.0, "{stored} store writes, {mean:.0} by theory: {off:.1} standard deviations");
    }
}
