//! Write-behind, whose tier gives the versions: in one instance nothing is stale, whatever is evicted; and what was acknowledged
//! last is in the store after a drain, and not all of it after a crash.

use super::super::Versions;
use super::parts::Rows;
use super::watch::{Watch, keys, settings};
use super::{is_spotless, oracle_of};
use crate::instrument::Written;
use cachemark_core::{OpContext, Row, Store, Strategy};
use cachemark_strategy::build;
use cachemark_testkit::scripted::{ManualClock, ScriptedCache};
use cachemark_workload::{Keyspace, OperationKind, Seed};
use rand::Rng;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep};

const KEYS: u64 = 40;
const SESSIONS: u32 = 8;
const OPERATIONS: u64 = 3_000;

/// Sessions that read, write, delete and evict at once; then a drain, or none. How many keys lack what was acknowledged of them.
async fn run(drained: bool) -> usize {
    let (watching, keys) = (oracle_of(KEYS, Versions::OfStrategy), keys(KEYS));
    let (cache, store) = (Arc::new(ScriptedCache::new()), Rows::loaded(&keys));
    // Calls take their time, so that operations overlap.
    cache.pace([0, 1, 3].map(Duration::from_millis));
    let given = settings("write-behind", &[("delay-ms", "40"), ("queue-limit", "30"), ("batch", "7")]);
    let (of_strategy, of_store, clock) = (Arc::clone(&cache), Arc::clone(&store), Arc::new(ManualClock::new()));
    let strategy = build("write-behind", &given, of_strategy, of_store, clock).unwrap();
    let watch = Watch::new(strategy, keys.clone(), &watching, Instant::now());
    let session = |session: u32| {
        let (watch, cache, keys) = (&watch, &cache, &keys);
        let mut draws = Seed::new(session.into()).rng();
        async move {
            for sequence in 0..OPERATIONS {
                let draw = draws.next_u64();
                let key = draw / 1_024 % KEYS;
                let operation = match draw % 16 {
                    0 => OperationKind::Delete,
                    1..=6 => OperationKind::Write,
                    7 => {
                        cache.evict(&keys.key(key));
                        continue;
                    }
                    _ => OperationKind::Read,
                };
                watch.issue(operation, key, session, sequence).await;
                sleep(Duration::from_millis(draw / 16 % 4)).await;
            }
        }
    };
    futures::future::join_all((0..SESSIONS).map(session)).await;
    if drained {
        watch.strategy().drain(&OpContext::new(0)).await.unwrap();
    }
    let written = watching.written();
    // Without a drain this is the crash: the strategy goes, and takes its queue along.
    let (told, _) = watching.finish(watch.finish());
    assert!(is_spotless(&told) && told.judged == told.reads && told.reads > 8_000, "{told:?}");
    lacking(&written, &keys, &store).await
}

async fn lacking(written: &Written, keys: &Keyspace, store: &Rows) -> usize {
    let mut lacking = 0;
    for (index, key) in (0..).zip(keys.keys()) {
        let (last, row) = (written.last(index), store.read(&OpContext::new(0), &key).await.unwrap());
        let Row { version, value } = row;
        assert!(last.written && version.0 <= last.acknowledged, "{key}: {version} of {last:?}");
        let is_there = version.0 == last.acknowledged && value.is_none() == last.deleted;
        lacking += usize::from(!is_there);
    }
    lacking
}

#[tokio::test(start_paused = true)]
async fn nothing_is_stale_and_after_a_drain_nothing_is_lost() {
    assert_eq!(run(true).await, 0);
}

#[tokio::test(start_paused = true)]
async fn what_a_crash_takes_is_seen_to_be_lost() {
    let lacking = run(false).await;
    assert!(lacking > 0 && lacking <= 30, "{lacking} keys, of which 30 may wait");
}
