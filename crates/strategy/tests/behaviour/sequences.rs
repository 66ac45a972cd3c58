//! What each strategy asks, operation by operation.

use crate::rig::{Rig, absent, acked, committing_arms, ctx, found};
use cachemark_core::CacheEffect::{Invalidated, Untouched, Updated};
use cachemark_core::Source::{Bypass, Hit, MissLed};
use cachemark_core::{CacheEffect, Strategy};

/// One strategy's calls for a write, and what it says of the cache.
struct OnWrite {
    settings: &'static str,
    /// A read that misses, and one that hits.
    miss: &'static [&'static str],
    hit: &'static [&'static str],
    write: &'static [&'static str],
    effect: CacheEffect,
    deleted: CacheEffect,
    /// Whether a read after the write hits, and at which version.
    then: (&'static str, u64, cachemark_core::Source),
    delete: &'static [&'static str],
}

/// The calls since the last question, without how long anything is to last.
fn asked(rig: &Rig) -> Vec<String> {
    rig.asked().iter().map(|line| line.split(" for ").next().unwrap_or_default().to_owned()).collect()
}

/// Miss, hit, write, read, delete, by the table's row. The row starts at v1 with "a"; the write makes v2 with "b".
async fn check(name: &str, placement: &str, row: &OnWrite) {
    let rig = Rig::new(name, &format!("{} {placement}", row.settings));
    rig.store.preload(&crate::rig::key(), cachemark_core::Value::new("a"));
    let what = format!("{name} {} {placement}", row.settings);

    assert_eq!(rig.read().await, found("a", 1, MissLed), "{what}");
    assert_eq!(asked(&rig), row.miss, "{what}");
    assert_eq!(rig.read().await, found("a", 1, Hit), "{what}");
    assert_eq!(asked(&rig), row.hit, "{what}");
    assert_eq!(rig.write("b").await, acked(2, row.effect), "{what}");
    assert_eq!(asked(&rig), row.write, "{what}");
    let (text, version, source) = row.then;
    assert_eq!(rig.read().await, found(text, version, source), "{what}");
    rig.asked();
    assert_eq!(rig.delete().await, acked(3, row.deleted), "{what}");
    assert_eq!(asked(&rig), row.delete, "{what}");
    assert_eq!(rig.strategy.drain(&ctx()).await, Ok(()), "{what}");
}

const INVALIDATE: OnWrite = OnWrite {
    settings: "on-write=invalidate",
    miss: &["C.get k", "S.read k", "C.set k v1"],
    hit: &["C.get k"],
    write: &["S.write k", "C.delete k"],
    effect: Invalidated,
    deleted: Invalidated,
    then: ("b", 2, MissLed),
    delete: &["S.delete k", "C.delete k"],
};
const NONE: OnWrite = OnWrite {
    settings: "on-write=none",
    write: &["S.write k"],
    effect: Untouched,
    deleted: Untouched,
    then: ("a", 1, Hit),
    delete: &["S.delete k"],
    ..INVALIDATE
};
const PLAIN_UPDATE: OnWrite = OnWrite {
    settings: "on-write=update",
    write: &["S.write k", "C.set k v2"],
    effect: Updated,
    then: ("b", 2, Hit),
    ..INVALIDATE
};
/// Of strategies that have no setting for it.
const INVALIDATES: OnWrite = OnWrite { settings: "", ..INVALIDATE };
const LEAVES: OnWrite = OnWrite { settings: "", ..NONE };
const INVALIDATES_FIRST: OnWrite =
    OnWrite { write: &["C.delete k", "S.write k"], delete: &["C.delete k", "S.delete k"], ..INVALIDATES };
const UNLOCKED_UPDATE: OnWrite = OnWrite { settings: "on-write=update lock=false", ..PLAIN_UPDATE };
const VERSIONED_UPDATE: OnWrite = OnWrite { write: &["S.write k", "C.set-if-newer k v2"], ..PLAIN_UPDATE };

const LEASE: OnWrite = OnWrite {
    settings: "",
    miss: &["C.get-or-lease k", "S.read k", "C.set-leased k v1"],
    hit: &["C.get-or-lease k"],
    ..INVALIDATE
};
const TOMBSTONE: OnWrite = OnWrite {
    settings: "",
    miss: &["C.get k", "S.read k", "C.set-if-newer k v1"],
    deleted: Updated,
    delete: &["S.delete k", "C.set-if-newer k v3"],
    ..VERSIONED_UPDATE
};
const NO_TOMBSTONE: OnWrite = OnWrite {
    settings: "tombstone-ttl-ms=0",
    deleted: Invalidated,
    delete: &["S.delete k", "C.delete k"],
    ..TOMBSTONE
};
const fn sliding(row: OnWrite) -> OnWrite {
    OnWrite { miss: &["C.get-and-touch k", "S.read k", "C.set k v1"], hit: &["C.get-and-touch k"], ..row }
}

/// What each strategy with a cache asks, by its settings; what it does by default comes first.
static TABLE: [(&str, &[OnWrite]); 15] = [
    // As an application does.
    ("cache-aside", &[INVALIDATE, PLAIN_UPDATE, NONE]),
    ("read-through", &[INVALIDATE, VERSIONED_UPDATE, NONE]),
    ("write-through", &[VERSIONED_UPDATE, INVALIDATE, UNLOCKED_UPDATE]),
    ("write-around", &[LEAVES]),
    ("ttl-only", &[LEAVES]),
    ("single-flight", &[INVALIDATES]),
    ("double-delete", &[INVALIDATES_FIRST]),
    ("refresh-ahead", &[INVALIDATES]),
    ("stale-while-revalidate", &[INVALIDATES]),
    ("xfetch", &[INVALIDATES]),
    ("cache-first", &[INVALIDATES_FIRST]),
    ("memoised", &[LEAVES]),
    ("lease", &[LEASE]),
    ("versioned", &[TOMBSTONE, NO_TOMBSTONE]),
    ("sliding-ttl", &[sliding(INVALIDATE), sliding(PLAIN_UPDATE), sliding(NONE)]),
];

#[tokio::test(start_paused = true)]
async fn every_strategy_asks_in_the_order_of_its_protocol() {
    for (name, placement) in committing_arms() {
        let (_, rows) = TABLE.iter().find(|(of, _)| *of == name).unwrap_or_else(|| panic!("no row for {name}"));
        let by_default = OnWrite { settings: "", ..rows[0] };
        for row in [&by_default].into_iter().chain(*rows) {
            check(name, placement, row).await;
        }
    }
}

#[tokio::test]
async fn no_cache_asks_the_store_alone() {
    let rig = Rig::new("no-cache", "");
    assert_eq!(rig.read().await, absent(0, Bypass));
    assert_eq!(rig.write("a").await, acked(1, Untouched));
    assert_eq!(rig.read().await, found("a", 1, Bypass));
    assert_eq!(rig.delete().await, acked(2, Untouched));
    assert_eq!(rig.read().await, absent(2, Bypass));
    assert_eq!(rig.asked(), ["S.read k", "S.write k", "S.read k", "S.delete k", "S.read k"]);
}

#[tokio::test]
async fn an_unknown_name_builds_nothing() {
    let rig = Rig::new("no-cache", "");
    let clock = std::sync::Arc::new(cachemark_core::SystemClock::new());
    let settings = cachemark_core::Settings::default();
    assert!(cachemark_strategy::build("write-sideways", &settings, rig.cache, rig.store, clock).is_none());
}
