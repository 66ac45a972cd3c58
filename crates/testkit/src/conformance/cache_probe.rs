//! The contract of [`CacheProbe`].

use super::subject::{Keys, ctx, value};
use cachemark_core::{Cache, CacheError, CacheProbe, Entry, Held, Key, Leased, Version};
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// Hands the list of checks on to another macro.
#[doc(hidden)]
#[macro_export]
macro_rules! cache_probe_checks {
    ($then:ident, $attributes:tt $factory:path) => {
        $crate::$then! { $attributes $factory, cache_probe:
            it_answers_and_names_itself,
            clearing_removes_every_entry,
            inspecting_agrees_with_getting,
            looking_agrees_with_getting,
            looking_changes_no_lifetime,
            counters_count_what_was_asked,
            what_is_made_to_expire_is_gone_and_nothing_else,
            room_is_cut_and_given_back_or_never_touched,
            clearing_is_for_a_cache_at_work_too,
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

async fn looked<C: CacheProbe>(cache: &Arc<C>, keys: &[Key]) -> Vec<Option<Held>> {
    let mut seen: Vec<Option<Option<Held>>> = vec![None; keys.len()];
    let told = |at: usize, held: Option<Held>| assert!(seen[at].replace(held).is_none(), "key {at} was told of twice");
    cache.look(keys, &mut { told }).await.expect("look");
    seen.into_iter().map(|held| held.expect("every key is told of")).collect()
}

/// A look at many keys sees what gets see, each key once, in any batches; and how long entries have left.
pub async fn looking_agrees_with_getting<C: Cache + CacheProbe>(cache: &Arc<C>) {
    const MINUTE: Duration = Duration::from_secs(60);
    let keys = Keys::new("look");
    // Not a multiple of any batch that a cache might be asked in.
    let all: Vec<Key> = (0..1_237).map(|number| keys.key(number)).collect();
    let expires = cache.capabilities().ttl;
    for (number, key) in (0..).zip(&all) {
        let ttl = (expires && number % 3 == 0).then_some(MINUTE);
        match number % 4 {
            0 => {}
            1 => cache.set(&ctx(), key, Entry::absent(Version(number)), ttl).await.expect("set"),
            _ => cache.set(&ctx(), key, entry(number), ttl).await.expect("set"),
        }
    }
    for (number, held) in looked(cache, &all).await.into_iter().enumerate() {
        let got = cache.get(&ctx(), &all[number]).await.expect("get");
        assert_eq!(held.as_ref().map(|held| held.entry.clone()), got.map(Some), "key {number}");
        let Some(remaining) = held.map(|held| held.remaining) else { continue };
        assert_eq!(remaining.is_some(), expires && number % 3 == 0, "key {number}");
        // A cache may round up to its own steps.
        assert!(remaining.is_none_or(|left| left > MINUTE / 2 && left < 2 * MINUTE), "key {number}: {remaining:?}");
    }
    assert_eq!(looked(cache, &[]).await, []);
}

/// An entry that was looked at again and again is gone when its time is over.
pub async fn looking_changes_no_lifetime<C: Cache + CacheProbe>(cache: &Arc<C>) {
    if !cache.capabilities().ttl {
        return;
    }
    let keys = [Keys::new("look-ttl").key("a")];
    cache.set(&ctx(), &keys[0], entry(1), Some(Duration::from_millis(900))).await.expect("set");
    let mut last = Duration::MAX;
    // Until long after any rounding of it.
    for _ in 0..60 {
        let Some(held) = looked(cache, &keys).await.remove(0) else { return };
        let left = held.remaining.expect("the entry has an end");
        assert!(left <= last, "{left:?} are left after {last:?} were");
        last = left;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("an entry for 900 ms is still there after 6 s of looking");
}

/// Touches entries and keys without one: how many gets those are, and how many of them hits.
async fn touch_all<C: Cache>(cache: &Arc<C>, keys: &Keys) -> (u64, u64) {
    if !cache.capabilities().touch {
        return (0, 0);
    }
    for number in 20..50 {
        cache.get_and_touch(&ctx(), &keys.key(number), Duration::from_secs(60)).await.expect("touch");
    }
    (30, 10)
}

/// Leases keys, meets leases, fills and fails to fill, and deletes five in any case: how many gets that are, none of them a hit,
/// and how many sets.
async fn lease_all<C: Cache>(cache: &Arc<C>, keys: &Keys) -> (u64, u64) {
    let mut counts = (0, 0);
    for number in 60..80 {
        let key = keys.key(number);
        let mut token = None;
        if cache.capabilities().lease {
            for _ in 0..2 {
                let leased = cache.get_or_lease(&ctx(), &key, Duration::from_secs(60)).await.expect("get or lease");
                token = if let Leased::Won(token) = leased { Some(token) } else { token };
            }
            cache.get(&ctx(), &key).await.expect("get");
            counts.0 += 3;
        }
        if number < 65 {
            cache.delete(&ctx(), &key).await.expect("delete");
        }
        if let Some(token) = token {
            cache.set_leased(&ctx(), &key, entry(number), None, token).await.expect("set under a lease");
            counts.1 += u64::from(number >= 65);
        }
    }
    counts
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
    let (touched, touch_hits) = touch_all(cache, &keys).await;
    let (leased, filled) = lease_all(cache, &keys).await;
    cache.inspect(&keys.key(1)).await.expect("inspect");
    for number in 0..10 {
        cache.delete(&ctx(), &keys.key(number)).await.expect("delete");
    }
    let counted = cache.counters().await.expect("counters").since(&before).0;
    let expected = [
        ("sets", 30 + versioned + filled),
        ("gets", 50 + touched + leased),
        ("hits", 30 + touch_hits),
        ("deletes", 15),
        ("evictions", 0),
        ("expired", 0),
    ];
    for (name, asked) in expected {
        assert_eq!(counted.get(name).copied().unwrap_or(asked), asked, "{name} of {counted:?}");
    }
}

/// Entries that are made to expire are gone, others are not, and what is set afterwards stays; or nothing can be made to.
pub async fn what_is_made_to_expire_is_gone_and_nothing_else<C: Cache + CacheProbe>(cache: &Arc<C>) {
    let keys = Keys::new("expire");
    let all: Vec<Key> = (0..1_100).map(|number| keys.key(number)).collect();
    let expires = cache.capabilities().ttl;
    for (number, key) in (0..).zip(&all) {
        let ttl = (expires && number % 2 == 0).then_some(Duration::from_secs(600));
        cache.set(&ctx(), key, entry(number), ttl).await.expect("set");
    }
    let there = async |key: &Key| cache.get(&ctx(), key).await.expect("get").is_some();
    let (some, others) = all.split_at(700);
    // With one that is not there.
    let asked: Vec<Key> = some.iter().cloned().chain([keys.key("none")]).collect();
    match cache.expire(Some(&asked)).await {
        Ok(()) => {}
        Err(CacheError::Unsupported(_)) => {
            assert!(matches!(cache.expire(None).await, Err(CacheError::Unsupported(_))), "both or neither");
            assert!(there(&all[0]).await, "what is refused changes nothing");
            return;
        }
        Err(error) => panic!("expire: {error}"),
    }
    for key in some {
        assert!(!there(key).await, "{key} was made to expire");
    }
    for key in others {
        assert!(there(key).await, "{key} was not made to expire");
    }
    cache.set(&ctx(), &all[0], entry(9), None).await.expect("set");
    assert_eq!(cache.get(&ctx(), &all[0]).await.expect("get"), Some(entry(9)));
    cache.expire(None).await.expect("expire all");
    for key in &all {
        assert!(!there(key).await, "{key} was to expire with all");
    }
    cache.set(&ctx(), &all[1], entry(9), None).await.expect("set");
    assert!(there(&all[1]).await);
    cache.expire(Some(&[])).await.expect("nothing expires");
    assert!(there(&all[1]).await);
}

/// A room that is cut takes entries all the same, and is given back as it was; or it cannot be cut, and nothing changes.
pub async fn room_is_cut_and_given_back_or_never_touched<C: Cache + CacheProbe>(cache: &Arc<C>) {
    let keys = Keys::new("room");
    cache.set(&ctx(), &keys.key(0), entry(1), None).await.expect("set");
    let before = cache.settings().await.expect("settings");
    match cache.cut_room(0.75).await {
        Ok(()) => {}
        Err(CacheError::Unsupported(_)) => {
            assert!(matches!(cache.cut_room(1.0).await, Err(CacheError::Unsupported(_))), "both or neither");
            assert_eq!(cache.settings().await.expect("settings"), before);
            return assert!(cache.get(&ctx(), &keys.key(0)).await.expect("get").is_some());
        }
        Err(error) => panic!("cut: {error}"),
    }
    for number in 0..200 {
        cache.set(&ctx(), &keys.key(number), entry(number), None).await.expect("set");
    }
    // Of what it is set to, not of what is left.
    cache.cut_room(0.5).await.expect("cut");
    cache.cut_room(1.0).await.expect("give back");
    assert_eq!(cache.settings().await.expect("settings"), before);
    cache.set(&ctx(), &keys.key(1), entry(7), None).await.expect("set");
    assert_eq!(cache.get(&ctx(), &keys.key(1)).await.expect("get"), Some(entry(7)));
}

/// A clear comes to its end while others set, and takes what was there.
pub async fn clearing_is_for_a_cache_at_work_too<C: Cache + CacheProbe>(cache: &Arc<C>) {
    let keys = Keys::new("clear-at-work");
    for number in 0..500 {
        cache.set(&ctx(), &keys.key(number), entry(number), None).await.expect("set");
    }
    let (done, sets) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let (is_done, made, at_work, others) = (Arc::clone(&done), Arc::clone(&sets), Arc::clone(cache), keys.clone());
    let working = tokio::spawn(async move {
        while !is_done.load(Ordering::Relaxed) {
            let number = made.fetch_add(1, Ordering::Relaxed) % 50;
            at_work.set(&ctx(), &others.key(format!("other-{number}")), entry(1), None).await.expect("set");
            tokio::task::yield_now().await;
        }
    });
    // Until some were set between clears; once at least, however fast others set.
    loop {
        cache.clear().await.expect("clear");
        tokio::task::yield_now().await;
        if sets.load(Ordering::Relaxed) >= 20 {
            break;
        }
    }
    done.store(true, Ordering::Relaxed);
    working.await.expect("whoever sets");
    for number in 0..500 {
        assert_eq!(cache.get(&ctx(), &keys.key(number)).await.expect("get"), None);
    }
    cache.clear().await.expect("clear");
}
