//! A positive control: where nothing is invalidated the time to live alone bounds staleness, and theory says how much there is:
//! P = 1 - (1 - e^(-mu T)) / (mu T) of the hits, with a mean age of (T/2 - P/mu) / P, for reads and writes that come at random.

use super::oracle;
use super::parts::{Draws, Rows, exponential};
use super::watch::{Watch, keys, settings};
use cachemark_results::Freshness;
use cachemark_strategy::build;
use cachemark_testkit::scripted::{ManualClock, ScriptedCache};
use cachemark_workload::{OperationKind, Seed};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, advance};

/// Runs that are independent of each other: reads of one entry are not.
const RUNS: usize = 60;
/// Expected operations of a run.
const OPERATIONS: u64 = 800;

/// One key, read and written at random times, `reads` and `writes` a second.
async fn run(reads: f64, writes: f64, ttl: Duration, seed: u64) -> Freshness {
    let (watching, keys) = (oracle(1), keys(1));
    let (cache, store) = (Arc::new(ScriptedCache::new()), Rows::loaded(&keys));
    let ttl_ms = ttl.as_millis().to_string();
    let given = settings("cache-aside", &[("on-write", "none"), ("ttl-ms", &ttl_ms), ("ttl-jitter", "0.0")]);
    let (of_strategy, clock) = (Arc::clone(&cache), Arc::new(ManualClock::new()));
    let strategy = build("cache-aside", &given, of_strategy, store, clock).unwrap();
    let watch = Watch::new(strategy, keys, &watching, Instant::now());
    let mut rng = Seed::new(seed).rng();
    let draws: &mut Draws = &mut rng;
    let between = Duration::from_secs_f64(1.0 / (reads + writes));
    for sequence in 0..OPERATIONS {
        advance(exponential(draws, between)).await;
        let is_read = (draws.next_u64() >> 11) as f64 / (1u64 << 53) as f64 * (reads + writes) < reads;
        let operation = if is_read { OperationKind::Read } else { OperationKind::Write };
        watch.issue(operation, 0, 0, sequence).await;
    }
    watching.finish(watch.finish()).0
}

/// A ratio of sums over the runs, and its standard error.
fn ratio(runs: &[Freshness], of: impl Fn(&Freshness) -> (f64, f64)) -> (f64, f64) {
    let pairs: Vec<(f64, f64)> = runs.iter().map(of).collect();
    let sum = pairs.iter().fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1));
    let found = sum.0 / sum.1;
    let squares: f64 = pairs.iter().map(|(some, all)| (some - found * all).powi(2)).sum();
    let n = pairs.len() as f64;
    (found, (squares * n / (n - 1.0)).sqrt() / sum.1)
}

#[tokio::test(start_paused = true)]
async fn staleness_by_time_to_live_alone_is_what_theory_says() {
    let cells = [(2.0, 0.5, 1.0), (5.0, 1.0, 1.0), (1.0, 0.4, 3.0), (10.0, 0.1, 2.0), (3.0, 2.0, 0.5), (8.0, 0.5, 4.0)];
    for (cell, (reads, writes, seconds)) in cells.into_iter().enumerate() {
        let ttl = Duration::from_secs_f64(seconds);
        let mut runs = Vec::new();
        for number in 0..RUNS {
            runs.push(run(reads, writes, ttl, (cell * RUNS + number) as u64).await);
        }
        let product = writes * seconds;
        let p = 1.0 - (1.0 - (-product).exp()) / product;
        let hits = reads * seconds / (1.0 + reads * seconds);
        let mean_age_ns = (seconds / 2.0 - p / writes) / p * 1e9;
        let is = |what: &str, (found, error): (f64, f64), theory: f64| {
            assert!(
                (found - theory).abs() <= 3.0 * error,
                "{what} of {reads} reads/s, {writes} writes/s, {seconds} s: {found} +- {error}, theory says {theory}"
            );
        };
        is("stale hits", ratio(&runs, |told| (told.stale as f64, told.judged_hits as f64)), p);
        is("stale reads", ratio(&runs, |told| (told.stale as f64, told.judged as f64)), hits * p);
        let ages = |told: &Freshness| {
            told.stale_age.map_or((0.0, 0.0), |age| (age.mean_ns * age.count as f64, age.count as f64))
        };
        is("mean age", ratio(&runs, ages), mean_age_ns);
        // More versions behind than a ring remembers, which hardly ever happens.
        let (bounds, stale) = runs.iter().fold((0, 0), |sum, told| (sum.0 + told.ages_at_least, sum.1 + told.stale));
        assert!(bounds * 200 <= stale, "{bounds} lower bounds of {stale} ages");
        let others = runs.iter().filter(|told| told.causes.is_none_or(|causes| causes.ttl_only != told.stale)).count();
        assert_eq!(others, 0, "every stale read is left to the TTL, and told to be");
        let beyond = runs.iter().filter_map(|told| told.stale_age).any(|age| age.max_ns as f64 > seconds * 1.002e9);
        assert!(!beyond, "an answer was stale for longer than an entry lives");
    }
}
