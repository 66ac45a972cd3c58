//! Joined loads whose leaders are callers.

use crate::rig::{Rig, acked, ctx, found, hurried, instance, key, settle};
use cachemark_core::CacheEffect::Invalidated;
use cachemark_core::Source::{Hit, MissJoined, MissLed};
use cachemark_core::{OpError, StoreError, Strategy, Value};
use cachemark_testkit::scripted::{Op, Part, When};
use std::sync::Arc;
use std::time::Duration;

fn rig() -> Rig {
    let rig = Rig::new("single-flight", "");
    rig.store.preload(&key(), Value::new("a"));
    rig
}

#[tokio::test(start_paused = true)]
async fn nobody_joins_a_load_from_before_a_write_and_it_does_not_fill() {
    let rig = rig();
    let gate = rig.store.gate_when(When::next(Op::Read).after_effect());
    let (leader, joined) = (rig.start_read(ctx()), rig.start_read(ctx()));
    gate.reached().await;
    assert_eq!(rig.write("b").await, acked(2, Invalidated));
    assert_eq!(rig.read().await, found("b", 2, MissLed));
    gate.release();
    assert_eq!(leader.await.unwrap(), found("a", 1, MissLed));
    assert_eq!(joined.await.unwrap(), found("a", 1, MissJoined));
    assert_eq!(rig.read().await, found("b", 2, Hit));
}

#[tokio::test(start_paused = true)]
async fn an_error_of_the_store_is_everybody_s() {
    let rig = rig();
    let lost = StoreError::ConnectionLost("reset".into());
    rig.store.delay_when(When::every(Op::Read), Duration::from_millis(10));
    rig.store.fail_next(Op::Read, lost.clone());
    let readers: Vec<_> = (0..3).map(|_| rig.start_read(ctx())).collect();
    for reader in readers {
        assert_eq!(reader.await.unwrap(), Err(OpError::Store(lost.clone())));
    }
    assert_eq!(rig.log.count(Part::Store, Op::Read), 1);
}

#[tokio::test(start_paused = true)]
async fn a_leader_that_runs_out_of_time_leaves_the_load_to_the_next() {
    let rig = rig();
    rig.store.delay_when(When::every(Op::Read), Duration::from_millis(20));
    let (leader, patient, joined) = (rig.start_read(hurried(10)), rig.start_read(ctx()), rig.start_read(ctx()));
    let timeout = OpError::Store(StoreError::Timeout(Duration::from_millis(10)));
    assert_eq!(leader.await.unwrap(), Err(timeout));
    let mut sources = [patient.await.unwrap().unwrap().source, joined.await.unwrap().unwrap().source];
    sources.sort();
    assert_eq!(sources, [MissLed, MissJoined]);
    assert_eq!(rig.log.count(Part::Store, Op::Read), 2);
}

#[tokio::test(start_paused = true)]
async fn a_leader_that_is_dropped_leaves_the_load_to_the_next() {
    let rig = rig();
    let gate = rig.store.gate(Op::Read, &key());
    let leader = rig.start_read(ctx());
    gate.reached().await;
    let next = rig.start_read(ctx());
    settle().await;
    leader.abort();
    assert_eq!(next.await.unwrap(), found("a", 1, MissLed));
    assert_eq!(rig.read().await, found("a", 1, Hit));
}

#[tokio::test(start_paused = true)]
async fn who_waits_waits_no_longer_than_its_own_deadline() {
    let rig = rig();
    let gate = rig.store.gate(Op::Read, &key());
    let leader = rig.start_read(ctx());
    gate.reached().await;
    assert_eq!(rig.strategy.read(&hurried(10), &key()).await, Err(OpError::LoadTimeout));
    gate.release();
    assert_eq!(leader.await.unwrap(), found("a", 1, MissLed));
}

#[tokio::test(start_paused = true)]
async fn an_episode_makes_one_load_for_each_instance_at_most() {
    for name in ["single-flight", "read-through"] {
        for instances in [1, 4, 16] {
            let rig = Rig::new(name, "");
            rig.store.preload(&key(), Value::new("a"));
            rig.store.delay_when(When::every(Op::Read), Duration::from_millis(20));
            let more = (1..instances).map(|_| instance(name, "", &rig.cache, &rig.store));
            let all: Vec<_> = std::iter::once(Arc::clone(&rig.strategy)).chain(more).collect();
            let read = |reader: usize| {
                let strategy = Arc::clone(&all[reader % instances]);
                tokio::spawn(async move { strategy.read(&ctx(), &key()).await })
            };
            let readers: Vec<_> = (0..1_000).map(read).collect();
            for reader in readers {
                assert_eq!(reader.await.unwrap().unwrap().value, Some(Value::new("a")));
            }
            assert_eq!(rig.log.count(Part::Store, Op::Read), instances, "{name} with {instances}");
        }
    }
}
