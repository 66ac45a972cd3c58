//! Read, write, delete, and the versions that come of them.

use crate::conformance::subject::{Keys, SIZES, ctx, every_byte, value};
use cachemark_core::{LONGEST_KEY, Row, Store, Value, Version};
use std::sync::Arc;

fn live(version: u64, value: Value) -> Row {
    Row { version: Version(version), value: Some(value) }
}

/// The first write makes version 1, and reads return it with the value.
pub async fn a_row_comes_back<S: Store>(store: &Arc<S>) {
    let key = Keys::new("round-trip").key("a");
    assert_eq!(store.write(&ctx(), &key, value(1, 100)).await.expect("write"), Version(1));
    assert_eq!(store.read(&ctx(), &key).await.expect("read"), live(1, value(1, 100)));
}

/// A key that was never written has no version.
pub async fn an_absent_key_was_never_written<S: Store>(store: &Arc<S>) {
    assert_eq!(store.read(&ctx(), &Keys::new("absent").key("a")).await.expect("read"), Row::NEVER);
}

/// Each write is one version, also of the same value.
pub async fn an_overwrite_raises_the_version_by_one<S: Store>(store: &Arc<S>) {
    let key = Keys::new("overwrite").key("a");
    for (number, seed) in [(1, 5), (2, 6), (3, 6), (4, 7)] {
        assert_eq!(store.write(&ctx(), &key, value(seed, 30)).await.expect("write"), Version(number));
        assert_eq!(store.read(&ctx(), &key).await.expect("read"), live(number, value(seed, 30)));
    }
}

/// A deleted row has its version and no value; a second delete counts on.
pub async fn a_delete_raises_the_version_and_hides_the_value<S: Store>(store: &Arc<S>) {
    let key = Keys::new("delete").key("a");
    store.write(&ctx(), &key, value(1, 30)).await.expect("write");
    for number in [2, 3] {
        assert_eq!(store.delete(&ctx(), &key).await.expect("delete"), Version(number));
        assert_eq!(store.read(&ctx(), &key).await.expect("read"), Row { version: Version(number), value: None });
    }
}

/// A key that was never written stays so.
pub async fn deleting_nothing_makes_no_version<S: Store>(store: &Arc<S>) {
    let key = Keys::new("delete-nothing").key("a");
    assert_eq!(store.delete(&ctx(), &key).await.expect("delete"), Version::NONE);
    assert_eq!(store.read(&ctx(), &key).await.expect("read"), Row::NEVER);
}

/// Versions never start again.
pub async fn a_revived_row_goes_on_counting<S: Store>(store: &Arc<S>) {
    let key = Keys::new("revive").key("a");
    store.write(&ctx(), &key, value(1, 30)).await.expect("write");
    store.delete(&ctx(), &key).await.expect("delete");
    assert_eq!(store.write(&ctx(), &key, value(3, 30)).await.expect("write"), Version(3));
    assert_eq!(store.read(&ctx(), &key).await.expect("read"), live(3, value(3, 30)));
}

/// Keys that begin alike, or differ in case, are different rows.
pub async fn keys_are_told_apart<S: Store>(store: &Arc<S>) {
    let keys = Keys::new("apart");
    let names = ["a", "A", "aa", "a%", "a_", "a'b", "a\"", "1", "01", "1.0"];
    for (at, name) in names.iter().enumerate() {
        let version = store.write(&ctx(), &keys.key(name), value(at as u64, 20)).await.expect("write");
        assert_eq!(version, Version(1), "{name}");
    }
    for (at, name) in names.iter().enumerate() {
        assert_eq!(store.read(&ctx(), &keys.key(name)).await.expect("read"), live(1, value(at as u64, 20)), "{name}");
    }
}

/// Values from none to a mebibyte come back.
pub async fn every_size_comes_back<S: Store>(store: &Arc<S>) {
    let keys = Keys::new("sizes");
    for size in SIZES {
        let key = keys.key(size);
        store.write(&ctx(), &key, value(size as u64, size)).await.expect("write");
        let row = store.read(&ctx(), &key).await.expect("read");
        // Not assert_eq: a mebibyte makes no message.
        assert!(row == live(1, value(size as u64, size)), "{size} bytes did not come back");
    }
}

/// No byte means anything to the store.
pub async fn every_byte_comes_back<S: Store>(store: &Arc<S>) {
    let key = Keys::new("bytes").key("a");
    store.write(&ctx(), &key, every_byte()).await.expect("write");
    assert_eq!(store.read(&ctx(), &key).await.expect("read"), live(1, every_byte()));
}

/// A key of the greatest length works for every operation.
pub async fn the_longest_key_is_taken<S: Store>(store: &Arc<S>) {
    let key = Keys::new("longest").of_length(LONGEST_KEY);
    store.write(&ctx(), &key, value(1, 10)).await.expect("write");
    assert_eq!(store.read(&ctx(), &key).await.expect("read"), live(1, value(1, 10)));
    assert_eq!(store.delete(&ctx(), &key).await.expect("delete"), Version(2));
}
