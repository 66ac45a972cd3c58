//! Joined loads, and loads that outlive their callers.

use crate::rig::{PLACEMENTS, Rig, acked, ctx, found, hurried, key, settle};
use cachemark_core::CacheEffect::Invalidated;
use cachemark_core::Source::{CacheFailed, Hit, MissJoined, MissLed};
use cachemark_core::{CacheError, Key, OpError, Source, StoreError, Strategy, Value};
use cachemark_testkit::scripted::{Op, Part, When};
use std::time::Duration;
use tokio::time::Instant;

const READERS: usize = 1_000;

fn rig(name: &str, settings: &str) -> Rig {
    let rig = Rig::new(name, settings);
    rig.store.preload(&key(), Value::new("a"));
    rig
}

/// A thousand readers of one key at once; how many led, joined, passed the cache over.
async fn crowd(rig: &Rig) -> [usize; 3] {
    rig.store.delay_when(When::every(Op::Read), Duration::from_millis(10));
    let readers: Vec<_> = (0..READERS).map(|_| rig.start_read(ctx())).collect();
    let mut sources = Vec::new();
    for reader in readers {
        let outcome = reader.await.unwrap().unwrap();
        assert_eq!(outcome.value, Some(Value::new("a")));
        sources.push(outcome.source);
    }
    [MissLed, MissJoined, CacheFailed].map(|wanted: Source| sources.iter().filter(|&&source| source == wanted).count())
}

#[tokio::test(start_paused = true)]
async fn the_tier_loads_a_wanted_key_once() {
    for placement in PLACEMENTS {
        let rig = rig("read-through", placement);
        assert_eq!(crowd(&rig).await, [1, READERS - 1, 0], "{placement}");
        assert_eq!(rig.log.count(Part::Store, Op::Read), 1, "{placement}");
        assert_eq!(rig.log.count(Part::Cache, Op::Set), 1, "{placement}");
    }
}

#[tokio::test(start_paused = true)]
async fn cache_aside_loads_it_for_each_reader() {
    let rig = rig("cache-aside", "");
    assert_eq!(crowd(&rig).await, [READERS, 0, 0]);
    assert_eq!(rig.log.count(Part::Store, Op::Read), READERS);
}

#[tokio::test(start_paused = true)]
async fn the_tier_joins_reads_that_pass_a_failing_cache_over() {
    for placement in PLACEMENTS {
        let rig = rig("read-through", placement);
        rig.cache.fail_when(When::every(Op::Get), CacheError::Unavailable("down".into()));
        assert_eq!(crowd(&rig).await, [0, 0, READERS], "{placement}");
        assert_eq!(rig.log.count(Part::Store, Op::Read), 1, "{placement}");
        assert_eq!(rig.log.count(Part::Cache, Op::Set), 0, "{placement}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_load_outlives_the_reader_that_began_it() {
    for placement in PLACEMENTS {
        let rig = rig("read-through", placement);
        rig.store.delay_when(When::every(Op::Read), Duration::from_millis(100));
        let started = Instant::now();
        let (impatient, patient) = (rig.start_read(hurried(10)), rig.start_read(hurried(500)));
        assert_eq!(impatient.await.unwrap(), Err(OpError::LoadTimeout), "{placement}");
        assert_eq!(started.elapsed(), Duration::from_millis(10), "{placement}");
        assert_eq!(patient.await.unwrap(), found("a", 1, MissJoined), "{placement}");
        assert_eq!(rig.read().await, found("a", 1, Hit), "{placement}");
    }
}

#[tokio::test(start_paused = true)]
async fn cache_aside_drops_its_load_at_the_deadline() {
    let rig = rig("cache-aside", "");
    rig.store.delay_when(When::every(Op::Read), Duration::from_millis(100));
    let outcome = rig.strategy.read(&hurried(10), &key()).await;
    assert_eq!(outcome, Err(OpError::Store(StoreError::Timeout(Duration::from_millis(10)))));
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(rig.cache.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_load_has_a_deadline_of_its_own() {
    for placement in PLACEMENTS {
        let rig = rig("read-through", &format!("load-timeout-ms=50 {placement}"));
        rig.store.delay_when(When::next(Op::Read), Duration::from_secs(100));
        let timeout = OpError::Store(StoreError::Timeout(Duration::from_millis(50)));
        assert_eq!(rig.read().await, Err(timeout), "{placement}");
        assert_eq!(rig.read().await, found("a", 1, MissLed), "{placement}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_write_does_not_wait_for_a_slow_load() {
    for placement in PLACEMENTS {
        let rig = rig("read-through", placement);
        let gate = rig.store.gate_when(When::next(Op::Read).after_effect());
        let reader = rig.start_read(ctx());
        gate.reached().await;
        assert_eq!(rig.write("b").await, acked(2, Invalidated), "{placement}");
        // Whoever comes now must not join the load that read the old row.
        assert_eq!(rig.read().await, found("b", 2, MissLed), "{placement}");
        gate.release();
        assert_eq!(reader.await.unwrap(), found("a", 1, MissLed), "{placement}");
        assert_eq!(rig.read().await, found("b", 2, Hit), "{placement}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_load_holds_up_no_other_key() {
    for placement in PLACEMENTS {
        let (rig, other) = (rig("read-through", placement), Key::new("other").unwrap());
        rig.store.preload(&other, Value::new("o"));
        let gate = rig.store.gate(Op::Read, &key());
        let reader = rig.start_read(ctx());
        gate.reached().await;
        assert_eq!(rig.strategy.read(&ctx(), &other).await, found("o", 1, MissLed), "{placement}");
        gate.release();
        reader.await.unwrap().unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_drain_waits_for_loads_that_nobody_waits_for() {
    for placement in PLACEMENTS {
        let rig = rig("read-through", placement);
        let gate = rig.store.gate(Op::Read, &key());
        assert_eq!(rig.start_read(hurried(10)).await.unwrap(), Err(OpError::LoadTimeout), "{placement}");
        assert_eq!(rig.strategy.drain(&hurried(10)).await, Err(OpError::Deadline), "{placement}");
        gate.release();
        assert_eq!(rig.strategy.drain(&ctx()).await, Ok(()), "{placement}");
        assert!(rig.cached().is_some(), "{placement}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_tiers_task_goes_on_for_a_caller_that_is_gone_and_ends_with_the_tier() {
    let rig = rig("read-through", "placement=task");
    let gate = rig.store.gate(Op::Write, &key());
    let writer = rig.start_write("b");
    gate.reached().await;
    writer.abort();
    assert!(writer.await.is_err());
    gate.release();
    assert_eq!(rig.strategy.drain(&ctx()).await, Ok(()));
    assert_eq!(rig.log.count(Part::Cache, Op::Delete), 1);
    let Rig { cache, strategy, .. } = rig;
    drop(strategy);
    settle().await;
    assert_eq!(std::sync::Arc::strong_count(&cache), 1);
}

#[test]
fn a_load_whose_runtime_is_shut_down_leaves_nobody_waiting() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let (first, second) = (runtime(), runtime());
    let rig = rig("read-through", "placement=in-process");
    let gate = rig.store.gate(Op::Read, &key());
    first.block_on(async {
        rig.start_read(ctx());
        gate.reached().await;
    });
    second.block_on(async {
        let joined = rig.start_read(ctx());
        settle().await;
        first.shutdown_background();
        assert_eq!(joined.await.unwrap(), Err(OpError::Internal("the load died")));
        assert_eq!(rig.strategy.drain(&ctx()).await, Ok(()));
        assert_eq!(rig.read().await, found("a", 1, MissLed));
    });
}
