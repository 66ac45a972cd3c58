//! The in-process cache keeps the contract of a cache, with either policy.

use cachemark_backend::in_process::{InProcess, InProcessOptions, Policy};
use cachemark_core::{Cache, CacheProbe, Entry, Key, OpContext, Probe, Value, Version};
use cachemark_testkit::{cache_conformance, cache_probe_conformance};
use std::time::Duration;

async fn lru() -> (InProcess, ()) {
    (InProcess::new(InProcessOptions { policy: Policy::Lru, capacity: Some(10_000) }), ())
}

async fn tiny_lfu() -> (InProcess, ()) {
    (InProcess::new(InProcessOptions { policy: Policy::TinyLfu, capacity: None }), ())
}

cache_conformance!(with_lru, lru);
cache_conformance!(with_tiny_lfu, tiny_lfu);
cache_probe_conformance!(probe_with_lru, lru);
cache_probe_conformance!(probe_with_tiny_lfu, tiny_lfu);

fn key(number: usize) -> Key {
    Key::new(format!("k{number}").into_bytes()).unwrap()
}

fn entry(version: u64) -> Entry {
    Entry::live(Version(version), Value::new(vec![7; 10]))
}

#[tokio::test]
async fn capacity_is_a_number_of_entries_and_evictions_are_counted() {
    for policy in [Policy::Lru, Policy::TinyLfu] {
        let cache = InProcess::new(InProcessOptions { policy, capacity: Some(100) });
        let ctx = OpContext::new(0);
        for number in 0..1_000 {
            cache.set(&ctx, &key(number), entry(1), None).await.unwrap();
        }
        let counters = cache.counters().await.unwrap().0;
        assert_eq!((counters["entries"], counters["evictions"]), (100, 900), "{policy:?}");
    }
}

#[tokio::test]
async fn the_least_recently_used_entry_leaves_first() {
    let cache = InProcess::new(InProcessOptions { policy: Policy::Lru, capacity: Some(3) });
    let ctx = OpContext::new(0);
    for number in 0..3 {
        cache.set(&ctx, &key(number), entry(1), None).await.unwrap();
    }
    // Asking for the counters lets moka work through its log, which takes reads before the inserts that came earlier.
    cache.counters().await.unwrap();
    cache.get(&ctx, &key(0)).await.unwrap();
    cache.counters().await.unwrap();
    cache.set(&ctx, &key(3), entry(1), None).await.unwrap();
    cache.counters().await.unwrap();
    let mut held = Vec::new();
    for number in 0..4 {
        if cache.get(&ctx, &key(number)).await.unwrap().is_some() {
            held.push(number);
        }
    }
    assert_eq!(held, [0, 2, 3]);
}

#[tokio::test]
async fn expired_entries_are_counted_and_make_room() {
    let (cache, ()) = lru().await;
    let ctx = OpContext::new(0);
    for number in 0..50 {
        cache.set(&ctx, &key(number), entry(1), Some(Duration::from_millis(20))).await.unwrap();
    }
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    let counters = cache.counters().await.unwrap().0;
    assert_eq!((counters["entries"], counters["expired"]), (0, 50));
}

#[tokio::test]
async fn a_clear_leaves_nothing_to_the_housekeeping() {
    let (cache, ()) = lru().await;
    for number in 0..5_000 {
        cache.set(&OpContext::new(0), &key(number), entry(1), None).await.unwrap();
    }
    cache.clear().await.unwrap();
    let counters = cache.counters().await.unwrap().0;
    assert_eq!((counters["entries"], counters["evictions"]), (0, 0));
}
