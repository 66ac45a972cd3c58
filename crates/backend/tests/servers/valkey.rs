//! Valkey keeps the contract of a cache behind the backend that it shares with Redis.

use crate::support::Server;
use cachemark_backend::redis::{Redis, RedisEndpoint, RedisOptions};
use cachemark_core::Probe;
use cachemark_testkit::conformance;
use std::io::Write;
use std::process::Command;

/// Whether its program is there: scripts/test fetches it where it can be had.
fn is_installed() -> bool {
    let found = Command::new("valkey-server").arg("--version").output().is_ok();
    if !found {
        let mut stderr = std::io::stderr().lock();
        writeln!(stderr, "skipped: valkey-server is not installed").unwrap();
    }
    found
}

async fn cache() -> (Redis, Server) {
    let server = Server::valkey();
    let endpoint = RedisEndpoint::parse(&server.redis_url()).unwrap();
    let options = RedisOptions { drivers: 2, lanes: 4, ..RedisOptions::new(endpoint) };
    (Redis::connect(options).await.unwrap(), server)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs valkey-server"]
async fn it_keeps_the_contract_and_says_who_it_is() {
    if !is_installed() {
        return;
    }
    conformance::cache::run_all(cache).await;
    let (cache, _server) = cache().await;
    let version = cache.version().await.unwrap();
    assert!(version.starts_with("Valkey "), "{version}");
}
