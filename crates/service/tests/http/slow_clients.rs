//! Clients that send or take a byte at a time, or nothing.

use crate::support::{Stack, key, patient, value};
use cachemark_service::Limits;
use std::time::Duration;
use tokio::time::timeout;

const SHORT: Duration = Duration::from_millis(200);
const BYTE: Duration = Duration::from_millis(20);

/// Sends `bytes` one by one until the service hangs up or all are sent; says how many.
async fn trickle(stack: &Stack, first: &[u8], bytes: &[u8]) -> (usize, Option<u16>) {
    let mut client = stack.client().await;
    client.send(first).await;
    for (sent, byte) in bytes.iter().enumerate() {
        client.send(&[*byte]).await;
        if timeout(BYTE, client.stream.readable()).await.is_ok() {
            return (sent, client.reply(true).await.map(|reply| reply.status));
        }
    }
    (bytes.len(), None)
}

#[tokio::test]
async fn a_head_that_trickles_in_is_cut_off() {
    let stack = Stack::with("cache-aside", Limits { head_read: SHORT, ..patient() }).await;
    let head = format!("GET /items/a HTTP/1.1\r\nx: {}\r\n\r\n", "x".repeat(1000));
    let (sent, status) = trickle(&stack, b"", head.as_bytes()).await;
    assert!(sent < head.len(), "cut off before its end");
    assert_eq!(status, None);
    let page = stack.client().await.get("/metrics").await;
    assert!(page.text().contains("connections_lost_total{reason=\"timeout\"} 1"), "{}", page.text());
}

#[tokio::test]
async fn a_body_that_trickles_in_is_cut_off() {
    let stack = Stack::with("cache-aside", Limits { body_read: SHORT, ..patient() }).await;
    let head = b"PUT /items/a HTTP/1.1\r\nhost: test\r\ncontent-length: 1000\r\n\r\n";
    let (sent, status) = trickle(&stack, head, &[b'x'; 1000]).await;
    assert!(sent < 1000);
    assert_eq!(status, Some(408));
    assert!(stack.store().log().calls().is_empty());
}

#[tokio::test]
async fn a_response_that_is_not_taken_is_dropped() {
    let stack = Stack::with("cache-aside", Limits { response_write: SHORT, ..patient() }).await;
    // Many times what the kernel's buffers of both sides hold.
    stack.store().preload(&key("a"), value(&"x".repeat(32 << 20)));
    let mut client = stack.client().await;
    client.send(b"GET /items/a HTTP/1.1\r\nhost: test\r\n\r\n").await;
    let mut other = stack.client().await;
    other.until_counted("connections_lost_total{reason=\"broken\"} 1").await;
    assert!(client.reply(true).await.is_none(), "the rest never comes");
}

#[tokio::test]
async fn idle_connections_are_closed() {
    let stack = Stack::with("cache-aside", Limits { head_read: SHORT, ..patient() }).await;
    let (mut used, mut unused) = (stack.client().await, stack.client().await);
    assert_eq!(used.get("/health").await.status, 200);
    assert!(used.is_closed().await && unused.is_closed().await);
}

#[tokio::test]
async fn connections_beyond_the_limit_wait_their_turn() {
    let stack = Stack::with("cache-aside", Limits { connections: 2, ..patient() }).await;
    let (mut first, mut second) = (stack.client().await, stack.client().await);
    first.get("/health").await;
    second.get("/health").await;
    let mut third = stack.client().await;
    third.send(b"GET /health HTTP/1.1\r\nhost: test\r\n\r\n").await;
    assert!(timeout(SHORT, third.reply(true)).await.is_err(), "not accepted yet");
    drop(first);
    assert_eq!(third.reply(true).await.unwrap().status, 200);
}
