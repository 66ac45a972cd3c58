//! Get, put, delete of one item.

use crate::support::{Stack, key, patient, value};
use cachemark_core::Version;
use cachemark_testkit::scripted::Op;

#[tokio::test]
async fn an_item_is_made_read_overwritten_and_deleted() {
    let stack = Stack::start().await;
    let mut client = stack.client().await;

    let made = client.put("/items/a", b"one").await;
    assert_eq!((made.status, made.header("etag")), (201, Some("\"v1\"")));
    assert_eq!(made.header("cachemark-version"), Some("1"));
    let again = client.put("/items/a", b"two").await;
    assert_eq!((again.status, again.header("etag")), (204, Some("\"v2\"")));
    assert_eq!(again.header("cache-status"), Some("cachemark; fwd=method; detail=invalidated"));

    let read = client.get("/items/a").await;
    assert_eq!((read.status, read.text(), read.header("etag")), (200, "two", Some("\"v2\"")));
    assert_eq!(read.header("content-type"), Some("application/octet-stream"));

    assert_eq!(read.header("cachemark-version"), Some("2"));

    let deleted = client.ask("DELETE", "/items/a", &[], b"").await;
    assert_eq!((deleted.status, deleted.header("etag"), deleted.header("cachemark-version")), (204, None, Some("3")));
    let gone = client.get("/items/a").await;
    gone.assert_problem(404, "absent");
    assert_eq!((gone.header("etag"), gone.header("cachemark-version")), (None, Some("3")));
    client.ask("DELETE", "/items/never", &[], b"").await.assert_problem(404, "absent");

    let revived = client.put("/items/a", b"three").await;
    assert_eq!((revived.status, revived.header("etag")), (204, Some("\"v4\"")));
}

#[tokio::test]
async fn values_are_any_bytes_also_none() {
    let stack = Stack::start().await;
    let mut client = stack.client().await;
    let bytes: Vec<u8> = (0..=255).cycle().take(1 << 20).collect();
    assert_eq!(client.put("/items/bytes", &bytes).await.status, 201);
    assert!(client.get("/items/bytes").await.body == bytes);
    assert_eq!(client.put("/items/none", b"").await.status, 201);
    let none = client.get("/items/none").await;
    assert_eq!((none.status, none.body.len()), (200, 0));
}

#[tokio::test]
async fn keys_are_decoded() {
    let stack = Stack::start().await;
    stack.store().preload(&key("a/b+c%?"), value("x"));
    assert_eq!(stack.client().await.get("/items/a%2Fb+c%25%3f").await.text(), "x");
}

#[tokio::test]
async fn the_cache_status_is_the_source() {
    let stack = Stack::with("read-through", patient()).await;
    stack.store().preload(&key("a"), value("x"));
    let gate = stack.store().gate(Op::Read, &key("a"));
    let (mut first, mut second, mut third) = (stack.client().await, stack.client().await, stack.client().await);
    let (led, joined, ()) = tokio::join!(first.get("/items/a"), second.get("/items/a"), async {
        gate.reached().await;
        third.until_counted("cachemark_http_requests_in_flight 3\n").await;
        // Both are with the service. On one thread, what a request began runs before what is asked next is answered.
        third.get("/health").await;
        gate.release();
    });
    let mut told = [&led, &joined].map(|reply| reply.header("cache-status").unwrap());
    told.sort_unstable();
    assert_eq!(told, ["cachemark; fwd=uri-miss", "cachemark; fwd=uri-miss; collapsed"]);
    assert_eq!(first.get("/items/a").await.header("cache-status"), Some("cachemark; hit"));

    let direct = Stack::with("no-cache", patient()).await;
    direct.store().preload(&key("a"), value("x"));
    assert_eq!(direct.client().await.get("/items/a").await.header("cache-status"), Some("cachemark; fwd=bypass"));
}

#[tokio::test]
async fn a_known_version_is_not_sent_again() {
    let stack = Stack::start().await;
    assert_eq!(stack.store().preload(&key("a"), value("x")), Version(1));
    let mut client = stack.client().await;
    for (tags, status) in [
        ("\"v1\"", 304),
        ("W/\"v1\"", 304),
        ("\"v7\", \"v1\"", 304),
        ("*", 304),
        ("\"v2\"", 200),
        ("v1", 200),
        ("\"v11\"", 200),
    ] {
        let reply = client.ask("GET", "/items/a", &[&format!("if-none-match: {tags}")], b"").await;
        assert_eq!((reply.status, reply.header("etag")), (status, Some("\"v1\"")), "{tags}");
        assert_eq!(reply.body.is_empty(), status == 304);
    }
    client.ask("GET", "/items/b", &["if-none-match: *"], b"").await.assert_problem(404, "absent");
}

#[tokio::test]
async fn a_head_is_a_get_without_its_body() {
    let stack = Stack::start().await;
    stack.store().preload(&key("a"), value("four"));
    let mut client = stack.client().await;
    let reply = client.ask("HEAD", "/items/a", &[], b"").await;
    assert_eq!((reply.status, reply.header("content-length")), (200, Some("4")));
    assert_eq!(client.get("/items/a").await.text(), "four");
}

#[tokio::test]
async fn sessions_reach_the_store_as_named() {
    let stack = Stack::start().await;
    let mut client = stack.client().await;
    client.ask("PUT", "/items/a", &["cachemark-session: 7"], b"x").await;
    client.put("/items/a", b"x").await;
    stack.client().await.put("/items/a", b"x").await;
    let sessions: Vec<_> = stack.store().log().calls().into_iter().map(|call| call.session).collect();
    assert_eq!(sessions, [7, 0, 1], "by header, else by connection");
}
