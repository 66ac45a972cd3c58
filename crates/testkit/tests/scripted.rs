//! The scripted parts: without a script they hold to the contracts, with one they do what it says.

use cachemark_core::{Cache, CacheError, Capabilities, Entry, Key, OpContext, Row, Store, StoreError, Value, Version};
use cachemark_testkit::scripted::{CallLog, GatedCache, GatedStore, Op, ScriptedCache, ScriptedStore, When};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

async fn fresh_cache() -> (ScriptedCache, ()) {
    (ScriptedCache::new(), ())
}

async fn plain_cache() -> (ScriptedCache, ()) {
    let capabilities = Capabilities { largest_entry: Some(1 << 20), ..Capabilities::NONE };
    (ScriptedCache::new().with_capabilities(capabilities), ())
}

async fn fresh_store() -> (ScriptedStore, ()) {
    (ScriptedStore::new(), ())
}

async fn gated_cache() -> (GatedCache<ScriptedCache>, ()) {
    (GatedCache::new(Arc::new(ScriptedCache::new()), &CallLog::new()), ())
}

async fn gated_store() -> (GatedStore<ScriptedStore>, ()) {
    (GatedStore::new(Arc::new(ScriptedStore::new()), &CallLog::new()), ())
}

cachemark_testkit::cache_conformance!(gated_cache_without_a_script, gated_cache);
cachemark_testkit::store_conformance!(gated_store_without_a_script, gated_store);
cachemark_testkit::cache_conformance!(cache, fresh_cache);
cachemark_testkit::cache_probe_conformance!(cache_probe, fresh_cache);
cachemark_testkit::cache_conformance!(cache_without_extras, plain_cache);
cachemark_testkit::store_conformance!(store, fresh_store);
cachemark_testkit::store_probe_conformance!(store_probe, fresh_store);

fn key() -> Key {
    Key::new("k").unwrap()
}

fn within(millis: u64) -> OpContext {
    OpContext::new(7).until(Instant::now() + Duration::from_millis(millis))
}

#[tokio::test(start_paused = true)]
async fn a_gate_holds_one_call_before_or_after_its_effect() {
    for (when, held_at) in [(When::next(Op::Write), 0), (When::next(Op::Write).after_effect(), 1)] {
        let store = Arc::new(ScriptedStore::new());
        let gate = store.gate_when(when.on(&key()));
        let writer = tokio::spawn({
            let store = Arc::clone(&store);
            async move { store.write(&OpContext::new(0), &key(), Value::new("a")).await }
        });
        gate.reached().await;
        assert_eq!(store.row(&key()).version, Version(held_at));
        gate.release();
        assert_eq!(writer.await.unwrap(), Ok(Version(1)));
    }
}

#[tokio::test(start_paused = true)]
async fn a_gate_before_a_cache_of_another_kind_keeps_the_call_from_it() {
    for (when, held_at) in [(When::next(Op::Set), false), (When::next(Op::Set).after_effect(), true)] {
        let inner = Arc::new(ScriptedCache::new());
        let cache = Arc::new(GatedCache::new(Arc::clone(&inner), &CallLog::new()));
        let gate = cache.gate_when(when.on(&key()));
        let setter = tokio::spawn({
            let cache = Arc::clone(&cache);
            async move { cache.set(&OpContext::new(0), &key(), Entry::live(Version(1), Value::new("a")), None).await }
        });
        gate.reached().await;
        assert_eq!(inner.entry(&key()).is_some(), held_at);
        gate.release();
        assert_eq!(setter.await.unwrap(), Ok(()));
        assert_eq!((inner.entry(&key()).is_some(), cache.log().lines()), (true, vec!["C.set k v1".to_owned()]));
        cache.fail_next(Op::Delete, CacheError::Unavailable("down".into()));
        assert!(cache.delete(&OpContext::new(0), &key()).await.is_err());
        assert!(inner.entry(&key()).is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_held_ends_by_its_deadline() {
    let (store, started) = (ScriptedStore::new(), Instant::now());
    let gate = store.gate(Op::Read, &key());
    let timeout = Duration::from_millis(30);
    assert_eq!(store.read(&within(30), &key()).await, Err(StoreError::Timeout(timeout)));
    assert_eq!(started.elapsed(), timeout);
    assert!(gate.is_reached());
    assert_eq!(store.read(&within(30), &key()).await, Ok(Row::NEVER));
}

#[tokio::test(start_paused = true)]
async fn the_nth_call_is_counted_by_key() {
    let cache = ScriptedCache::new();
    let ctx = OpContext::new(0);
    let down = CacheError::Unavailable("down".into());
    cache.fail_when(When::next(Op::Get).on(&key()).nth(2), down.clone());
    assert_eq!(cache.get(&ctx, &key()).await, Ok(None));
    assert_eq!(cache.get(&ctx, &Key::new("other").unwrap()).await, Ok(None));
    assert_eq!(cache.get(&ctx, &key()).await, Err(down));
    assert_eq!(cache.get(&ctx, &key()).await, Ok(None));
}

#[tokio::test(start_paused = true)]
async fn an_error_after_the_effect_is_a_lost_answer() {
    let store = ScriptedStore::new();
    let lost = StoreError::ConnectionLost("reset".into());
    store.fail_when(When::next(Op::Write).after_effect(), lost.clone());
    assert_eq!(store.write(&OpContext::new(0), &key(), Value::new("a")).await, Err(lost));
    assert_eq!(store.row(&key()), Row { version: Version(1), value: Some(Value::new("a")) });
}

#[tokio::test(start_paused = true)]
async fn an_outage_lasts_until_the_script_is_forgotten() {
    let cache = ScriptedCache::new();
    let down = CacheError::Unavailable("down".into());
    cache.fail_when(When::always(), down.clone());
    for _ in 0..3 {
        assert_eq!(cache.get(&OpContext::new(0), &key()).await, Err(down.clone()));
    }
    cache.forget_script();
    assert_eq!(cache.get(&OpContext::new(0), &key()).await, Ok(None));
}

#[tokio::test(start_paused = true)]
async fn pace_alternates_before_and_after_the_effect() {
    let store = ScriptedStore::new();
    store.pace([2, 3, 5].map(Duration::from_millis));
    let started = Instant::now();
    store.read(&OpContext::new(0), &key()).await.unwrap();
    assert_eq!(started.elapsed(), Duration::from_millis(5));
    store.read(&OpContext::new(0), &key()).await.unwrap();
    assert_eq!(started.elapsed(), Duration::from_millis(12));
}

#[tokio::test(start_paused = true)]
async fn a_shared_log_shows_the_order_between_cache_and_store() {
    let log = CallLog::new();
    let (cache, store) = (ScriptedCache::logging_to(&log), ScriptedStore::logging_to(&log));
    let version = store.write(&within(10), &key(), Value::new("a")).await.unwrap();
    let entry = Entry::live(version, Value::new("a"));
    cache.set(&within(10), &key(), entry, Some(Duration::from_secs(60))).await.unwrap();
    assert_eq!(log.lines(), ["S.write k", "C.set k v1 for 60s"]);
    assert_eq!(log.calls()[0].session, 7);
    log.clear();
    assert!(log.calls().is_empty());
}

#[tokio::test(start_paused = true)]
async fn entries_expire_with_tokios_clock() {
    let cache = ScriptedCache::new();
    let ttl = Some(Duration::from_secs(60));
    cache.set(&OpContext::new(0), &key(), Entry::absent(Version(1)), ttl).await.unwrap();
    tokio::time::advance(Duration::from_millis(59_999)).await;
    assert_eq!(cache.len(), 1);
    tokio::time::advance(Duration::from_millis(1)).await;
    assert!(cache.is_empty());
}
