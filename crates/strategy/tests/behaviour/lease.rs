//! Leases: one load for all, whoever's instance they ask, and nobody who waits for ever.

use crate::rig::{Rig, Subject, absent, acked, ctx, found, hurried, instance, key, kinds, settle};
use cachemark_core::CacheEffect::Invalidated;
use cachemark_core::Source::{Hit, MissJoined, MissLed};
use cachemark_core::{CacheError, OpError, StoreError, Strategy, Value};
use cachemark_testkit::scripted::{Op, Part, When};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep};

const READERS: usize = 1_000;

fn rig(settings: &str) -> Rig {
    let rig = Rig::new("lease", settings);
    rig.store.preload(&key(), Value::new("a"));
    rig
}

/// The longest single wait with the default of `wait-ms`, and the timers' steps.
const ONE_WAIT: Duration = Duration::from_millis(85);

/// Readers of one key at once, spread over the instances: how many led and how many joined.
async fn crowd(instances: &[Arc<Subject>]) -> [usize; 2] {
    let read = |number: usize| {
        let strategy = Arc::clone(&instances[number % instances.len()]);
        tokio::spawn(async move { strategy.read(&ctx(), &key()).await.unwrap() })
    };
    let readers: Vec<_> = (0..READERS).map(read).collect();
    let mut sources = Vec::new();
    for reader in readers {
        let outcome = reader.await.unwrap();
        assert_eq!(outcome.value, Some(Value::new("a")));
        sources.push(outcome.source);
    }
    [MissLed, MissJoined].map(|wanted| sources.iter().filter(|&&source| source == wanted).count())
}

#[tokio::test(start_paused = true)]
async fn each_episode_is_one_load_however_many_instances_there_are() {
    const EPISODES: usize = 5;
    for instances in [1, 2, 4] {
        let settings = "ttl-ms=1000 ttl-jitter=0";
        let rig = rig(settings);
        rig.store.delay_when(When::every(Op::Read), Duration::from_millis(20));
        let more = (1..instances).map(|_| instance("lease", settings, &rig.cache, &rig.store));
        let instances: Vec<_> = more.chain([Arc::clone(&rig.strategy)]).collect();
        for episode in 1..=EPISODES {
            assert_eq!(crowd(&instances).await, [1, READERS - 1], "{} instances", instances.len());
            assert_eq!(rig.log.count(Part::Store, Op::Read), episode, "{} instances", instances.len());
            // The entry expires.
            sleep(Duration::from_secs(1)).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_leader_that_dies_holds_the_others_up_for_its_lease_at_most() {
    let lease = Duration::from_millis(700);
    let rig = rig("lease-ms=700 longest-wait-ms=5000");
    let gate = rig.store.gate(Op::Read, &key());
    let leader = rig.start_read(ctx());
    gate.reached().await;
    let begun = Instant::now();
    leader.abort();
    assert!(leader.await.is_err());
    let others: Vec<_> = (0..10).map(|_| rig.start_read(ctx())).collect();
    let mut led = 0;
    for other in others {
        let outcome = other.await.unwrap().unwrap();
        assert_eq!(outcome.value, Some(Value::new("a")));
        led += usize::from(outcome.source == MissLed);
    }
    let waited = begun.elapsed();
    assert!(waited <= lease + ONE_WAIT, "{waited:?}");
    assert!(waited + Duration::from_millis(1) >= lease, "the lease was given to another after {waited:?}");
    assert_eq!(led, 1, "one of them took its place");
    drop(gate);
}

#[tokio::test(start_paused = true)]
async fn a_caller_waits_no_longer_than_its_deadline() {
    let rig = rig("");
    let gate = rig.store.gate(Op::Read, &key());
    let leader = rig.start_read(ctx());
    gate.reached().await;
    let begun = Instant::now();
    assert_eq!(rig.strategy.read(&hurried(100), &key()).await, Err(OpError::LoadTimeout));
    assert_eq!(begun.elapsed(), Duration::from_millis(100));
    gate.release();
    assert_eq!(leader.await.unwrap(), found("a", 1, MissLed));
    assert_eq!(rig.read().await, found("a", 1, Hit));
}

#[tokio::test(start_paused = true)]
async fn who_has_waited_longest_reads_the_store_and_leaves_the_cache_to_the_leader() {
    for (settings, longest) in [("longest-wait-ms=50", 50), ("longest-wait-ms=0", 0)] {
        let rig = rig(settings);
        let gate = rig.store.gate_when(When::next(Op::Read).after_effect());
        let leader = rig.start_read(ctx());
        gate.reached().await;
        rig.asked();
        let begun = Instant::now();
        assert_eq!(rig.read().await, found("a", 1, MissLed), "{settings}");
        let waited = begun.elapsed().as_millis();
        assert!((longest..longest + 10).contains(&waited), "{settings}: {waited} ms");
        let asked = kinds(&rig.asked());
        let (last, gets) = asked.split_last().unwrap();
        assert_eq!(last, "S.read k", "{settings}");
        assert!(gets.iter().all(|call| call == "C.get k"), "{settings}: {gets:?}");
        assert_eq!(rig.cached(), None, "{settings}");
        gate.release();
        assert_eq!(leader.await.unwrap(), found("a", 1, MissLed), "{settings}");
        assert_eq!(rig.read().await, found("a", 1, Hit), "{settings}: the leader has filled it");
    }
}

#[tokio::test(start_paused = true)]
async fn a_change_voids_the_lease_of_whoever_has_read_the_old_row() {
    for delete in [false, true] {
        let rig = rig("");
        let gate = rig.store.gate_when(When::next(Op::Read).after_effect());
        let late = rig.start_read(ctx());
        gate.reached().await;
        let changed = if delete { rig.delete().await } else { rig.write("b").await };
        assert_eq!(changed, acked(2, Invalidated));
        gate.release();
        assert_eq!(late.await.unwrap(), found("a", 1, MissLed));
        assert_eq!(rig.cached(), None, "the late fill was refused");
        let read = rig.read().await;
        assert_eq!(read, if delete { absent(2, MissLed) } else { found("b", 2, MissLed) });
    }
}

#[tokio::test(start_paused = true)]
async fn a_change_of_unknown_outcome_voids_it_too() {
    let rig = rig("");
    let gate = rig.store.gate_when(When::next(Op::Read).after_effect());
    let late = rig.start_read(ctx());
    gate.reached().await;
    rig.store.fail_when(When::next(Op::Write).after_effect(), StoreError::ConnectionLost("reset".into()));
    rig.write("b").await.unwrap_err();
    gate.release();
    late.await.unwrap().unwrap();
    assert_eq!(rig.cached(), None);
}

/// The next reader, which would wait for ten seconds if the lease were held still.
async fn next_at_once(rig: &Rig) -> Duration {
    let begun = Instant::now();
    rig.read().await.unwrap();
    begun.elapsed()
}

#[tokio::test(start_paused = true)]
async fn a_leader_with_nothing_to_set_gives_the_lease_back() {
    let at_once = Duration::from_millis(1);
    let absent_row = Rig::new("lease", "");
    assert_eq!(absent_row.read().await, absent(0, MissLed));
    assert_eq!(kinds(&absent_row.asked()), ["C.get k", "S.read k", "C.delete k"]);
    assert!(next_at_once(&absent_row).await < at_once, "absence is not cached");

    let failed = rig("");
    failed.store.fail_next(Op::Read, StoreError::Rejected("no".into()));
    failed.read().await.unwrap_err();
    assert!(next_at_once(&failed).await < at_once, "the store failed");

    let slow = rig("");
    slow.store.delay_when(When::next(Op::Read), Duration::from_secs(60));
    assert!(slow.strategy.read(&hurried(100), &key()).await.is_err());
    assert!(next_at_once(&slow).await < at_once, "the leader's deadline passed");

    let refused = rig("");
    refused.cache.fail_next(Op::SetLeased, CacheError::TooLarge { len: 9, limit: 8 });
    assert_eq!(refused.read().await, found("a", 1, MissLed));
    assert!(next_at_once(&refused).await < at_once, "the cache refused the entry");
}

#[tokio::test(start_paused = true)]
async fn absence_that_is_cached_is_one_load_for_all() {
    let rig = Rig::new("lease", "negative-ttl-ms=500");
    rig.store.delay_when(When::every(Op::Read), Duration::from_millis(20));
    let readers: Vec<_> = (0..READERS).map(|_| rig.start_read(ctx())).collect();
    for reader in readers {
        assert_eq!(reader.await.unwrap().unwrap().value, None);
    }
    assert_eq!(rig.log.count(Part::Store, Op::Read), 1);
}

#[tokio::test(start_paused = true)]
async fn the_lease_lasts_as_long_as_the_setting_says() {
    let rig = rig("lease-ms=1234");
    rig.read().await.unwrap();
    assert_eq!(rig.asked()[0], "C.get-or-lease k for 1.234s");
    settle().await;
    assert_eq!(rig.strategy.drain(&ctx()).await, Ok(()));
}
