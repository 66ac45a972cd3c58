//! A server that closes connections which are idle costs no operation its answer, and no probe.

use crate::support::{Backend, until_closed};
use cachemark_core::OpContext;
use futures::future::join_all;
use std::time::Duration;

fn ctx() -> OpContext {
    OpContext::new(0).detached(Duration::from_secs(10))
}

async fn what_is_closed_while_idle_comes_back(backend: Backend) {
    let server = backend.start_impatient();
    let subject = backend.connect(server.port()).await.unwrap();
    // As many at once as there are lanes, so that more than one is closed.
    let all = ctx();
    assert!(join_all(["a", "b", "c", "d"].map(|name| subject.put(&all, name))).await.iter().all(Result::is_ok));
    until_closed(server.port()).await;
    assert_eq!(subject.probe().await, Ok(()), "the probe");
    assert_eq!(subject.ask(&ctx(), "a").await, Ok(true), "a read");
    until_closed(server.port()).await;
    assert_eq!(subject.put(&ctx(), "a").await, Ok(()), "a write, which must not be done twice");
    until_closed(server.port()).await;
    assert_eq!(subject.put_newer(&ctx(), "a").await, Ok(()), "a versioned set");
    until_closed(server.port()).await;
    assert_eq!(subject.delete(&ctx(), "a").await, Ok(()), "a delete");
    until_closed(server.port()).await;
    assert_eq!(subject.probe().await, Ok(()), "the probe, again");
    let lanes = subject.lanes();
    // Looking at the figures of Postgres asks its lanes, which replaces none.
    let replaced = if backend.is_postgres() { 3..=4 } else { 4..=4 };
    assert!(replaced.contains(&lanes.found_closed), "{lanes:?}");
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn redis_dedicated() {
    what_is_closed_while_idle_comes_back(Backend::RedisDedicated).await;
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn redis_shared() {
    what_is_closed_while_idle_comes_back(Backend::RedisShared).await;
}

#[tokio::test]
#[ignore = "needs memcached"]
async fn memcached() {
    what_is_closed_while_idle_comes_back(Backend::Memcached).await;
}

#[tokio::test]
#[ignore = "needs postgresql"]
async fn postgres() {
    what_is_closed_while_idle_comes_back(Backend::Postgres).await;
}

#[tokio::test]
#[ignore = "needs postgresql"]
async fn postgres_over_tokio() {
    what_is_closed_while_idle_comes_back(Backend::PostgresOverTokio).await;
}

#[tokio::test]
#[ignore = "needs postgresql"]
async fn postgres_direct() {
    what_is_closed_while_idle_comes_back(Backend::PostgresDirect).await;
}
