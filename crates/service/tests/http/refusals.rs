//! What is refused, and how.

use crate::support::{Stack, patient};
use tokio::io::AsyncWriteExt;

#[tokio::test]
async fn a_bad_key_is_refused_with_its_reason() {
    let stack = Stack::start().await;
    let mut client = stack.client().await;
    for path in ["/items/%ff", "/items/%c3%28", "/items/a%20b", "/items/a%00", "/items/%", "/items/%e2%82"] {
        client.get(path).await.assert_problem(400, "bad-key");
        client.put(path, b"x").await.assert_problem(400, "bad-key");
    }
    assert!(stack.store().log().calls().is_empty());
}

#[tokio::test]
async fn a_long_key_is_refused_at_every_length() {
    let stack = Stack::start().await;
    let mut client = stack.client().await;
    assert_eq!(client.put(&format!("/items/{}", "k".repeat(250)), b"x").await.status, 201);
    for len in [251, 749, 751, 16 << 10] {
        client.get(&format!("/items/{}", "k".repeat(len))).await.assert_problem(414, "bad-key");
    }
    for len in [40 << 10, 1 << 20] {
        let reply = stack.client().await.get(&format!("/items/{}", "k".repeat(len))).await;
        assert!(matches!(reply.status, 414 | 431), "{reply:?}");
    }
}

#[tokio::test]
async fn a_long_body_is_refused_and_the_client_hears_of_it() {
    let stack = Stack::start().await;
    let body = vec![b'x'; 10 << 20];
    stack.client().await.put("/items/a", &body).await.assert_problem(413, "too-large");
    stack.client().await.put("/items/a", &body[..(1 << 20) + 1]).await.assert_problem(413, "too-large");

    let mut chunked = stack.client().await;
    chunked.send(b"PUT /items/a HTTP/1.1\r\nhost: test\r\ntransfer-encoding: chunked\r\n\r\n").await;
    for chunk in body.chunks(1 << 16) {
        chunked.send(format!("{:x}\r\n", chunk.len()).as_bytes()).await;
        chunked.send(chunk).await;
        chunked.send(b"\r\n").await;
    }
    chunked.send(b"0\r\n\r\n").await;
    chunked.reply(true).await.unwrap().assert_problem(413, "too-large");
    assert!(stack.store().log().calls().is_empty());
}

#[tokio::test]
async fn a_long_body_is_not_answered_by_a_reset() {
    let stack = Stack::start().await;
    let mut client = stack.client().await;
    let head = b"PUT /items/a HTTP/1.1\r\nhost: test\r\ncontent-length: 10485760\r\n\r\n";
    // A client that sees its sending fail may never look for an answer.
    client.stream.write_all(head).await.unwrap();
    for _ in 0..160 {
        client.stream.write_all(&[b'x'; 1 << 16]).await.unwrap();
    }
    client.reply(true).await.unwrap().assert_problem(413, "too-large");
}

#[tokio::test]
async fn who_asks_first_sends_no_body_in_vain() {
    let stack = Stack::start().await;
    let mut client = stack.client().await;
    client
        .send(b"PUT /items/a HTTP/1.1\r\nhost: test\r\nexpect: 100-continue\r\ncontent-length: 99999999\r\n\r\n")
        .await;
    client.reply(true).await.unwrap().assert_problem(413, "too-large");
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let stack = Stack::start().await;
    for (path, allowed) in [("/items/a", "GET,HEAD,PUT,DELETE"), ("/items", "GET,HEAD"), ("/metrics", "GET,HEAD")] {
        let reply = stack.client().await.ask("POST", path, &[], b"x").await;
        reply.assert_problem(405, "method");
        assert_eq!(reply.header("allow"), Some(allowed));
    }
    let mut client = stack.client().await;
    for path in ["/", "/items/", "/items/a/b", "/nothing"] {
        client.get(path).await.assert_problem(404, "no-route");
    }
}

#[tokio::test]
async fn what_we_cannot_promise_is_refused() {
    let stack = Stack::start().await;
    let mut client = stack.client().await;
    for header in ["if-match: \"v1\"", "if-none-match: *"] {
        client.ask("PUT", "/items/a", &[header], b"").await.assert_problem(501, "condition");
        client.ask("DELETE", "/items/a", &[header], b"").await.assert_problem(501, "condition");
    }
    client.ask("PUT", "/items/a", &["content-range: bytes 0-1/2"], b"").await.assert_problem(400, "partial");
    for session in ["-1", "4294967296", "me", ""] {
        let header = format!("cachemark-session: {session}");
        client.ask("GET", "/items/a", &[&header], b"").await.assert_problem(400, "session");
    }
    assert!(stack.store().log().calls().is_empty());
}

#[tokio::test]
async fn what_is_not_http_is_hung_up_on() {
    let stack = Stack::start().await;
    for bytes in
        [&b"\x16\x03\x01\x02\x00\x01\x00"[..], b"GET\r\n\r\n", b"PUT /items/a HTTP/1.1\r\ncontent-length: x\r\n\r\n"]
    {
        let mut client = stack.client().await;
        client.send(bytes).await;
        let reply = client.reply(true).await;
        assert!(reply.is_none_or(|reply| reply.status == 400));
        assert!(client.is_closed().await);
    }
    let page = stack.client().await.get("/metrics").await;
    assert!(page.text().contains("cachemark_connections_lost_total{reason=\"malformed\"} 3\n"), "{}", page.text());
}

#[tokio::test]
async fn a_body_that_ends_early_is_not_written() {
    let stack = Stack::with("cache-aside", patient()).await;
    let mut client = stack.client().await;
    client.send(b"PUT /items/a HTTP/1.1\r\nhost: test\r\ncontent-length: 10\r\n\r\nhalf").await;
    drop(client);
    stack.client().await.until_counted("method=\"PUT\",status=\"400\"} 1").await;
    assert!(stack.store().log().calls().is_empty());
}
