//! A positive control: cache-aside whose refills come late installs old versions, at the share that theory gives
//! (strategies: stale set after invalidate; a write's commit and its invalidation both fall between a refill's read and its set).

use super::oracle;
use super::parts::{Draws, FaultyCache, Rows, exponential};
use super::watch::{Watch, keys, settings};
use cachemark_strategy::build;
use cachemark_testkit::scripted::ManualClock;
use cachemark_workload::{OperationKind, Seed};
use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep};

const REFILLS: u64 = 20_000;
/// The means of the waits between a refill's read and its set, and between a commit and its invalidation.
const READ_TO_SET: Duration = Duration::from_millis(60);
const COMMIT_TO_DELETE: Duration = Duration::from_millis(20);
/// Between two writes of a key.
const BETWEEN_WRITES: Duration = Duration::from_millis(800);

#[tokio::test(start_paused = true)]
async fn late_refills_install_old_versions_at_the_share_that_theory_gives() {
    let (watching, keys) = (oracle(REFILLS), keys(REFILLS));
    let late = |draws: &mut Draws| (exponential(draws, READ_TO_SET), true);
    let slow = |draws: &mut Draws| (exponential(draws, COMMIT_TO_DELETE), true);
    let (cache, store) = (FaultyCache::new(Seed::new(1), late, slow), Rows::loaded(&keys));
    let (of_strategy, clock) = (Arc::clone(&cache), Arc::new(ManualClock::new()));
    let strategy = build("cache-aside", &settings("cache-aside", &[]), of_strategy, store, clock).unwrap();
    let watch = Watch::new(strategy, keys, &watching, Instant::now());
    let mut draws = Seed::new(2).rng();
    for key in 0..REFILLS {
        // What is remembered of a key begins with its second write.
        for _ in 0..2 {
            watch.issue(OperationKind::Write, key, 1, key).await;
        }
        let filled = Cell::new(false);
        let refill = async {
            watch.issue(OperationKind::Read, key, 0, key).await;
            filled.set(true);
        };
        let mut writes = Vec::new();
        let mut at = exponential(&mut draws, BETWEEN_WRITES);
        while at < 20 * READ_TO_SET {
            let (watch, filled) = (&watch, &filled);
            writes.push(async move {
                sleep(at).await;
                // What comes after the refill takes its entry away.
                if !filled.get() {
                    watch.issue(OperationKind::Write, key, 1, key).await;
                }
            });
            at += exponential(&mut draws, BETWEEN_WRITES);
        }
        futures::future::join(refill, futures::future::join_all(writes)).await;
        // All is done: what is there now stays.
        watch.issue(OperationKind::Read, key, 2, key).await;
    }
    let (waited, sets) = *cache.waited.lock().unwrap();
    let (told, _) = watching.finish(watch.finish());
    let g = waited.as_secs_f64() / f64::from(sets);
    let (w, d) = (1.0 / BETWEEN_WRITES.as_secs_f64(), COMMIT_TO_DELETE.as_secs_f64());
    assert!(w * g <= 0.1 && told.stale >= 400, "w*g = {}, {} stale", w * g, told.stale);
    let (found, theory) = (told.stale as f64 / REFILLS as f64, w * g / (1.0 + w * g) * g / (g + d));
    assert!((found / theory - 1.0).abs() <= 0.15, "found {found:.4}, theory says {theory:.4}");
    assert_eq!((told.stale, told.resurrected, told.phantoms), (told.stale_hits, 0, 0));
    // Of the keys that have a ring, which are 16,384, every one is told, and of others none.
    let causes = told.causes.unwrap();
    assert_eq!(causes.refill_after_invalidation + causes.unknown, told.stale, "{causes:?}");
    assert!(causes.refill_after_invalidation * 4 >= told.stale * 3, "{causes:?}");
}
