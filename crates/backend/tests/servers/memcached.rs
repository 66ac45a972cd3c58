//! Memcached keeps the contract of a cache.

use crate::support::Server;
use cachemark_backend::memcached::{Memcached, MemcachedEndpoint, MemcachedOptions};
use cachemark_core::{
    Cache, CacheProbe, Entry, ErrorKind, Held, Key, Leased, OpContext, Probe, Recency, SetOutcome, Value, Version,
};
use cachemark_testkit::{cache_conformance, cache_probe_conformance};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

fn options(server: &Server) -> MemcachedOptions {
    let endpoint = MemcachedEndpoint::parse(&server.address()).unwrap();
    MemcachedOptions { drivers: 2, lanes: 4, ..MemcachedOptions::new(endpoint) }
}

async fn with_large_items() -> (Memcached, Server) {
    let server = Server::memcached(&["-I", "2m"]);
    (Memcached::connect(MemcachedOptions { owned: true, ..options(&server) }).await.unwrap(), server)
}

async fn with_defaults() -> (Memcached, Server) {
    let server = Server::memcached(&[]);
    (Memcached::connect(options(&server)).await.unwrap(), server)
}

cache_conformance!(
    #[ignore = "needs memcached"]
    ours,
    with_large_items
);
cache_conformance!(
    #[ignore = "needs memcached"]
    defaults,
    with_defaults
);
cache_probe_conformance!(
    #[ignore = "needs memcached"]
    probe_of_ours,
    with_large_items
);
cache_probe_conformance!(
    #[ignore = "needs memcached"]
    probe,
    with_defaults
);

fn key(name: &str) -> Key {
    Key::new(name).unwrap()
}

fn entry(version: u64, len: usize) -> Entry {
    Entry::live(Version(version), Value::new(vec![7; len]))
}

#[tokio::test]
#[ignore = "needs memcached"]
async fn the_largest_entry_follows_the_servers_item_size() {
    let (default, _server) = with_defaults().await;
    let (large, _server_too) = with_large_items().await;
    assert_eq!(default.capabilities(), cachemark_backend::memcached::CAPABILITIES);
    assert_eq!(large.capabilities().largest_entry, Some((2 << 20) - 512));
}

#[tokio::test]
#[ignore = "needs memcached"]
async fn the_largest_entry_is_really_taken_under_the_longest_key() {
    for (memcached, _server) in [with_defaults().await, with_large_items().await] {
        let limit = memcached.capabilities().largest_entry.unwrap();
        let (ctx, key) = (OpContext::new(0), Key::new(vec![b'k'; 250]).unwrap());
        let header = entry(1, 0).encoded_len();
        memcached.set(&ctx, &key, entry(1, limit - header), None).await.unwrap();
        assert!(memcached.get(&ctx, &key).await.unwrap().is_some());
    }
}

#[tokio::test]
#[ignore = "needs memcached"]
async fn clearing_leaves_what_is_not_ours_unless_the_server_is() {
    let (ctx, foreign) = (OpContext::new(0), key("someone-elses"));
    for (owned, left) in [(false, true), (true, false)] {
        let server = Server::memcached(&[]);
        let memcached = Memcached::connect(MemcachedOptions { owned, ..options(&server) }).await.unwrap();
        memcached.set(&ctx, &foreign, entry(1, 1), None).await.unwrap();
        memcached.set(&ctx, &key("cm:ours%3A"), entry(1, 1), None).await.unwrap();
        memcached.clear().await.unwrap();
        assert_eq!(memcached.get(&ctx, &foreign).await.unwrap().is_some(), left);
        assert_eq!(memcached.get(&ctx, &key("cm:ours%3A")).await.unwrap(), None);
    }
}

#[tokio::test]
#[ignore = "needs memcached"]
async fn a_versioned_set_takes_two_round_trips_and_one_if_superseded() {
    let (memcached, _server) = with_defaults().await;
    let (ctx, key) = (OpContext::new(0), key("cm:a"));
    // Above 32 bits the flags cannot hold the version, and the value is asked for.
    let cases = [(5, SetOutcome::Stored, 2), (4, SetOutcome::Superseded, 1), (1 << 40, SetOutcome::Stored, 2)];
    for (version, outcome, round_trips) in cases.into_iter().chain([(1 << 41, SetOutcome::Stored, 3)]) {
        let before = memcached.versioned_sets();
        assert_eq!(memcached.set_if_newer(&ctx, &key, entry(version, 10), None).await.unwrap(), outcome);
        let after = memcached.versioned_sets();
        assert_eq!(after.round_trips - before.round_trips, round_trips, "version {version}");
        assert_eq!(after.calls - before.calls, 1);
    }
    let counters = memcached.counters().await.unwrap().0;
    assert_eq!((counters["versioned-sets"], counters["versioned-set-round-trips"]), (4, 8));
    assert_eq!((counters["lane-waits"], counters["lanes-connected"]), (0, 1));
}

#[tokio::test]
#[ignore = "needs memcached"]
async fn settings_and_version_are_the_servers() {
    let server = Server::memcached(&["-m", "64"]);
    let memcached = Memcached::connect(options(&server)).await.unwrap();
    let settings = memcached.settings().await.unwrap();
    let found = ["maxbytes", "item_size_max", "num_threads", "lanes"].map(|name| &*settings[name]);
    assert_eq!(found, ["67108864", "1048576", "1", "4"]);
    assert!(memcached.version().await.unwrap().starts_with("Memcached 1."));
}

/// A server that asks for a login, and the address of somebody whom it knows as `password`.
fn with_login(password: &str) -> (MemcachedEndpoint, Server) {
    let logins = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(logins.path(), "somebody:right\n").unwrap();
    let server = Server::memcached(&["-Y", logins.path().to_str().unwrap()]);
    let url = format!("memcached://somebody:{password}@{}", server.address());
    (MemcachedEndpoint::parse(&url).unwrap(), server)
}

async fn behind_a_login() -> (Memcached, Server) {
    let (endpoint, server) = with_login("right");
    let options = MemcachedOptions { owned: true, drivers: 2, lanes: 4, ..MemcachedOptions::new(endpoint) };
    (Memcached::connect(options).await.unwrap(), server)
}

cache_conformance!(
    #[ignore = "needs memcached"]
    login,
    behind_a_login
);
cache_probe_conformance!(
    #[ignore = "needs memcached"]
    probe_login,
    behind_a_login
);

#[tokio::test]
#[ignore = "needs memcached"]
async fn a_login_that_is_wrong_missing_or_not_asked_for_is_told_without_the_password() {
    let (wrong, _server) = with_login("wr0ng");
    let open = Server::memcached(&[]);
    let unasked = MemcachedEndpoint::parse(&format!("memcached://me:wr0ng@{}", open.address())).unwrap();
    let missing = MemcachedEndpoint::parse(&wrong.to_string()).unwrap();
    let cases = [(wrong, "authentication failure"), (missing, "asks for a login"), (unasked, "asks for no login")];
    for (endpoint, expected) in cases {
        let error = Memcached::connect(MemcachedOptions::new(endpoint)).await.unwrap_err();
        assert!(matches!(error, cachemark_core::CacheError::Rejected(_)), "{error:?}");
        assert!(error.to_string().contains(expected) && !error.to_string().contains("wr0ng"), "{error}");
    }
    let memcached = Memcached::connect(options(&open)).await.unwrap();
    assert_eq!(memcached.counters().await.unwrap().0["entries"], 0, "no password was kept as a value");
}

/// One command in the server's own words, and the first line of its answer.
fn ask(server: &Server, command: &str) -> String {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.write_all(format!("{command}\r\n").as_bytes()).unwrap();
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).unwrap();
    line.trim_end().to_owned()
}

#[tokio::test]
#[ignore = "needs memcached"]
async fn a_look_counts_as_no_use_and_leaves_lifetimes() {
    let (memcached, server) = with_defaults().await;
    let (ctx, key) = (OpContext::new(0), key("cm:a"));
    memcached.set(&ctx, &key, entry(1, 10), Some(Duration::from_secs(50))).await.unwrap();
    // Whether it was ever fetched, and how many seconds it has left.
    assert_eq!(ask(&server, "mg cm:a h t u"), "HD h0 t51");
    let mut seen = Vec::new();
    for _ in 0..3 {
        let recency = memcached.look(std::slice::from_ref(&key), &mut |_, held| seen.push(held)).await.unwrap();
        assert_eq!(recency, Recency::Kept);
    }
    let seconds = seen.into_iter().map(|held| held.unwrap().remaining.unwrap().as_secs()).collect::<Vec<_>>();
    assert!(seconds.iter().all(|left| (50..=51).contains(left)), "{seconds:?}");
    assert!(ask(&server, "mg cm:a h t u").starts_with("HD h0 t5"));
    memcached.get(&ctx, &key).await.unwrap();
    assert!(ask(&server, "mg cm:a h t u").starts_with("HD h1 t5"), "a get is seen");
}

#[tokio::test]
#[ignore = "needs memcached"]
async fn a_look_tells_what_is_not_ours_and_goes_on() {
    let (memcached, server) = with_defaults().await;
    assert_eq!(ask(&server, "ms cm:text 7\r\nforeign"), "HD");
    memcached.set(&OpContext::new(0), &key("cm:ours"), entry(1, 10), None).await.unwrap();
    let keys = ["cm:text", "cm:none", "cm:ours"].map(key);
    let mut seen = vec![None; keys.len()];
    memcached.look(&keys, &mut |at, held| seen[at] = held).await.unwrap();
    let held = |entry| Some(Held { entry, remaining: None });
    assert_eq!(seen, [held(None), None, held(Some(entry(1, 10)))]);
}

const LEASE: Duration = Duration::from_secs(10);

#[tokio::test]
#[ignore = "needs memcached"]
async fn a_lease_holds_between_clients_and_is_the_servers_own() {
    let (first, server) = with_defaults().await;
    let second = Memcached::connect(options(&server)).await.unwrap();
    let (ctx, key) = (OpContext::new(0), key("cm:a"));
    let Leased::Won(token) = first.get_or_lease(&ctx, &key, LEASE).await.unwrap() else { panic!("nobody holds it") };
    assert_eq!(second.get_or_lease(&ctx, &key, LEASE).await.unwrap(), Leased::Held);
    // Without a value, given away, for no less than was asked for.
    assert_eq!(ask(&server, "mg cm:a s t u"), "HD s0 t11 Z");
    assert_eq!((second.inspect(&key).await.unwrap(), second.get(&ctx, &key).await.unwrap()), (None, None));
    let mut seen = vec![Some(Held { entry: None, remaining: None })];
    second.look(std::slice::from_ref(&key), &mut |at, held| seen[at] = held).await.unwrap();
    assert_eq!(seen, [None]);
    second.delete(&ctx, &key).await.unwrap();
    assert_eq!(first.set_leased(&ctx, &key, entry(1, 9), None, token).await.unwrap(), SetOutcome::Superseded);
}

#[tokio::test]
#[ignore = "needs memcached"]
async fn a_server_that_numbers_nothing_has_no_leases() {
    let server = Server::memcached(&["-C"]);
    let memcached = Memcached::connect(options(&server)).await.unwrap();
    let error = memcached.get_or_lease(&OpContext::new(0), &key("cm:a"), LEASE).await.unwrap_err();
    assert!(error.kind() == ErrorKind::Rejected && error.to_string().contains("-C"), "{error}");
}

#[tokio::test]
#[ignore = "needs memcached"]
async fn an_empty_value_of_somebody_else_is_no_lease() {
    let (memcached, server) = with_defaults().await;
    let (ctx, key) = (OpContext::new(0), key("cm:a"));
    assert_eq!(ask(&server, "ms cm:a 0\r\n"), "HD");
    assert_eq!(memcached.get(&ctx, &key).await.unwrap_err().kind(), ErrorKind::Corrupt);
    assert_eq!(memcached.get_or_lease(&ctx, &key, LEASE).await.unwrap_err().kind(), ErrorKind::Corrupt);
}

#[tokio::test]
#[ignore = "needs memcached"]
async fn a_room_that_is_cut_is_given_back_by_the_server_and_to_it() {
    let server = Server::memcached(&["-m", "64", "-I", "2m"]);
    let memcached = Memcached::connect(MemcachedOptions { owned: true, ..options(&server) }).await.unwrap();
    let room = async || memcached.settings().await.unwrap()["maxbytes"].parse::<u64>().unwrap();
    let there = async || memcached.counters().await.unwrap().0["entries"];
    for number in 0..400 {
        let entry = entry(1, 100 << 10);
        memcached.set(&OpContext::new(0), &key(&format!("cm:{number}")), entry, None).await.unwrap();
    }
    let before = there().await;
    memcached.cut_room(0.25).await.unwrap();
    assert_eq!(room().await, 16 << 20);
    let left = there().await;
    assert!(left > 0 && left < before / 2, "{left} of {before}");
    memcached.cut_room(1.0).await.unwrap();
    assert_eq!(room().await, 64 << 20);
    let refused = memcached.cut_room(0.01).await.unwrap_err();
    assert!(refused.to_string().contains("takes no less than 8"), "{refused}");
    assert_eq!(room().await, 64 << 20);
}
