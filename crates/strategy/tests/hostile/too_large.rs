//! Values that the cache does not take.

use crate::subject::{Subject, arms, count_panics};
use cachemark_core::{Cache, Capabilities, Key, Value};
use cachemark_testkit::scripted::ScriptedCache;
use std::sync::Arc;

#[tokio::test]
async fn a_value_that_the_cache_does_not_take_is_served_from_the_store() {
    count_panics();
    let (small, large) = (Value::new("a"), Value::new(vec![7; 1_000]));
    for (number, arm) in arms().enumerate() {
        let limit = Capabilities { largest_entry: Some(200), ..ScriptedCache::new().capabilities() };
        let cache = Arc::new(ScriptedCache::new().with_capabilities(limit));
        let key = Key::new(format!("k{number}")).unwrap();
        let subject = Subject::new(&arm, &cache, key, "a cache for small entries");
        subject.read(&[Some(&small)]).await.unwrap();
        subject.write(&large).await;
        for _ in 0..3 {
            // One that leaves the entry alone may serve the old one, as it declares.
            subject.read(&[Some(&small), Some(&large)]).await.unwrap();
        }
        subject.delete().await;
        subject.read(&[Some(&small), Some(&large), None]).await.unwrap();
        subject.drain().await;
        let held = cache.entry(&subject.key).map_or(0, |entry| entry.encoded_len());
        assert!(held <= 200, "{}", subject.what);
    }
}
