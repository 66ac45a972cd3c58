//! What write-behind alone does: it queues, flushes, retries, gives up, drains.

mod ends;
mod faults;
mod queueing;
mod rates;

use crate::rig::{PLACEMENTS, Rig, ctx, key};
use cachemark_core::{CacheEffect, Key, OpError, Row, Strategy, Value, Version, WriteOutcome};
use cachemark_testkit::scripted::{Call, Op, Part};
use std::time::Duration;
use tokio::time::Instant;

/// By default.
const DELAY: Duration = Duration::from_millis(500);

fn rig(settings: &str) -> Rig {
    Rig::new("write-behind", settings)
}

/// Over each placement of the tier, with the row at v1.
fn rigs(settings: &str) -> impl Iterator<Item = Rig> {
    PLACEMENTS.into_iter().map(move |placement| {
        let rig = rig(&format!("{settings} {placement}"));
        rig.store.preload(&key(), Value::new("a"));
        rig
    })
}

fn named(name: &'static str) -> Key {
    Key::new(name).unwrap()
}

/// The version of what was acknowledged before the store had it.
fn queued(outcome: Result<WriteOutcome, OpError>, cache: CacheEffect) -> Version {
    let outcome = outcome.unwrap();
    let version = outcome.version.unwrap();
    assert_eq!(outcome, WriteOutcome { version: Some(version), durable: false, cache });
    assert!(version.0 > 1 << 50, "{version} is no time");
    version
}

async fn write(rig: &Rig, name: &'static str, text: &'static str) -> Version {
    queued(rig.strategy.write(&ctx(), &named(name), Value::new(text)).await, CacheEffect::Updated)
}

fn row(version: Version, text: &'static str) -> Row {
    Row { version, value: Some(Value::new(text)) }
}

/// The rows that the store was asked to put, in order, and how many.
fn puts(rig: &Rig) -> Vec<Call> {
    let is_put = |call: &Call| call.part == Part::Store && matches!(call.op, Op::Write | Op::Delete);
    rig.log.calls().into_iter().filter(is_put).collect()
}

fn keys_put(rig: &Rig) -> Vec<String> {
    puts(rig).iter().map(|call| call.key.to_string()).collect()
}

/// Waits until so long after `began`.
async fn until(began: Instant, after: Duration) {
    tokio::time::sleep_until(began + after).await;
}
