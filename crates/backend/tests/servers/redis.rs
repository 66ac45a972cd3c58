//! Redis keeps the contract of a cache, in either mode.

use crate::support::Server;
use cachemark_backend::redis::{Redis, RedisEndpoint, RedisMode, RedisOptions};
use cachemark_core::{
    Cache, CacheProbe, Entry, ErrorKind, Held, Key, Leased, OpContext, Probe, Recency, SetOutcome, Value, Version,
};
use cachemark_testkit::{cache_conformance, cache_probe_conformance};
use std::time::Duration;

fn options(server: &Server) -> RedisOptions {
    RedisOptions { drivers: 2, lanes: 4, ..RedisOptions::new(RedisEndpoint::parse(&server.redis_url()).unwrap()) }
}

async fn dedicated() -> (Redis, Server) {
    let server = Server::redis(&[]);
    (Redis::connect(options(&server)).await.unwrap(), server)
}

async fn shared() -> (Redis, Server) {
    let server = Server::redis(&[]);
    (Redis::connect(RedisOptions { mode: RedisMode::Shared, ..options(&server) }).await.unwrap(), server)
}

async fn owned() -> (Redis, Server) {
    let server = Server::redis(&["--maxmemory", "64mb"]);
    (Redis::connect(RedisOptions { owned: true, ..options(&server) }).await.unwrap(), server)
}

cache_conformance!(
    #[ignore = "needs redis-server"]
    with_dedicated,
    dedicated
);
cache_conformance!(
    #[ignore = "needs redis-server"]
    with_shared,
    shared
);
cache_probe_conformance!(
    #[ignore = "needs redis-server"]
    probe_with_dedicated,
    dedicated
);
cache_probe_conformance!(
    #[ignore = "needs redis-server"]
    probe_with_shared,
    shared
);
cache_probe_conformance!(
    #[ignore = "needs redis-server"]
    probe_of_our_own,
    owned
);

fn key(name: &str) -> Key {
    Key::new(name).unwrap()
}

fn entry(len: usize) -> Entry {
    Entry::live(Version(1), Value::new(vec![7; len]))
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn clearing_leaves_what_is_not_ours_unless_the_server_is() {
    let (ctx, foreign) = (OpContext::new(0), key("someone-elses"));
    for (owned, left) in [(false, true), (true, false)] {
        let server = Server::redis(&[]);
        let redis = Redis::connect(RedisOptions { owned, ..options(&server) }).await.unwrap();
        redis.set(&ctx, &foreign, entry(1), None).await.unwrap();
        redis.set(&ctx, &key("cm:ours"), entry(1), None).await.unwrap();
        redis.clear().await.unwrap();
        assert_eq!(redis.get(&ctx, &foreign).await.unwrap().is_some(), left);
        assert_eq!(redis.get(&ctx, &key("cm:ours")).await.unwrap(), None);
    }
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn settings_and_version_are_the_servers() {
    let server = Server::redis(&["--maxmemory", "50mb", "--maxmemory-policy", "allkeys-lru"]);
    let redis = Redis::connect(options(&server)).await.unwrap();
    let settings = redis.settings().await.unwrap();
    let found = ["maxmemory", "maxmemory-policy", "save", "appendonly", "mode", "lanes"].map(|name| &*settings[name]);
    assert_eq!(found, ["52428800", "allkeys-lru", "", "no", "dedicated", "4"]);
    assert!(redis.version().await.unwrap().starts_with("Redis "));
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn a_full_server_that_may_not_evict_refuses() {
    let server = Server::redis(&["--maxmemory", "3mb", "--maxmemory-policy", "noeviction"]);
    let redis = Redis::connect(options(&server)).await.unwrap();
    let ctx = OpContext::new(0);
    let mut refused = None;
    for number in 0..50 {
        if let Err(error) = redis.set(&ctx, &key(&format!("cm:{number}")), entry(200_000), None).await {
            refused = Some(error);
        }
    }
    assert_eq!(refused.map(|error| error.kind()), Some(ErrorKind::Rejected));
    assert_eq!(redis.lanes().discards, 0, "a refusal leaves its lane fit");
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn what_is_not_ours_under_a_key_is_corrupt() {
    let (redis, server) = dedicated().await;
    let client = redis::Client::open(server.redis_url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    redis::cmd("SET").arg("cm:a").arg("foreign").exec_async(&mut connection).await.unwrap();
    let error = redis.get(&OpContext::new(0), &key("cm:a")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupt);
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn a_wrong_password_is_refused_and_not_repeated() {
    let server = Server::redis(&["--requirepass", "right-s3cret"]);
    for (password, refused) in [("wrong-s3cret", true), ("right-s3cret", false)] {
        let url = format!("redis://:{password}@{}", server.address());
        let options = RedisOptions::new(RedisEndpoint::parse(&url).unwrap());
        assert!(!format!("{options:?}").contains("s3cret"));
        let connected = Redis::connect(options).await;
        assert!(!format!("{connected:?}").contains("s3cret"));
        assert_eq!(connected.err().map(|error| error.kind()), refused.then_some(ErrorKind::Rejected));
    }
    let without = Redis::connect(RedisOptions::new(RedisEndpoint::parse(&server.redis_url()).unwrap())).await;
    assert_eq!(without.err().map(|error| error.kind()), Some(ErrorKind::Rejected));
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn each_driver_has_its_lanes_and_a_shared_connection_is_one() {
    let server = Server::redis(&[]);
    for (mode, connects) in [(RedisMode::Dedicated, 2), (RedisMode::Shared, 2)] {
        let redis = Redis::connect(RedisOptions { mode, ..options(&server) }).await.unwrap();
        for round in 0..10 {
            redis.get(&OpContext::new(0).on_driver(round), &key("cm:a")).await.unwrap();
        }
        assert_eq!(redis.lanes().connects, connects, "{mode:?}");
        let counters = redis.counters().await.unwrap().0;
        assert_eq!(counters["lanes-connected"], connects, "{mode:?}");
        assert_eq!(counters.contains_key("lane-waits"), mode == RedisMode::Dedicated, "{mode:?}: {counters:?}");
    }
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn a_look_tells_what_is_not_ours_and_goes_on() {
    let (redis, server) = dedicated().await;
    let client = redis::Client::open(server.redis_url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    redis::cmd("SET").arg("cm:text").arg("foreign").arg("EX").arg(50).exec_async(&mut connection).await.unwrap();
    redis::cmd("RPUSH").arg("cm:list").arg("foreign").exec_async(&mut connection).await.unwrap();
    redis.set(&OpContext::new(0), &key("cm:ours"), entry(9), None).await.unwrap();
    let keys = ["cm:text", "cm:list", "cm:none", "cm:ours"].map(key);
    let mut seen = vec![None; keys.len()];
    redis.look(&keys, &mut |at, held| seen[at] = held).await.unwrap();
    let [text, list, none, ours] = seen.try_into().unwrap();
    let Some(Held { entry: None, remaining: Some(remaining) }) = text else { panic!("{text:?}") };
    assert!((49..=50).contains(&remaining.as_secs()), "{remaining:?}");
    assert_eq!((list, none), (Some(Held { entry: None, remaining: None }), None));
    assert_eq!(ours, Some(Held { entry: Some(entry(9)), remaining: None }));
}

/// How often the server says that the entry was used, by the counter of its LFU.
async fn uses(server: &Server, key: &str) -> u64 {
    let client = redis::Client::open(server.redis_url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    redis::cmd("OBJECT").arg("FREQ").arg(key).query_async(&mut connection).await.unwrap()
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn a_look_says_whether_it_counts_as_a_use() {
    // Each use is counted.
    let server =
        Server::redis(&["--maxmemory-policy", "allkeys-lfu", "--lfu-log-factor", "0", "--lfu-decay-time", "0"]);
    let redis = Redis::connect(options(&server)).await.unwrap();
    redis.set(&OpContext::new(0), &key("cm:a"), entry(9), None).await.unwrap();
    let before = uses(&server, "cm:a").await;
    let mut recency = Recency::Touched;
    for _ in 0..20 {
        recency = redis.look(&[key("cm:a")], &mut |_, _| {}).await.unwrap();
    }
    let after = uses(&server, "cm:a").await;
    assert_eq!(after - before, if recency == Recency::Kept { 0 } else { 20 }, "{recency:?}");
    let version = redis.version().await.unwrap();
    let numbers: Vec<u32> = version["Redis ".len()..].split('.').filter_map(|number| number.parse().ok()).collect();
    assert_eq!(recency == Recency::Kept, (numbers[0], numbers[1]) >= (7, 2), "{version}");
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn a_lease_holds_between_clients_and_ends_with_its_key() {
    const LEASE: Duration = Duration::from_secs(10);
    let (first, server) = dedicated().await;
    let second = Redis::connect(options(&server)).await.unwrap();
    let (ctx, key) = (OpContext::new(0), key("cm:a"));
    let Leased::Won(token) = first.get_or_lease(&ctx, &key, LEASE).await.unwrap() else { panic!("nobody holds it") };
    assert_eq!(second.get_or_lease(&ctx, &key, LEASE).await.unwrap(), Leased::Held);
    let client = redis::Client::open(server.redis_url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let left: u64 = redis::cmd("PTTL").arg("cm:a").query_async(&mut connection).await.unwrap();
    assert!((9_000..=10_000).contains(&left), "{left} ms");
    assert_eq!((second.inspect(&key).await.unwrap(), second.get(&ctx, &key).await.unwrap()), (None, None));
    let mut seen = vec![Some(Held { entry: None, remaining: None })];
    second.look(std::slice::from_ref(&key), &mut |at, held| seen[at] = held).await.unwrap();
    assert_eq!(seen, [None]);
    redis::cmd("DEL").arg("cm:a").exec_async(&mut connection).await.unwrap();
    assert_eq!(first.set_leased(&ctx, &key, entry(9), None, token).await.unwrap(), SetOutcome::Superseded);
    assert_eq!(second.get(&ctx, &key).await.unwrap(), None);
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn a_room_that_is_cut_evicts_and_is_given_back() {
    let server = Server::redis(&["--maxmemory", "32mb", "--maxmemory-policy", "allkeys-lru"]);
    let redis = Redis::connect(RedisOptions { owned: true, ..options(&server) }).await.unwrap();
    let room = async || redis.settings().await.unwrap()["maxmemory"].parse::<u64>().unwrap();
    for number in 0..200 {
        redis.set(&OpContext::new(0), &key(&format!("cm:{number}")), entry(100 << 10), None).await.unwrap();
    }
    let before = redis.counters().await.unwrap().0;
    redis.cut_room(0.25).await.unwrap();
    assert_eq!(room().await, 8 << 20);
    let after = redis.counters().await.unwrap().0;
    assert!(after["entries"] < before["entries"] && after["evictions"] > before["evictions"], "{before:?} {after:?}");
    redis.cut_room(1.0).await.unwrap();
    assert_eq!(room().await, 32 << 20);
    // What is not ours keeps its room, and so does what has no bound.
    for (owned, bound) in [(false, "32mb"), (true, "0")] {
        let server = Server::redis(&["--maxmemory", bound]);
        let redis = Redis::connect(RedisOptions { owned, ..options(&server) }).await.unwrap();
        assert_eq!(redis.cut_room(0.5).await.unwrap_err().kind(), ErrorKind::Unsupported);
    }
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn what_is_made_to_expire_is_counted_as_expired_and_the_keys_of_others_stay() {
    let server = Server::redis(&[]);
    let redis = Redis::connect(options(&server)).await.unwrap();
    let ctx = OpContext::new(0);
    redis.set(&ctx, &key("other:a"), entry(8), None).await.unwrap();
    for number in 0..50 {
        redis.set(&ctx, &key(&format!("cm:{number}")), entry(8), None).await.unwrap();
    }
    let before = redis.counters().await.unwrap();
    redis.expire(None).await.unwrap();
    for number in 0..50 {
        assert_eq!(redis.get(&ctx, &key(&format!("cm:{number}"))).await, Ok(None));
    }
    let counted = redis.counters().await.unwrap().since(&before).0;
    assert_eq!((counted["expired"], counted["deletes"]), (50, 0));
    assert!(redis.get(&ctx, &key("other:a")).await.unwrap().is_some());
}
