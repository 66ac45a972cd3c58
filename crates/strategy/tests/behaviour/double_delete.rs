//! The second delete.

use crate::rig::{Rig, acked, ctx, found, hurried, key, settle};
use cachemark_core::CacheEffect::Invalidated;
use cachemark_core::Source::{Hit, MissLed};
use cachemark_core::{OpError, StoreError, Strategy, Value};
use cachemark_testkit::scripted::{Op, Part, When};
use std::time::Duration;
use tokio::time::{Instant, advance};

const DELAY: Duration = Duration::from_millis(700);

fn rig() -> Rig {
    let rig = Rig::new("double-delete", "delay-ms=700");
    rig.store.preload(&key(), Value::new("a"));
    rig
}

#[tokio::test(start_paused = true)]
async fn the_entry_is_deleted_before_the_commit_and_again_after_the_delay() {
    let rig = rig();
    assert_eq!(rig.write("b").await, acked(2, Invalidated));
    settle().await;
    assert_eq!(rig.asked(), ["C.delete k", "S.write k"]);
    advance(DELAY - Duration::from_millis(3)).await;
    settle().await;
    assert_eq!(rig.asked(), [""; 0]);
    advance(Duration::from_millis(2)).await;
    settle().await;
    assert_eq!(rig.asked(), ["C.delete k"]);
}

#[tokio::test(start_paused = true)]
async fn a_late_refill_is_served_for_as_long_as_the_delay() {
    let rig = rig();
    let gate = rig.store.gate_when(When::next(Op::Read).after_effect());
    let reader = rig.start_read(ctx());
    gate.reached().await;
    rig.write("b").await.unwrap();
    gate.release();
    assert_eq!(reader.await.unwrap(), found("a", 1, MissLed));
    assert_eq!(rig.read().await, found("a", 1, Hit));
    advance(DELAY).await;
    settle().await;
    assert_eq!(rig.read().await, found("b", 2, MissLed));
}

#[tokio::test(start_paused = true)]
async fn a_drain_waits_for_the_second_deletes() {
    let rig = rig();
    rig.write("b").await.unwrap();
    rig.delete().await.unwrap();
    let began = Instant::now();
    assert_eq!(rig.strategy.drain(&hurried(10)).await, Err(OpError::Deadline));
    assert_eq!(rig.strategy.drain(&ctx()).await, Ok(()));
    // Time is paused, so this is exact but for the timer's step.
    assert!((DELAY..DELAY + Duration::from_millis(3)).contains(&began.elapsed()), "{:?}", began.elapsed());
    assert_eq!(rig.log.count(Part::Cache, Op::Delete), 4);
}

#[tokio::test(start_paused = true)]
async fn the_second_delete_is_the_clean_up_of_a_lost_answer_and_none_of_a_refusal() {
    for (error, deletes) in
        [(StoreError::ConnectionLost("reset".into()), 2), (StoreError::Rejected("read-only".into()), 1)]
    {
        let rig = rig();
        rig.store.fail_when(When::next(Op::Write).after_effect(), error.clone());
        assert_eq!(rig.write("b").await, Err(OpError::Store(error.clone())));
        assert_eq!(rig.strategy.drain(&ctx()).await, Ok(()));
        assert_eq!(rig.log.count(Part::Cache, Op::Delete), deletes, "{error}");
    }
}

#[test]
fn second_deletes_end_with_their_runtime_and_keep_no_drain_waiting() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let (first, second) = (runtime(), runtime());
    let rig = rig();
    first.block_on(rig.write("b")).unwrap();
    first.shutdown_background();
    assert_eq!(second.block_on(rig.strategy.drain(&ctx())), Ok(()));
    assert_eq!(rig.log.count(Part::Cache, Op::Delete), 1);
    let Rig { cache, strategy, .. } = rig;
    drop(strategy);
    assert_eq!(std::sync::Arc::strong_count(&cache), 1);
}
