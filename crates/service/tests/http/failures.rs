//! What clients see when something behind the service fails.

use crate::support::{Running, Stack, always_ready, key, patient, value};
use cachemark_core::{
    CacheMeter, Key, OpContext, OpError, ReadOutcome, StoreError, StoreMeter, Strategy, Value, WriteOutcome,
};
use cachemark_service::{Limits, Parts, Readiness};
use cachemark_testkit::scripted::{Op, When};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const SHORT: Duration = Duration::from_millis(100);

#[tokio::test]
async fn a_failing_store_is_told_by_kind_and_nothing_more() {
    let stack = Stack::start().await;
    let mut client = stack.client().await;
    let secret = || "postgres://me:secret@db".to_owned();
    for (error, status, kind) in [
        (StoreError::Unavailable(secret()), 503, "unavailable"),
        (StoreError::QueueTimeout(SHORT), 503, "store-queue-timeout"),
        (StoreError::ConnectionLost(secret()), 503, "connection-lost"),
        (StoreError::Timeout(SHORT), 504, "store-timeout"),
        (StoreError::Rejected(secret()), 500, "rejected"),
        (StoreError::Corrupt(secret()), 500, "corrupt"),
    ] {
        stack.store().fail_next(Op::Read, error);
        let reply = client.get("/items/a").await;
        reply.assert_problem(status, kind);
        assert!(!reply.text().contains("secret"));
    }
}

#[tokio::test]
async fn a_write_that_may_have_happened_says_so() {
    let stack = Stack::start().await;
    let mut client = stack.client().await;
    stack.store().fail_when(When::next(Op::Write).after_effect(), StoreError::ConnectionLost("x".into()));
    let reply = client.put("/items/a", b"x").await;
    reply.assert_problem(504, "connection-lost");
    assert_eq!(reply.json()["outcome"], "unknown");
    assert_eq!(client.get("/items/a").await.text(), "x");

    stack.store().fail_next(Op::Write, StoreError::Unavailable("x".into()));
    let reply = client.put("/items/a", b"y").await;
    reply.assert_problem(503, "unavailable");
    assert_eq!(reply.json().get("outcome"), None);
}

#[tokio::test]
async fn the_deadline_ends_a_wait_for_the_store() {
    let stack = Stack::with("cache-aside", Limits { deadline: SHORT, ..Limits::default() }).await;
    let mut client = stack.client().await;
    let _held = stack.store().gate(Op::Read, &key("a"));
    client.get("/items/a").await.assert_problem(504, "store-timeout");
    let _held = stack.store().gate(Op::Write, &key("a"));
    let reply = client.put("/items/a", b"x").await;
    reply.assert_problem(504, "store-timeout");
    assert_eq!(reply.json()["outcome"], "unknown");
}

#[tokio::test]
async fn requests_beyond_the_limit_are_turned_away_at_once() {
    let stack = Stack::with("cache-aside", Limits { operations: 1, ..patient() }).await;
    stack.store().preload(&key("a"), value("x"));
    let gate = stack.store().gate(Op::Read, &key("a"));
    let (mut first, mut second) = (stack.client().await, stack.client().await);
    let (held, ()) = tokio::join!(first.get("/items/a"), async {
        gate.reached().await;
        second.get("/items/a").await.assert_problem(503, "shed");
        second.get("/items?key=a").await.assert_problem(503, "shed");
        second.put("/items/a", b"y").await.assert_problem(503, "shed");
        assert_eq!(second.get("/health").await.status, 200);
        gate.release();
    });
    assert_eq!(held.status, 200);
    assert_eq!(second.get("/items/a").await.status, 200);
}

#[tokio::test]
async fn a_client_that_hangs_up_does_not_tear_a_write_apart() {
    let stack = Stack::start().await;
    stack.store().preload(&key("a"), value("old"));
    let mut client = stack.client().await;
    client.get("/items/a").await;
    let gate = stack.store().gate_when(When::next(Op::Write).after_effect());
    client.send(b"PUT /items/a HTTP/1.1\r\nhost: test\r\ncontent-length: 3\r\n\r\nnew").await;
    gate.reached().await;
    drop(client);
    let mut other = stack.client().await;
    other.until_counted("status=\"gone\"} 1").await;
    gate.release();
    // Until the invalidation, which follows the write, the old value is a hit.
    other.until("/items/a", |reply| reply.text() == "new").await;
}

#[tokio::test]
async fn readiness_is_the_backends_and_health_is_not() {
    let up = Arc::new(AtomicBool::new(true));
    let asked = Arc::clone(&up);
    let readiness: Readiness = Box::new(move || {
        let up = asked.load(Ordering::Relaxed);
        Box::pin(async move { if up { Ok(()) } else { Err("the store at db:5432 does not answer".into()) } })
    });
    let stack = Stack::ready_if("cache-aside", patient(), readiness).await;
    let mut client = stack.client().await;
    assert_eq!(client.get("/ready").await.text(), "ready\n");
    up.store(false, Ordering::Relaxed);
    let unready = client.get("/ready").await;
    unready.assert_problem(503, "backend");
    assert!(!unready.text().contains("db:5432"));
    assert_eq!(client.get("/health").await.text(), "ok\n");
}

#[tokio::test]
async fn backends_that_hang_are_not_ready() {
    let readiness: Readiness = Box::new(|| Box::pin(std::future::pending()));
    let limits = Limits { deadline: SHORT, ..Limits::default() };
    let stack = Stack::ready_if("cache-aside", limits, readiness).await;
    stack.client().await.get("/ready").await.assert_problem(503, "backend");
}

/// A strategy with a fault in it.
struct Faulty;

impl Strategy for Faulty {
    async fn read(&self, _: &OpContext, _: &Key) -> Result<ReadOutcome, OpError> {
        panic!("a fault")
    }

    async fn write(&self, _: &OpContext, _: &Key, _: Value) -> Result<WriteOutcome, OpError> {
        Err(OpError::Shed("breaker"))
    }

    async fn delete(&self, _: &OpContext, _: &Key) -> Result<WriteOutcome, OpError> {
        Err(OpError::Internal("a fault"))
    }

    async fn drain(&self, _: &OpContext) -> Result<(), OpError> {
        Err(OpError::Deadline)
    }
}

#[tokio::test]
async fn a_fault_costs_one_request_and_is_counted() {
    let parts = Parts {
        instances: vec![Arc::new(Faulty)],
        cache_meter: Arc::new(CacheMeter::default()),
        store_meter: Arc::new(StoreMeter::default()),
        readiness: always_ready(),
    };
    let mut running = Running::start(parts, patient()).await;
    let mut client = running.client().await;
    client.get("/items/a").await.assert_problem(500, "internal");
    client.put("/items/a", b"x").await.assert_problem(503, "shed");
    client.ask("DELETE", "/items/a", &[], b"").await.assert_problem(500, "internal");
    let page = client.get("/metrics").await;
    let has = |line: &str| assert!(page.text().contains(line), "{line}");
    has("cachemark_operations_total{operation=\"read\",source=\"none\",result=\"internal\"} 1\n");
    has("cachemark_operations_total{operation=\"write\",source=\"none\",result=\"shed\"} 1\n");
    running.signal();
    let drained = running.ended().await;
    assert_eq!(drained.strategy, Err(OpError::Deadline));
    assert!(!drained.is_clean());
}
