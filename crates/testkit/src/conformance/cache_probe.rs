//! The contract of [`CacheProbe`].

use super::subject::{Keys, ctx, value};
use cachemark_core::{Cache, CacheProbe, Entry, Version};
use std::future::Future;
use std::sync::Arc;

/// Hands the list of checks on to another macro.
#[doc(hidden)]
#[macro_export]
macro_rules! cache_probe_checks {
    ($then:ident, $attributes:tt $factory:path) => {
        $crate::$then! { $attributes $factory, cache_probe:
            it_answers_and_names_itself,
            clearing_removes_every_entry,
            inspecting_agrees_with_getting,
            counters_count_what_was_asked,
        }
    };
}

/// Runs every check, each over a cache that `factory` makes; panics at the first that fails.
pub async fn run_all<C, K, F>(factory: impl Fn() -> F)
where
    C: Cache + CacheProbe,
    F: Future<Output = (C, K)>,
{
    crate::cache_probe_checks!(conformance_run_all, [] factory);
}

fn entry(version: u64) -> Entry {
    Entry::live(Version(version), value(version, 40))
}

/// It answers a ping, and has a version and settings.
pub async fn it_answers_and_names_itself<C: Cache + CacheProbe>(cache: &Arc<C>) {
    cache.ping().await.expect("ping");
    let version = cache.version().await.expect("version");
    assert!(version.split(' ').count() == 2 && version.ends_with(|end: char| end.is_ascii_digit()), "{version}");
    assert!(!cache.settings().await.expect("settings").is_empty());
}

/// After a clear nothing of ours is left, and new entries stay.
pub async fn clearing_removes_every_entry<C: Cache + CacheProbe>(cache: &Arc<C>) {
    let keys = Keys::new("clear");
    for number in 0..2_000 {
        cache.set(&ctx(), &keys.key(number), entry(number), None).await.expect("set");
    }
    cache.clear().await.expect("clear");
    for number in 0..2_000 {
        assert_eq!(cache.get(&ctx(), &keys.key(number)).await.expect("get"), None);
    }
    cache.set(&ctx(), &keys.key(1), entry(1), None).await.expect("set");
    assert_eq!(cache.get(&ctx(), &keys.key(1)).await.expect("get"), Some(entry(1)));
    cache.clear().await.expect("clearing nearly nothing");
}

/// Inspect sees what a get sees.
pub async fn inspecting_agrees_with_getting<C: Cache + CacheProbe>(cache: &Arc<C>) {
    let keys = Keys::new("inspect");
    cache.set(&ctx(), &keys.key("a"), entry(3), None).await.expect("set");
    cache.set(&ctx(), &keys.key("b"), Entry::absent(Version(4)), None).await.expect("set");
    assert_eq!(cache.inspect(&keys.key("a")).await.expect("inspect"), Some(entry(3)));
    assert_eq!(cache.inspect(&keys.key("b")).await.expect("inspect"), Some(Entry::absent(Version(4))));
    assert_eq!(cache.inspect(&keys.key("c")).await.expect("inspect"), None);
}

/// The counters that a cache keeps agree with what it was asked; those it lacks are not judged. The cache must be this
/// check's own for as long as it runs.
pub async fn counters_count_what_was_asked<C: Cache + CacheProbe>(cache: &Arc<C>) {
    let keys = Keys::new("counters");
    let before = cache.counters().await.expect("counters");
    for number in 0..30 {
        cache.set(&ctx(), &keys.key(number), entry(number), None).await.expect("set");
    }
    for number in 0..50 {
        cache.get(&ctx(), &keys.key(number)).await.expect("get");
    }
    if cache.capabilities().versioned_set {
        // Half of them are superseded: those count as nothing, and the looks that they took are no gets.
        for number in 10..30 {
            let outcome = cache.set_if_newer(&ctx(), &keys.key(number), entry(number + number % 2), None).await;
            outcome.expect("versioned set");
        }
    }
    let versioned = if cache.capabilities().versioned_set { 10 } else { 0 };
    cache.inspect(&keys.key(1)).await.expect("inspect");
    for number in 0..10 {
        cache.delete(&ctx(), &keys.key(number)).await.expect("delete");
    }
    let counted = cache.counters().await.expect("counters").since(&before).0;
    let expected =
        [("sets", 30 + versioned), ("gets", 50), ("hits", 30), ("deletes", 10), ("evictions", 0), ("expired", 0)];
    for (name, asked) in expected {
        assert_eq!(counted.get(name).copied().unwrap_or(asked), asked, "{name} of {counted:?}");
    }
}
