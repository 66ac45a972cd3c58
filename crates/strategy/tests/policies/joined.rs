//! Readers who wait for one load: of its failures they share those that are the store's, and not those that are its leader's.

use crate::rig::{Rig, ctx, key};
use cachemark_core::{Key, OpContext, OpError, ReadOutcome, Source, StoreError, Strategy, Value};
use cachemark_strategy::strategies;
use cachemark_testkit::scripted::{Op, Part, When};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

const MS: Duration = Duration::from_millis(1);

/// A context that ends so many milliseconds from now.
fn hurried(millis: u32) -> OpContext {
    ctx().until(Instant::now() + millis * MS)
}

fn start_read(rig: &Rig, ctx: OpContext, key: Key) -> JoinHandle<Result<ReadOutcome, OpError>> {
    let strategy = Arc::clone(&rig.strategy);
    tokio::spawn(async move { strategy.read(&ctx, &key).await })
}

/// How long a hundred readers of one key take, with a second each, of a store that hangs and whose calls end after 50 ms.
async fn ends_of_a_hundred(name: &str) -> Vec<(Result<ReadOutcome, OpError>, Duration)> {
    let rig = Rig::new(name, "", "call-timeout-ms=50");
    rig.store.delay_when(When::every(Op::Read), 60_000 * MS);
    let began = Instant::now();
    let read = |_| {
        let reader = start_read(&rig, hurried(1_000), key());
        tokio::spawn(async move { (reader.await.unwrap(), began.elapsed()) })
    };
    let mut ends = Vec::new();
    for reader in (0..100).map(read).collect::<Vec<_>>() {
        ends.push(reader.await.unwrap());
    }
    ends
}

#[tokio::test(start_paused = true)]
async fn a_call_that_took_too_long_ends_all_who_wait_for_it() {
    let timed_out = Err(OpError::Store(StoreError::Timeout(50 * MS)));
    let reading = strategies().iter().filter(|strategy| !["null", "lease"].contains(&strategy.name));
    for strategy in reading {
        for (ended, after) in ends_of_a_hundred(strategy.name).await {
            assert_eq!(ended, timed_out, "{}", strategy.name);
            assert!(after < 60 * MS, "{}: {after:?}", strategy.name);
        }
    }
}

/// Who waits for a lease hears nothing of the call of who has it: one after another has it, until each has waited for as long as it may, and
/// asks the store for itself.
#[tokio::test(start_paused = true)]
async fn with_leases_it_ends_its_holder_and_the_others_well_before_their_deadline() {
    for (ended, after) in ends_of_a_hundred("lease").await {
        assert_eq!(ended, Err(OpError::Store(StoreError::Timeout(50 * MS))));
        assert!(after < 600 * MS, "500 ms of waits, and a call: {after:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_leader_whose_own_time_is_over_leaves_the_load_to_the_next_all_the_same() {
    let rig = Rig::new("single-flight", "", "call-timeout-ms=50");
    rig.store.preload(&key(), Value::new("a"));
    rig.store.delay_when(When::every(Op::Read), 20 * MS);
    let leader = start_read(&rig, hurried(10), key());
    let patient = start_read(&rig, hurried(1_000), key());
    assert_eq!(leader.await.unwrap(), Err(OpError::Store(StoreError::Timeout(10 * MS))));
    assert_eq!(patient.await.unwrap().map(|read| read.source), Ok(Source::MissLed));
    assert_eq!(rig.log.count(Part::Store, Op::Read), 2);
}

#[tokio::test(start_paused = true)]
async fn nor_is_a_place_that_its_leader_could_not_wait_for_denied_to_those_who_can() {
    let rig = Rig::new("single-flight", "", "limit=recommended limit-calls=1 limit-wait-ms=1000");
    rig.store.preload(&key(), Value::new("a"));
    rig.store.delay_when(When::every(Op::Read), 50 * MS);
    let other = start_read(&rig, ctx(), Key::new("other").unwrap());
    sleep(MS).await;
    let leader = start_read(&rig, hurried(10), key());
    let patient = start_read(&rig, hurried(1_000), key());
    assert!(leader.await.unwrap().is_err_and(|error| error.is_shed()));
    assert_eq!(patient.await.unwrap().map(|read| read.source), Ok(Source::MissLed));
    assert!(other.await.unwrap().is_ok());
}
