//! What an outbox delivers late is a delete, and it takes what a later write has left in the cache: under `versioned` a tombstone.

use crate::rig::{Rig, ctx, key};
use cachemark_core::{
    CacheEffect, CacheError, Deployment, Descriptor, Settings, Source, Strategy, Value, Version, WriteOutcome, anomaly,
};
use cachemark_strategy::versioned;
use cachemark_testkit::scripted::{Op, When};
use std::sync::Arc;

const VERSIONED: Descriptor = versioned::DESCRIPTOR;

/// A reader has loaded the first version and is held before it fills. A write then does not reach the cache, a delete does, and what the outbox
/// has is delivered. The reader fills. What is read after that.
async fn read_after_a_late_fill(outbox: &str) -> (Source, Option<Version>) {
    let rig = Rig::with(VERSIONED.name, outbox, "", "");
    rig.store.preload(&key(), Value::new("a"));
    let loaded = rig.store.gate_when(When::next(Op::Read).after_effect());
    let strategy = Arc::clone(&rig.strategy);
    let reader = tokio::spawn(async move { strategy.read(&ctx(), &key()).await });
    loaded.reached().await;

    let down = || CacheError::Unavailable("down".into());
    rig.cache.fail_next(Op::SetIfNewer, down());
    rig.cache.fail_next(Op::Delete, down());
    assert!(matches!(rig.write("b").await.unwrap().cache, CacheEffect::Failed(_)));
    let deleted = rig.strategy.delete(&ctx(), &key()).await;
    assert_eq!(deleted, Ok(WriteOutcome::committed(Version(3), CacheEffect::Updated)), "a tombstone");
    rig.strategy.drain(&ctx()).await.unwrap();

    loaded.release();
    assert_eq!(
        reader.await.unwrap().unwrap().version,
        Some(Version(1)),
        "of before the write: nothing is wrong with it"
    );
    let read = rig.read().await.unwrap();
    (read.source, read.version)
}

#[tokio::test(start_paused = true)]
async fn without_an_outbox_the_tombstone_keeps_a_late_fill_out() {
    assert_eq!(read_after_a_late_fill("outbox=off").await, (Source::Hit, Some(Version(3))));
}

/// `forgotten-version`, which the strategy declares of every cache that may evict, comes about without an eviction.
#[tokio::test(start_paused = true)]
async fn with_one_the_late_delete_takes_the_tombstone_and_the_deleted_row_comes_back() {
    assert_eq!(read_after_a_late_fill("outbox=recommended").await, (Source::Hit, Some(Version(1))), "stale");
    let defaults = Settings::defaults(VERSIONED.settings);
    assert!(VERSIONED.has(&anomaly::FORGOTTEN_VERSION, Deployment::OneProcess, &defaults));
}
