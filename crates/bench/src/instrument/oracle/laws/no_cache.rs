//! The negative control: without a cache nothing is stale, whatever meets whatever.

use super::parts::Rows;
use super::watch::{Watch, keys, settings};
use super::{is_spotless, oracle};
use crate::instrument::oracle::Seen;
use cachemark_strategy::build;
use cachemark_testkit::scripted::{ManualClock, ScriptedCache};
use cachemark_workload::{OperationKind, Seed};
use rand::Rng;
use std::sync::{Arc, Barrier};
use tokio::time::Instant;

const THREADS: u64 = 2;
const KEYS: u64 = 500;

/// Threads of two sessions each, at once, on the same keys.
fn run(operations: u64) {
    let (watching, keys) = (oracle(KEYS), keys(KEYS));
    let (store, cache, origin) = (Rows::loaded(&keys), Arc::new(ScriptedCache::new()), Instant::now());
    let together = Barrier::new(THREADS as usize);
    let thread = |thread: u64| {
        let (store, cache, clock) = (Arc::clone(&store), Arc::clone(&cache), Arc::new(ManualClock::new()));
        let strategy = build("no-cache", &settings("no-cache", &[]), cache, store, clock).unwrap();
        let watch = Watch::new(strategy, keys.clone(), &watching, origin);
        let mut rng = Seed::new(thread).rng();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        together.wait();
        runtime.block_on(async {
            for sequence in 0..operations / THREADS {
                let draw = rng.next_u64();
                let operation = match draw % 10 {
                    0 => OperationKind::Delete,
                    1..=3 => OperationKind::Write,
                    _ => OperationKind::Read,
                };
                let session = (thread * 2 + draw / 16 % 2) as u32;
                watch.issue(operation, draw / 64 % KEYS, session, sequence).await;
            }
        });
        watch.finish()
    };
    let mut seen = Seen::default();
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..THREADS).map(|number| scope.spawn(move || thread(number))).collect();
        running.into_iter().for_each(|thread| seen.merge(thread.join().unwrap()));
    });
    let (freshness, _) = watching.finish(seen);
    assert!(is_spotless(&freshness), "{freshness:?}");
    assert!(freshness.judged == freshness.reads && freshness.reads > operations / 2, "{freshness:?}");
    assert_eq!(freshness.table.written_keys, KEYS);
}

#[test]
fn no_read_without_a_cache_is_stale() {
    run(1_000_000);
}

#[test]
#[ignore = "takes half a minute in a debug build"]
fn no_read_of_ten_million_without_a_cache_is_stale() {
    run(10_000_000);
}
