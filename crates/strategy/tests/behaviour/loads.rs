//! How many loads an expired key brings, by the meter that figures come from: over several instances, whose store they share.

use crate::rig::{ctx, key, parse};
use cachemark_core::{LoadCounts, Metered, StoreMeter, Strategy, Value};
use cachemark_strategy::build;
use cachemark_testkit::scripted::{ManualClock, Op, ScriptedCache, ScriptedStore, When};
use std::sync::Arc;
use std::time::Duration;

const READERS: u64 = 1_000;
const INSTANCES: u64 = 4;

/// What a thousand readers of one key that no cache has make the store load, through as many instances as are given.
async fn loads(strategy: &str, instances: u64) -> LoadCounts {
    let (cache, store, meter) = (Arc::new(ScriptedCache::new()), ScriptedStore::new(), Arc::<StoreMeter>::default());
    store.preload(&key(), Value::new("a"));
    store.delay_when(When::every(Op::Read), Duration::from_millis(20));
    let store = Arc::new(Metered::new(store, Arc::clone(&meter)));
    let instances: Vec<_> = (0..instances)
        .map(|_| {
            let (cache, store) = (Arc::clone(&cache), Arc::clone(&store));
            Arc::new(build(strategy, &parse(strategy, ""), cache, store, Arc::new(ManualClock::new())).unwrap())
        })
        .collect();
    meter.open_window(Duration::from_secs(1), 1);
    let readers: Vec<_> = (0..READERS as usize)
        .map(|reader| {
            let instance = Arc::clone(&instances[reader % instances.len()]);
            tokio::spawn(async move { instance.read(&ctx(), &key()).await })
        })
        .collect();
    for reader in readers {
        assert_eq!(reader.await.unwrap().unwrap().value, Some(Value::new("a")));
    }
    let window = meter.window();
    assert_eq!(window.operations, [window.loads.loads], "all of them ended in the one step");
    window.loads
}

#[tokio::test(start_paused = true)]
async fn an_expired_key_is_loaded_by_every_reader_or_by_one_of_each_instance() {
    let at_once = |loads| LoadCounts { loads, episodes: 1, most_at_once: loads };
    for instances in [1, INSTANCES] {
        assert_eq!(loads("no-cache", instances).await, at_once(READERS));
        assert_eq!(loads("cache-aside", instances).await, at_once(READERS));
        assert_eq!(loads("read-through", instances).await, at_once(instances));
        assert_eq!(loads("write-through", instances).await, at_once(instances));
    }
}

#[tokio::test(start_paused = true)]
async fn a_load_that_is_given_up_is_in_flight_no_more() {
    let (store, meter) = (ScriptedStore::new(), Arc::<StoreMeter>::default());
    store.delay_when(When::every(Op::Read), Duration::from_secs(1));
    let (cache, store) = (Arc::new(ScriptedCache::new()), Arc::new(Metered::new(store, Arc::clone(&meter))));
    let clock = Arc::new(ManualClock::new());
    let strategy = build("cache-aside", &parse("cache-aside", ""), cache, store, clock).unwrap();
    for _ in 0..2 {
        let given_up = tokio::time::timeout(Duration::from_millis(1), strategy.read(&ctx(), &key())).await;
        assert!(given_up.is_err());
    }
    assert_eq!(meter.window().loads, LoadCounts { loads: 2, episodes: 2, most_at_once: 1 });
}
