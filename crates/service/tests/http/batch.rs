//! Batch get.

use crate::support::{Stack, key, patient, value};
use cachemark_core::StoreError;
use cachemark_service::Limits;
use cachemark_testkit::scripted::{Op, When};
use serde_json::json;

#[tokio::test]
async fn each_key_has_an_outcome_of_its_own() {
    let stack = Stack::start().await;
    stack.store().preload(&key("a"), value("hello"));
    stack.store().preload(&key("d/e"), value(""));
    stack.store().fail_when(When::every(Op::Read).on(&key("c")), StoreError::Unavailable("secret".into()));
    let mut client = stack.client().await;
    client.get("/items/a").await;
    let reply = client.get("/items?key=a&key=b&key=c&key=d%2Fe&key=a").await;
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/json")));
    let a = json!({"key": "a", "found": true, "version": 1, "source": "hit", "value": "aGVsbG8="});
    let items = json!([
        a,
        {"key": "b", "found": false, "version": 0, "source": "miss-led"},
        {"key": "c", "error": "unavailable", "status": 503},
        {"key": "d/e", "found": true, "version": 1, "source": "miss-led", "value": ""},
        a,
    ]);
    assert_eq!(reply.json(), json!({ "items": items }));
}

#[tokio::test]
async fn a_batch_has_1_to_100_keys() {
    let stack = Stack::start().await;
    let mut client = stack.client().await;
    // The longest batch there is, every byte escaped but one in each key.
    let keys =
        |count: usize| (0..count).map(|at| format!("key={at:03}{}", "k".repeat(247))).collect::<Vec<_>>().join("&");
    let reply = client.get(&format!("/items?{}", keys(100))).await;
    assert_eq!(reply.json()["items"].as_array().unwrap().len(), 100);
    client.get(&format!("/items?{}", keys(101))).await.assert_problem(400, "bad-query");
    for query in ["/items", "/items?", "/items?k=a", "/items?key=a&other=1"] {
        client.get(query).await.assert_problem(400, "bad-query");
    }
    for query in ["/items?key=", "/items?key=%ff", "/items?key=a&key=%zz"] {
        client.get(query).await.assert_problem(400, "bad-key");
    }
}

#[tokio::test]
async fn values_beyond_the_limit_are_named_and_not_sent() {
    let stack = Stack::with("cache-aside", Limits { batch_bytes: 10, ..patient() }).await;
    for (name, text) in [("a", "12345678"), ("b", "123"), ("c", "12")] {
        stack.store().preload(&key(name), value(text));
    }
    let items = stack.client().await.get("/items?key=a&key=b&key=c").await.json()["items"].take();
    assert_eq!(items[0]["found"], true);
    assert_eq!(items[1], json!({"key": "b", "error": "too-large", "status": 413}));
    assert_eq!(items[2]["value"], "MTI=");
}
