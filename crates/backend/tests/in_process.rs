//! The in-process cache keeps the contract of a cache, with either policy, and the room that was asked for.

use cachemark_backend::AnyCache;
use cachemark_backend::in_process::{InProcess, InProcessOptions, Policy};
use cachemark_core::{Cache, CacheProbe, Entry, Key, OpContext, Probe, Value, Version};
use cachemark_testkit::{cache_conformance, cache_probe_conformance};
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

async fn lru() -> (InProcess, ()) {
    (InProcess::new(InProcessOptions { policy: Policy::Lru, capacity: Some(10_000) }), ())
}

async fn tiny_lfu() -> (InProcess, ()) {
    (InProcess::new(InProcessOptions { policy: Policy::TinyLfu, capacity: Some(10_000) }), ())
}

async fn unbounded() -> (InProcess, ()) {
    (InProcess::new(InProcessOptions { policy: Policy::Lru, capacity: None }), ())
}

/// The choice at run time, which passes each call on.
async fn any() -> (AnyCache, ()) {
    (lru().await.0.into(), ())
}

cache_conformance!(with_lru, lru);
cache_conformance!(with_tiny_lfu, tiny_lfu);
cache_conformance!(without_bound, unbounded);
cache_conformance!(chosen_at_run_time, any);
cache_probe_conformance!(probe_with_lru, lru);
cache_probe_conformance!(probe_with_tiny_lfu, tiny_lfu);
cache_probe_conformance!(probe_without_bound, unbounded);

fn key(number: usize) -> Key {
    Key::new(format!("k{number}")).unwrap()
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
    cache.get(&ctx, &key(0)).await.unwrap();
    cache.set(&ctx, &key(3), entry(1), None).await.unwrap();
    let mut held = Vec::new();
    for number in 0..4 {
        if cache.get(&ctx, &key(number)).await.unwrap().is_some() {
            held.push(number);
        }
    }
    assert_eq!(held, [0, 2, 3]);
}

/// A look-up, or the set that follows it, finds what is over: moka's own wheel would come round a second later.
#[tokio::test]
async fn expired_entries_are_counted_when_they_are_found() {
    for make in [(Policy::Lru, Some(100)), (Policy::Lru, None), (Policy::TinyLfu, Some(100))] {
        let cache = InProcess::new(InProcessOptions { policy: make.0, capacity: make.1 });
        let ctx = OpContext::new(0);
        for _ in 0..2 {
            for number in 0..50 {
                assert_eq!(cache.get(&ctx, &key(number)).await.unwrap(), None, "{make:?}");
                cache.set(&ctx, &key(number), entry(1), Some(Duration::from_millis(20))).await.unwrap();
            }
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
        for number in 0..50 {
            assert_eq!(cache.get(&ctx, &key(number)).await.unwrap(), None, "{make:?}");
            cache.set(&ctx, &key(number), entry(1), None).await.unwrap();
        }
        let counters = cache.counters().await.unwrap().0;
        assert_eq!((counters["entries"], counters["expired"], counters["evictions"]), (50, 100, 0), "{make:?}");
    }
}

#[tokio::test]
async fn expired_entries_make_room_before_live_ones_do() {
    let cache = InProcess::new(InProcessOptions { policy: Policy::Lru, capacity: Some(2) });
    let ctx = OpContext::new(0);
    cache.set(&ctx, &key(0), entry(1), None).await.unwrap();
    cache.set(&ctx, &key(1), entry(1), Some(Duration::from_millis(10))).await.unwrap();
    tokio::time::sleep(Duration::from_millis(20)).await;
    cache.set(&ctx, &key(2), entry(1), None).await.unwrap();
    assert!(cache.get(&ctx, &key(0)).await.unwrap().is_some(), "the older one is alive");
    let counters = cache.counters().await.unwrap().0;
    assert_eq!((counters["entries"], counters["expired"], counters["evictions"]), (2, 1, 0));
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

/// Keys by Zipf's law with exponent 0.99, from a seed.
struct Zipf {
    cumulated: Vec<f64>,
    state: u64,
}

impl Zipf {
    fn new(keys: usize, seed: u64) -> Self {
        let mut sum = 0.0;
        let weights = (1..=keys).map(|rank| (rank as f64).powf(-0.99));
        let cumulated: Vec<f64> = weights
            .map(|weight| {
                sum += weight;
                sum
            })
            .collect();
        Self { cumulated: cumulated.iter().map(|part| part / sum).collect(), state: seed }
    }
}

impl Iterator for Zipf {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        // SplitMix64.
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let share = ((word ^ (word >> 31)) >> 11) as f64 / (1_u64 << 53) as f64;
        Some(self.cumulated.partition_point(|&part| part <= share).min(self.cumulated.len() - 1))
    }
}

/// A least-recently-used cache as the textbook has it: whether each of `asked` hits.
struct ExactLru {
    room: usize,
    used: HashMap<usize, u64>,
    order: BTreeMap<u64, usize>,
    clock: u64,
}

impl ExactLru {
    fn new(room: usize) -> Self {
        Self { room, used: HashMap::new(), order: BTreeMap::new(), clock: 0 }
    }

    fn hits(&mut self, asked: usize) -> bool {
        self.clock += 1;
        let before = self.used.insert(asked, self.clock);
        if let Some(before) = before {
            self.order.remove(&before);
        }
        self.order.insert(self.clock, asked);
        if self.used.len() > self.room {
            let (_, oldest) = self.order.pop_first().unwrap();
            self.used.remove(&oldest);
        }
        before.is_some()
    }
}

const CAPACITIES: [usize; 7] = [1, 5, 10, 20, 100, 1_000, 2_000];
const WARM_UP: usize = 10_000;
const MEASURED: usize = 40_000;

/// As many keys as leave the cache something to choose.
fn keys_for(capacity: usize) -> usize {
    if capacity < 100 { 100 } else { 5_000 }
}

/// Reads with a fill on a miss, as cache-aside does: how many of the measured ones hit.
async fn hits_of(cache: &InProcess, driver: u16, asked: Zipf) -> u64 {
    let ctx = OpContext::new(0).on_driver(driver);
    let mut hits = 0;
    for (number, asked) in asked.take(WARM_UP + MEASURED).enumerate() {
        let hit = cache.get(&ctx, &key(asked)).await.unwrap().is_some();
        if !hit {
            cache.set(&ctx, &key(asked), entry(1), None).await.unwrap();
        }
        hits += u64::from(hit && number >= WARM_UP);
    }
    hits
}

#[tokio::test]
async fn an_lru_hits_exactly_as_often_as_a_textbook_s() {
    for capacity in CAPACITIES {
        let asked = || Zipf::new(keys_for(capacity), 7);
        let cache = InProcess::new(InProcessOptions { policy: Policy::Lru, capacity: Some(capacity as u64) });
        let mut exact = ExactLru::new(capacity);
        let expected = asked().take(WARM_UP + MEASURED).map(|key| exact.hits(key)).skip(WARM_UP);
        let expected = expected.filter(|&hit| hit).count() as u64;
        assert_eq!(hits_of(&cache, 0, asked()).await, expected, "capacity {capacity}");
        let counters = cache.counters().await.unwrap().0;
        assert_eq!((counters["entries"], counters["entries-peak"]), (capacity as u64, capacity as u64));
    }
}

/// Two threads ask at once: in which order is chance, but not how often they hit.
#[test]
fn an_lru_that_two_threads_share_hits_as_often_as_a_textbook_s() {
    for capacity in CAPACITIES {
        let cache = InProcess::new(InProcessOptions { policy: Policy::Lru, capacity: Some(capacity as u64) });
        let keys = keys_for(capacity);
        let hits: u64 = std::thread::scope(|scope| {
            let drive = |driver: u16| {
                let cache = &cache;
                let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                scope.spawn(move || runtime.block_on(hits_of(cache, driver, Zipf::new(keys, u64::from(driver)))))
            };
            [drive(0), drive(1)].into_iter().map(|driver| driver.join().unwrap()).sum()
        });
        let (mut exact, mut streams) = (ExactLru::new(capacity), [Zipf::new(keys, 0), Zipf::new(keys, 1)]);
        let mut expected = 0;
        for number in 0..WARM_UP + MEASURED {
            for stream in &mut streams {
                expected += u64::from(exact.hits(stream.next().unwrap()) && number >= WARM_UP);
            }
        }
        let ratio = |hits: u64| hits as f64 / (2 * MEASURED) as f64;
        let (measured, expected) = (ratio(hits), ratio(expected));
        assert!((measured - expected).abs() <= 0.01, "capacity {capacity}: {measured} for {expected}");
    }
}

/// At most the bound, a hundredth of it, and one for each thread that sets.
#[test]
fn tiny_lfu_keeps_the_room_that_was_asked_for() {
    const THREADS: u16 = 2;
    for capacity in CAPACITIES.map(|capacity| capacity as u64) {
        let cache = InProcess::new(InProcessOptions { policy: Policy::TinyLfu, capacity: Some(capacity) });
        std::thread::scope(|scope| {
            for driver in 0..THREADS {
                let cache = &cache;
                let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                let asked = Zipf::new(keys_for(capacity as usize), u64::from(driver));
                scope.spawn(move || runtime.block_on(hits_of(cache, driver, asked)));
            }
        });
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let counters = runtime.block_on(cache.counters()).unwrap().0;
        let most = capacity + capacity / 100 + u64::from(THREADS);
        assert!(counters["entries-peak"] <= most, "capacity {capacity}: {} at once", counters["entries-peak"]);
        assert_eq!(counters["entries"], capacity);
    }
}

#[tokio::test]
async fn a_look_counts_as_no_use() {
    let ctx = OpContext::new(0);
    for looked_at in [false, true] {
        let cache = InProcess::new(InProcessOptions { policy: Policy::Lru, capacity: Some(2) });
        for number in [0, 1] {
            cache.set(&ctx, &key(number), entry(1), None).await.unwrap();
        }
        match looked_at {
            true => drop(cache.look(&[key(0)], &mut |_, held| assert!(held.is_some())).await.unwrap()),
            false => drop(cache.get(&ctx, &key(0)).await.unwrap()),
        }
        cache.set(&ctx, &key(2), entry(1), None).await.unwrap();
        // The older one left, unless it was used.
        assert_eq!(cache.get(&ctx, &key(0)).await.unwrap().is_some(), !looked_at);
    }
}
