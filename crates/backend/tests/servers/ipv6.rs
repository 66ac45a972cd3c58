//! An IPv6 address in brackets is reached, whatever the server.

use crate::support::{LateProxy, PostgresServer, Server};
use cachemark_backend::memcached::{Memcached, MemcachedEndpoint, MemcachedOptions};
use cachemark_backend::postgres::{Postgres, PostgresEndpoint, PostgresOptions, Schema};
use cachemark_backend::redis::{Redis, RedisEndpoint, RedisOptions};
use std::net::Ipv6Addr;

#[tokio::test]
#[ignore = "needs redis-server, memcached and postgresql"]
#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
async fn each_server_is_reached_by_ipv6() {
    let (redis, memcached, postgres) = (Server::redis(&[]), Server::memcached(&[]), PostgresServer::shared());
    let before = |port| LateProxy::at(Ipv6Addr::LOCALHOST.into(), port);
    let Ok(proxy) = before(redis.port()).await else {
        println!("skipped: this machine has no IPv6");
        return;
    };
    let endpoint = RedisEndpoint::parse(&format!("redis://[::1]:{}", proxy.port())).unwrap();
    Redis::connect(RedisOptions::new(endpoint)).await.unwrap();
    let proxy = before(memcached.port()).await.unwrap();
    let endpoint = MemcachedEndpoint::parse(&format!("memcached://[::1]:{}", proxy.port())).unwrap();
    Memcached::connect(MemcachedOptions::new(endpoint)).await.unwrap();
    let proxy = before(postgres.port()).await.unwrap();
    let endpoint =
        PostgresEndpoint::parse(&format!("postgres://postgres:s3cret@[::1]:{}/postgres", proxy.port())).unwrap();
    let schema = Schema::new(&PostgresServer::schema()).unwrap();
    Postgres::connect(PostgresOptions { schema, ..PostgresOptions::new(endpoint) }).await.unwrap();
}
