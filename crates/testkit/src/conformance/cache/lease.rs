//! Leases. Caches without them are held to saying so.

use crate::conformance::subject::{Keys, at_once, ctx, value};
use cachemark_core::{Cache, Entry, ErrorKind, Key, LeaseToken, Leased, SetOutcome, Version};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// Longer than any check takes.
const LONG: Duration = Duration::from_secs(300);

fn entry(version: u64) -> Entry {
    Entry::live(Version(version), value(version, 30))
}

async fn asked<C: Cache>(cache: &C, key: &Key, lease: Duration) -> Leased {
    cache.get_or_lease(&ctx(), key, lease).await.expect("get or lease")
}

/// Takes the lease of a key that nobody holds.
async fn won<C: Cache>(cache: &C, key: &Key, lease: Duration) -> LeaseToken {
    match asked(cache, key, lease).await {
        Leased::Won(token) => token,
        other => panic!("a key without entry and lease gave {other:?}"),
    }
}

async fn filled<C: Cache>(cache: &C, key: &Key, entry: Entry, token: LeaseToken) -> SetOutcome {
    cache.set_leased(&ctx(), key, entry, None, token).await.expect("set under a lease")
}

/// They work where the capabilities say so, and are `Unsupported` where they don't.
pub async fn leases_agree_with_the_capabilities<C: Cache>(cache: &Arc<C>) {
    let key = Keys::new("lease-capability").key("a");
    let asked = cache.get_or_lease(&ctx(), &key, LONG).await;
    let token = if let Ok(Leased::Won(token)) = &asked { *token } else { LeaseToken(1) };
    let set = cache.set_leased(&ctx(), &key, entry(1), None, token).await;
    if cache.capabilities().lease {
        assert!(matches!(asked, Ok(Leased::Won(_))), "the capabilities promise it: {asked:?}");
        assert_eq!(set, Ok(SetOutcome::Stored));
    } else {
        let kinds = (asked.map_err(|error| error.kind()), set.map_err(|error| error.kind()));
        assert_eq!(kinds, (Err(ErrorKind::Unsupported), Err(ErrorKind::Unsupported)), "the capabilities deny it");
    }
}

/// The first who asks wins, others are told that somebody has; once filled, it is a hit for all, and there is no second fill.
pub async fn a_key_without_an_entry_is_leased_to_one_who_fills_it<C: Cache>(cache: &Arc<C>) {
    if !cache.capabilities().lease {
        return;
    }
    let keys = Keys::new("lease");
    let (key, cache) = (keys.key("a"), &**cache);
    let token = won(cache, &key, LONG).await;
    for _ in 0..3 {
        assert_eq!(asked(cache, &key, LONG).await, Leased::Held);
    }
    assert!(matches!(asked(cache, &keys.key("b"), LONG).await, Leased::Won(_)), "another key has a lease of its own");
    assert_eq!(filled(cache, &key, entry(1), LeaseToken(token.0 ^ 1)).await, SetOutcome::Superseded, "a made-up token");
    assert_eq!(filled(cache, &key, entry(5), token).await, SetOutcome::Stored);
    assert_eq!(asked(cache, &key, LONG).await, Leased::Hit(entry(5)));
    assert_eq!(cache.get(&ctx(), &key).await.expect("get"), Some(entry(5)));
    assert_eq!(filled(cache, &key, entry(6), token).await, SetOutcome::Superseded, "the lease has ended");
    assert_eq!(cache.get(&ctx(), &key).await.expect("get"), Some(entry(5)));
}

/// A get of a key that is leased finds nothing, and leaves the lease alone.
pub async fn a_lease_is_no_entry<C: Cache>(cache: &Arc<C>) {
    if !cache.capabilities().lease {
        return;
    }
    let key = Keys::new("lease-get").key("a");
    let token = won(&**cache, &key, LONG).await;
    for _ in 0..2 {
        assert_eq!(cache.get(&ctx(), &key).await.expect("get"), None);
    }
    assert_eq!(asked(&**cache, &key, LONG).await, Leased::Held);
    assert_eq!(filled(&**cache, &key, entry(1), token).await, SetOutcome::Stored);
}

/// A delete, a set and a versioned set void the lease; and a holder who comes late changes nothing.
pub async fn a_change_of_the_key_voids_its_lease<C: Cache>(cache: &Arc<C>) {
    if !cache.capabilities().lease {
        return;
    }
    let keys = Keys::new("lease-void");
    let (deleted, set, versioned) = (keys.key("delete"), keys.key("set"), keys.key("versioned"));
    let token = won(&**cache, &deleted, LONG).await;
    cache.delete(&ctx(), &deleted).await.expect("delete");
    assert_eq!(filled(&**cache, &deleted, entry(1), token).await, SetOutcome::Superseded, "after a delete");
    assert_eq!(cache.get(&ctx(), &deleted).await.expect("get"), None);
    let next = won(&**cache, &deleted, LONG).await;
    assert_eq!(filled(&**cache, &deleted, entry(1), token).await, SetOutcome::Superseded, "while another holds it");
    assert_eq!(filled(&**cache, &deleted, entry(2), next).await, SetOutcome::Stored);

    let token = won(&**cache, &set, LONG).await;
    cache.set(&ctx(), &set, entry(7), None).await.expect("set");
    assert_eq!(filled(&**cache, &set, entry(1), token).await, SetOutcome::Superseded, "after a set");
    assert_eq!(cache.get(&ctx(), &set).await.expect("get"), Some(entry(7)));

    if cache.capabilities().versioned_set {
        // A lease has no version, so even version 0 is newer.
        for version in [0, 7] {
            cache.delete(&ctx(), &versioned).await.expect("delete");
            let token = won(&**cache, &versioned, LONG).await;
            let outcome = cache.set_if_newer(&ctx(), &versioned, entry(version), None).await.expect("versioned set");
            assert_eq!(outcome, SetOutcome::Stored, "version {version} over a lease");
            assert_eq!(filled(&**cache, &versioned, entry(9), token).await, SetOutcome::Superseded, "after it");
            assert_eq!(cache.get(&ctx(), &versioned).await.expect("get"), Some(entry(version)));
        }
    }
}

/// A lease whose holder does nothing is there for its time, and is given to the next one not long after.
pub async fn a_lease_ends_by_itself<C: Cache>(cache: &Arc<C>) {
    if !cache.capabilities().lease {
        return;
    }
    const LEASE: Duration = Duration::from_millis(300);
    // As of lifetimes: a cache that counts whole seconds rounds up, and adds one.
    const LATE: Duration = Duration::from_millis(2_500);
    let key = Keys::new("lease-end").key("a");
    let begun = Instant::now();
    let dead = won(&**cache, &key, LEASE).await;
    let given = Instant::now();
    let next = loop {
        let sent = Instant::now();
        match asked(&**cache, &key, LONG).await {
            Leased::Won(token) => break token,
            other => assert_eq!(other, Leased::Held),
        }
        let over = sent.saturating_duration_since(given + LEASE);
        assert!(over <= LATE, "the lease is still held {over:?} after its time");
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    assert!(begun.elapsed() >= LEASE, "it ended after {:?}, {LEASE:?} were asked for", begun.elapsed());
    assert_eq!(filled(&**cache, &key, entry(1), dead).await, SetOutcome::Superseded, "its time was over");
    assert_eq!(filled(&**cache, &key, entry(2), next).await, SetOutcome::Stored);
}

/// Of many who ask at once one wins, and one fill stands.
pub async fn a_lease_is_never_given_to_two<C: Cache>(cache: &Arc<C>) {
    if !cache.capabilities().lease {
        return;
    }
    let keys = Keys::new("lease-many");
    for round in 0..20 {
        let (key, winners) = (keys.key(round), Arc::new(AtomicU32::new(0)));
        at_once(cache, 16, |cache, task, ctx| {
            let (key, winners) = (key.clone(), Arc::clone(&winners));
            async move {
                if let Leased::Won(token) = cache.get_or_lease(&ctx, &key, LONG).await.expect("get or lease") {
                    winners.fetch_add(1, Ordering::Relaxed);
                    let set = cache.set_leased(&ctx, &key, entry(u64::from(task)), None, token).await;
                    assert_eq!(set, Ok(SetOutcome::Stored));
                }
            }
        })
        .await;
        assert_eq!(winners.load(Ordering::Relaxed), 1, "round {round}");
    }
}

/// A fill over the limit is refused as such; the lease holds others up until it is given back by a delete.
pub async fn an_entry_too_large_leaves_the_lease_to_a_delete<C: Cache>(cache: &Arc<C>) {
    let Some(limit) = cache.capabilities().largest_entry.filter(|_| cache.capabilities().lease) else { return };
    let key = Keys::new("lease-too-large").key("a");
    let token = won(&**cache, &key, LONG).await;
    let large = Entry::live(Version(1), value(1, limit));
    let error = cache.set_leased(&ctx(), &key, large, None, token).await.expect_err("over the limit");
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert_eq!(asked(&**cache, &key, LONG).await, Leased::Held);
    cache.delete(&ctx(), &key).await.expect("delete");
    won(&**cache, &key, LONG).await;
}
