//! Set, get, delete.

use crate::conformance::subject::{Keys, SIZES, ctx, every_byte, value};
use cachemark_core::{Cache, Entry, ErrorKind, Freshness, LONGEST_KEY, Value, Version};
use std::sync::Arc;

/// Version, freshness and value come back as they were set.
pub async fn an_entry_comes_back_whole<C: Cache>(cache: &Arc<C>) {
    let key = Keys::new("round-trip").key("a");
    let freshness = Freshness { filled_at_ns: u64::MAX, load_cost_ns: 1, fresh_for_ns: 1 << 40 };
    let entry = Entry { freshness, ..Entry::live(Version(u64::MAX >> 1), value(1, 100)) };
    cache.set(&ctx(), &key, entry.clone(), None).await.expect("set");
    assert_eq!(cache.get(&ctx(), &key).await.expect("get"), Some(entry));
}

/// A key that was never set has no entry.
pub async fn an_absent_key_has_no_entry<C: Cache>(cache: &Arc<C>) {
    assert_eq!(cache.get(&ctx(), &Keys::new("absent").key("a")).await.expect("get"), None);
}

/// The last set stands, whatever its version.
pub async fn a_set_overwrites<C: Cache>(cache: &Arc<C>) {
    let key = Keys::new("overwrite").key("a");
    for version in [7, 8, 3] {
        let entry = Entry::live(Version(version), value(version, 10 * version as usize));
        cache.set(&ctx(), &key, entry.clone(), None).await.expect("set");
        assert_eq!(cache.get(&ctx(), &key).await.expect("get"), Some(entry));
    }
}

/// A delete removes; one more is no error.
pub async fn a_delete_removes_and_deleting_nothing_is_no_error<C: Cache>(cache: &Arc<C>) {
    let key = Keys::new("delete").key("a");
    cache.set(&ctx(), &key, Entry::live(Version(1), value(1, 10)), None).await.expect("set");
    for _ in 0..2 {
        cache.delete(&ctx(), &key).await.expect("delete");
        assert_eq!(cache.get(&ctx(), &key).await.expect("get"), None);
    }
}

/// Keys that begin alike, or differ in case, are different keys.
pub async fn keys_are_told_apart<C: Cache>(cache: &Arc<C>) {
    let keys = Keys::new("apart");
    let names = ["a", "A", "aa", "ab", "a:b", "a*", "a?"];
    for (at, name) in names.iter().enumerate() {
        let entry = Entry::live(Version(at as u64 + 1), value(at as u64, 20));
        cache.set(&ctx(), &keys.key(name), entry, None).await.expect("set");
    }
    cache.delete(&ctx(), &keys.key("a*")).await.expect("delete");
    for (at, name) in names.iter().enumerate() {
        let found = cache.get(&ctx(), &keys.key(name)).await.expect("get").map(|entry| entry.version.0);
        assert_eq!(found, (*name != "a*").then_some(at as u64 + 1), "{name}");
    }
}

/// Values from none to a mebibyte (or the most that the cache takes) come back.
pub async fn every_size_comes_back<C: Cache>(cache: &Arc<C>) {
    let keys = Keys::new("sizes");
    let header = Entry::live(Version(1), Value::default()).encoded_len();
    let most = cache.capabilities().largest_entry.map_or(usize::MAX, |entry| entry - header);
    for size in SIZES.map(|size| size.min(most)) {
        let (key, entry) = (keys.key(size), Entry::live(Version(1), value(size as u64, size)));
        cache.set(&ctx(), &key, entry.clone(), None).await.expect("set");
        // Not assert_eq: a mebibyte makes no message.
        assert!(cache.get(&ctx(), &key).await.expect("get") == Some(entry), "{size} bytes did not come back");
    }
}

/// No byte means anything to the cache.
pub async fn every_byte_comes_back<C: Cache>(cache: &Arc<C>) {
    let (key, entry) = (Keys::new("bytes").key("a"), Entry::live(Version(1), every_byte()));
    cache.set(&ctx(), &key, entry.clone(), None).await.expect("set");
    assert_eq!(cache.get(&ctx(), &key).await.expect("get"), Some(entry));
}

/// A key of the greatest length works for every operation.
pub async fn the_longest_key_is_taken<C: Cache>(cache: &Arc<C>) {
    let (key, entry) = (Keys::new("longest").of_length(LONGEST_KEY), Entry::live(Version(1), value(1, 10)));
    cache.set(&ctx(), &key, entry.clone(), None).await.expect("set");
    assert_eq!(cache.get(&ctx(), &key).await.expect("get"), Some(entry));
    cache.delete(&ctx(), &key).await.expect("delete");
    assert_eq!(cache.get(&ctx(), &key).await.expect("get"), None);
}

/// "There is no such row" is an entry, and not the same as no entry or an empty value.
pub async fn a_negative_entry_comes_back<C: Cache>(cache: &Arc<C>) {
    let keys = Keys::new("negative");
    let (negative, empty) = (Entry::absent(Version(9)), Entry::live(Version(9), Value::default()));
    cache.set(&ctx(), &keys.key("negative"), negative.clone(), None).await.expect("set");
    cache.set(&ctx(), &keys.key("empty"), empty.clone(), None).await.expect("set");
    assert_eq!(cache.get(&ctx(), &keys.key("negative")).await.expect("get"), Some(negative));
    assert_eq!(cache.get(&ctx(), &keys.key("empty")).await.expect("get"), Some(empty));
}

/// An entry over the limit is refused as such, and the cache goes on.
pub async fn too_large_is_refused_by_name<C: Cache>(cache: &Arc<C>) {
    let Some(limit) = cache.capabilities().largest_entry else { return };
    let keys = Keys::new("too-large");
    let entry = Entry::live(Version(1), value(1, limit));
    let plain = cache.set(&ctx(), &keys.key("a"), entry.clone(), None).await.expect_err("over the limit");
    assert_eq!(plain.kind(), ErrorKind::TooLarge);
    if cache.capabilities().versioned_set {
        let versioned = cache.set_if_newer(&ctx(), &keys.key("a"), entry, None).await.expect_err("over the limit");
        assert_eq!(versioned.kind(), ErrorKind::TooLarge);
    }
    assert_eq!(cache.get(&ctx(), &keys.key("a")).await.expect("get"), None);
    an_entry_comes_back_whole(cache).await;
}
