//! Gets that renew a lifetime. Caches without them are held to saying so.

use crate::conformance::subject::{Keys, ctx, value};
use cachemark_core::{Cache, Entry, ErrorKind, Version};
use std::sync::Arc;
use std::time::{Duration, Instant};

const MINUTE: Duration = Duration::from_secs(60);

fn entry() -> Entry {
    Entry::live(Version(3), value(3, 30))
}

/// It works where the capabilities say so, and is `Unsupported` where they don't.
pub async fn touch_agrees_with_the_capabilities<C: Cache>(cache: &Arc<C>) {
    let key = Keys::new("touch-capability").key("a");
    cache.set(&ctx(), &key, entry(), None).await.expect("set");
    match cache.get_and_touch(&ctx(), &key, MINUTE).await {
        Ok(found) => {
            assert!(cache.capabilities().touch, "it works, and the capabilities deny it");
            assert_eq!(found, Some(entry()));
        }
        Err(error) => {
            assert!(!cache.capabilities().touch, "the capabilities promise it: {error}");
            assert_eq!(error.kind(), ErrorKind::Unsupported);
        }
    }
}

/// A touch gives the entry another lifetime, longer or shorter than what was left; a get leaves it.
pub async fn a_touch_renews_the_lifetime_and_a_get_does_not<C: Cache>(cache: &Arc<C>) {
    if !cache.capabilities().touch || !cache.capabilities().ttl {
        return;
    }
    const TTL: Duration = Duration::from_millis(300);
    const LATE: Duration = Duration::from_millis(2_500);
    let keys = Keys::new("touch");
    for name in ["touched", "got"] {
        cache.set(&ctx(), &keys.key(name), entry(), Some(TTL)).await.expect("set");
    }
    cache.set(&ctx(), &keys.key("shortened"), entry(), None).await.expect("set");
    // Where these take longer than the lifetime they find nothing: then there is nothing to be seen.
    let touched = cache.get_and_touch(&ctx(), &keys.key("touched"), MINUTE).await.expect("touch");
    let begun = Instant::now();
    assert_eq!(cache.get_and_touch(&ctx(), &keys.key("shortened"), TTL).await.expect("touch"), Some(entry()));
    let asked = Instant::now();
    for name in ["got", "shortened"] {
        loop {
            let sent = Instant::now();
            if cache.get(&ctx(), &keys.key(name)).await.expect("get").is_none() {
                break;
            }
            let over = sent.saturating_duration_since(asked + TTL);
            assert!(over <= LATE, "{name} is still there {over:?} after its time");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
    assert!(begun.elapsed() >= TTL, "the shortened one went after {:?}", begun.elapsed());
    assert_eq!(cache.get(&ctx(), &keys.key("touched")).await.expect("get"), touched);
}

/// A touch of a key without an entry finds nothing, and puts nothing there.
pub async fn a_touch_of_nothing_leaves_nothing<C: Cache>(cache: &Arc<C>) {
    if !cache.capabilities().touch {
        return;
    }
    let key = Keys::new("touch-nothing").key("a");
    for _ in 0..2 {
        assert_eq!(cache.get_and_touch(&ctx(), &key, MINUTE).await.expect("touch"), None);
    }
    assert_eq!(cache.get(&ctx(), &key).await.expect("get"), None);
}
