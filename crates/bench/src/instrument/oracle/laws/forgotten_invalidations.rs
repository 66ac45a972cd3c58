//! A positive control: a cache that forgets one invalidation in twenty is found to serve one stale answer in twenty.

use super::oracle;
use super::parts::{AT_ONCE, FaultyCache, Rows};
use super::watch::{Watch, keys, settings};
use cachemark_results::StaleCauses;
use cachemark_stats::wilson;
use cachemark_strategy::build;
use cachemark_testkit::scripted::ManualClock;
use cachemark_workload::{OperationKind, Seed};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, advance};

const ONE_IN: u64 = 20;
const WRITES: u64 = 400;

/// Writes, and after each a read: what the read finds was invalidated, or is stale.
async fn stale_of(seed: u64) -> (u64, u64, StaleCauses) {
    let (watching, keys) = (oracle(10), keys(10));
    let forgets = |draws: &mut super::parts::Draws| (Duration::ZERO, !draws.next_u64().is_multiple_of(ONE_IN));
    let (cache, store) = (FaultyCache::new(Seed::new(seed), AT_ONCE, forgets), Rows::loaded(&keys));
    let clock = Arc::new(ManualClock::new());
    let strategy = build("cache-aside", &settings("cache-aside", &[]), cache, store, clock).unwrap();
    let watch = Watch::new(strategy, keys, &watching, Instant::now());
    for key in 0..10 {
        watch.issue(OperationKind::Read, key, 0, 0).await;
    }
    for sequence in 0..WRITES {
        watch.issue(OperationKind::Write, sequence % 10, 0, sequence).await;
        advance(Duration::from_millis(3)).await;
        watch.issue(OperationKind::Read, sequence % 10, 1, sequence).await;
    }
    let (told, _) = watching.finish(watch.finish());
    assert_eq!((told.judged, told.stale_hits), (WRITES + 10, told.stale), "every stale read is a hit");
    (told.stale, WRITES, told.causes.unwrap())
}

#[tokio::test(start_paused = true)]
async fn a_strategy_that_forgets_one_invalidation_in_n_is_found_at_one_in_n() {
    let (mut held, mut all) = (0, StaleCauses::default());
    for seed in 0..100 {
        let (stale, of, causes) = stale_of(seed).await;
        all.merge(&causes);
        let interval = wilson(stale, of).unwrap();
        held += u32::from((interval.low..=interval.high).contains(&(1.0 / ONE_IN as f64)));
    }
    assert!(held >= 90, "in {held} of 100");
    // All but the first two of forty writes of a key are remembered.
    assert!(all.lost_invalidation * 20 >= all.sum() * 18, "{all:?}");
    assert_eq!(all.lost_invalidation + all.unknown, all.sum(), "nothing else was done wrong: {all:?}");
}
