//! Stopping: nothing acknowledged is lost, nothing waits for ever.

use crate::support::{Client, Stack, key, patient};
use cachemark_core::Version;
use cachemark_service::Limits;
use cachemark_testkit::scripted::{Op, Part};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpStream;

/// Puts ever new keys until the connection ends; gives those that were acknowledged.
async fn put_until_closed(address: SocketAddr, number: usize) -> Vec<String> {
    let mut client = Client::connect(address).await;
    let mut acknowledged = Vec::new();
    for round in 0.. {
        let name = format!("c{number}-{round}");
        let head = format!("PUT /items/{name} HTTP/1.1\r\nhost: test\r\ncontent-length: 1\r\n\r\nx");
        client.send(head.as_bytes()).await;
        match client.reply(true).await {
            Some(reply) => assert_eq!(reply.status, 201),
            None => break,
        }
        acknowledged.push(name);
    }
    acknowledged
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_acknowledged_write_is_in_the_store() {
    for strategy in ["cache-aside", "write-through"] {
        let stack = Stack::with(strategy, patient()).await;
        stack.store().pace([3, 1, 2, 5, 1].map(Duration::from_millis));
        let clients: Vec<_> =
            (0..16).map(|number| tokio::spawn(put_until_closed(stack.running.address, number))).collect();
        while stack.store().log().count(Part::Store, Op::Write) < 300 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let (drained, store) = stack.stopped().await;
        assert!(drained.is_clean(), "{drained:?}");
        let mut acknowledged = 0;
        for client in clients {
            for name in client.await.unwrap() {
                assert_eq!(store.inner().row(&key(&name)).version, Version(1), "{name} is lost");
                acknowledged += 1;
            }
        }
        assert!(acknowledged >= 300 - 16, "{acknowledged} writes are no load");
    }
}

#[tokio::test]
async fn a_request_under_way_ends_and_new_ones_are_not_taken() {
    let mut stack = Stack::start().await;
    let (mut busy, mut idle) = (stack.client().await, stack.client().await);
    idle.get("/health").await;
    let gate = stack.store().gate(Op::Write, &key("a"));
    busy.send(b"PUT /items/a HTTP/1.1\r\nhost: test\r\ncontent-length: 1\r\n\r\nx").await;
    gate.reached().await;
    stack.running.signal();
    assert!(idle.is_closed().await, "idle connections are closed at once");
    assert!(TcpStream::connect(stack.running.address).await.is_err(), "the listener is closed");
    gate.release();
    let reply = busy.reply(true).await.unwrap();
    assert_eq!((reply.status, reply.header("connection")), (201, Some("close")));
    assert!(stack.running.ended().await.is_clean());
}

#[tokio::test]
async fn during_the_notice_readiness_is_gone_and_service_is_not() {
    let mut stack = Stack::with("cache-aside", Limits { notice: Duration::from_secs(2), ..patient() }).await;
    let mut client = stack.client().await;
    assert_eq!(client.get("/ready").await.status, 200);
    stack.running.signal();
    client.until("/ready", |reply| reply.status == 503).await;
    let mut late = stack.client().await;
    late.get("/ready").await.assert_problem(503, "stopping");
    assert_eq!(late.put("/items/a", b"x").await.status, 201);
    assert!(stack.running.ended().await.is_clean());
}

#[tokio::test]
async fn a_request_that_does_not_end_is_cut_and_counted() {
    let limits = Limits { grace: Duration::from_millis(100), drain: Duration::from_millis(100), ..patient() };
    let mut stack = Stack::with("cache-aside", limits).await;
    let mut client = stack.client().await;
    let gate = stack.store().gate(Op::Write, &key("a"));
    client.send(b"PUT /items/a HTTP/1.1\r\nhost: test\r\ncontent-length: 1\r\n\r\nx").await;
    gate.reached().await;
    stack.running.signal();
    assert!(client.reply(true).await.is_none(), "not acknowledged");
    let drained = stack.running.ended().await;
    assert_eq!((drained.connections_cut, drained.operations_left), (1, 1));
    drop(gate);
}
