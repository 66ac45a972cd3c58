//! Lifetimes.

use crate::conformance::subject::{Keys, ctx, value};
use cachemark_core::{Cache, Entry, Key, Version};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What the expiry checks ask for.
const TTL: Duration = Duration::from_millis(300);

/// How late an entry may go. Memcached counts whole seconds, of a clock that is up to one behind: a TTL is rounded up
/// to the next second and one more is added, so that no entry goes early.
const LATE: Duration = Duration::from_millis(2_500);

/// Long enough for any cache to have dropped an entry of [`TTL`] that it should have kept.
const WELL_AFTER: Duration = Duration::from_millis(3_000);

fn entry() -> Entry {
    Entry::live(Version(1), value(1, 50))
}

/// Asks for `key` until it is gone; `begun` and `set` are the times before and after the set.
async fn expires_in_time<C: Cache>(cache: &C, key: &Key, begun: Instant, set: Instant) {
    loop {
        let asked = Instant::now();
        let gone = cache.get(&ctx(), key).await.expect("get").is_none();
        if gone {
            assert!(begun.elapsed() >= TTL, "gone after {:?}, {TTL:?} were asked for", begun.elapsed());
            return;
        }
        let over = asked.saturating_duration_since(set + TTL);
        assert!(over <= LATE, "still there {over:?} after its time");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// An entry goes when its TTL is over: never before, and not long after.
pub async fn an_entry_expires_in_time_and_not_before<C: Cache>(cache: &Arc<C>) {
    if !cache.capabilities().ttl {
        return;
    }
    let key = Keys::new("ttl").key("a");
    let begun = Instant::now();
    cache.set(&ctx(), &key, entry(), Some(TTL)).await.expect("set");
    expires_in_time(&**cache, &key, begun, Instant::now()).await;
}

/// An entry of a whole number of steps is gone a step later: the step that a cache states is the step that it has.
pub async fn a_lifetime_of_whole_steps_is_kept_to_a_step<C: Cache>(cache: &Arc<C>) {
    if !cache.capabilities().ttl {
        return;
    }
    let step = cache.capabilities().ttl_step.unwrap_or(Duration::from_millis(1));
    let ttl = if step < Duration::from_millis(100) { step * 100 } else { step };
    let key = Keys::new("ttl-step").key("a");
    let begun = Instant::now();
    cache.set(&ctx(), &key, entry(), Some(ttl)).await.expect("set");
    let there = cache.get(&ctx(), &key).await.expect("get").is_some();
    assert!(there || begun.elapsed() >= ttl, "gone after {:?}, {ttl:?} were asked for", begun.elapsed());
    // A server's clock ticks late where it has other work to do.
    const TICK: Duration = Duration::from_millis(400);
    tokio::time::sleep(ttl + step + TICK).await;
    assert_eq!(cache.get(&ctx(), &key).await.expect("get"), None, "{ttl:?} and a step of {step:?} are over");
}

/// Without a TTL, and with a long one, an entry stays.
pub async fn an_entry_without_ttl_stays<C: Cache>(cache: &Arc<C>) {
    let keys = Keys::new("no-ttl");
    // 60 days are more than 30, from where on Memcached takes a number for a date.
    let days = |days: u64| Some(Duration::from_secs(days * 24 * 3600));
    for (name, ttl) in [("none", None), ("day", days(1)), ("months", days(60)), ("centuries", days(300_000))] {
        cache.set(&ctx(), &keys.key(name), entry(), ttl).await.expect("set");
    }
    tokio::time::sleep(WELL_AFTER).await;
    for name in ["none", "day", "months", "centuries"] {
        assert_eq!(cache.get(&ctx(), &keys.key(name)).await.expect("get"), Some(entry()), "{name}");
    }
}

/// A set replaces the lifetime too, whichever of the two is longer.
pub async fn an_overwrite_brings_its_own_ttl<C: Cache>(cache: &Arc<C>) {
    if !cache.capabilities().ttl {
        return;
    }
    let keys = Keys::new("ttl-overwrite");
    cache.set(&ctx(), &keys.key("longer"), entry(), Some(TTL)).await.expect("set");
    cache.set(&ctx(), &keys.key("longer"), entry(), None).await.expect("set");
    cache.set(&ctx(), &keys.key("shorter"), entry(), None).await.expect("set");
    let begun = Instant::now();
    cache.set(&ctx(), &keys.key("shorter"), entry(), Some(TTL)).await.expect("set");
    expires_in_time(&**cache, &keys.key("shorter"), begun, Instant::now()).await;
    tokio::time::sleep((begun + WELL_AFTER).saturating_duration_since(Instant::now())).await;
    assert!(cache.get(&ctx(), &keys.key("longer")).await.expect("get").is_some(), "the old lifetime was kept");
}

/// A versioned set replaces the lifetime when it stores, and leaves it alone when it does not.
pub async fn a_versioned_set_brings_its_own_ttl<C: Cache>(cache: &Arc<C>) {
    if !cache.capabilities().versioned_set || !cache.capabilities().ttl {
        return;
    }
    let keys = Keys::new("ttl-versioned");
    let newer = Entry::live(Version(2), value(2, 50));
    cache.set(&ctx(), &keys.key("kept"), newer.clone(), None).await.expect("set");
    cache.set_if_newer(&ctx(), &keys.key("kept"), entry(), Some(TTL)).await.expect("versioned set");
    cache.set(&ctx(), &keys.key("replaced"), entry(), None).await.expect("set");
    let begun = Instant::now();
    cache.set_if_newer(&ctx(), &keys.key("replaced"), newer, Some(TTL)).await.expect("versioned set");
    expires_in_time(&**cache, &keys.key("replaced"), begun, Instant::now()).await;
    tokio::time::sleep((begun + WELL_AFTER).saturating_duration_since(Instant::now())).await;
    assert!(cache.get(&ctx(), &keys.key("kept")).await.expect("get").is_some(), "a refused set shortened a lifetime");
}
