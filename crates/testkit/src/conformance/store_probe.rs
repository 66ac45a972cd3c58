//! The contract of [`StoreProbe`]. These checks reset the table: the store must be theirs alone while they run.

use super::subject::{Keys, SampleRows, ctx, value};
use cachemark_core::{Key, PreloadRows, Row, Store, StoreChange, StoreProbe, Version};
use std::future::Future;
use std::sync::Arc;

/// Hands the list of checks on to another macro.
#[doc(hidden)]
#[macro_export]
macro_rules! store_probe_checks {
    ($then:ident, $attributes:tt $factory:path) => {
        $crate::$then! { $attributes $factory, store_probe:
            it_answers_and_names_itself,
            a_reset_leaves_the_preload_and_nothing_else,
            a_reset_can_be_repeated_and_changed,
            a_reset_to_no_rows_empties_the_table,
            inspecting_agrees_with_reading,
            looking_agrees_with_reading,
            counters_count_what_was_asked,
            counters_count_the_rows_of_a_batch,
        }
    };
}

/// Runs every check, each over a store that `factory` makes; panics at the first that fails.
pub async fn run_all<S, K, F>(factory: impl Fn() -> F)
where
    S: Store + StoreProbe,
    F: Future<Output = (S, K)>,
{
    crate::store_probe_checks!(conformance_run_all, [] factory);
}

/// It answers a ping, and has a version and settings.
pub async fn it_answers_and_names_itself<S: Store + StoreProbe>(store: &Arc<S>) {
    store.ping().await.expect("ping");
    let version = store.version().await.expect("version");
    assert!(version.split(' ').count() == 2 && version.ends_with(|end: char| end.is_ascii_digit()), "{version}");
    assert!(!store.settings().await.expect("settings").is_empty());
}

/// Asserts that every row of the preload is there, as it was loaded.
async fn holds_exactly<S: Store>(store: &Arc<S>, rows: &SampleRows) {
    for index in 0..rows.count() {
        let (key, value) = rows.row(index);
        let row = store.read(&ctx(), &key).await.expect("read");
        assert_eq!(row, Row { version: Version(1), value: Some(value) }, "row {index}");
    }
}

/// After a reset every row stands at version 1 with its own value; what else was there was never written.
pub async fn a_reset_leaves_the_preload_and_nothing_else<S: Store + StoreProbe>(store: &Arc<S>) {
    let keys = Keys::new("reset");
    // Not a multiple of any batch that a store might load at once.
    let rows = SampleRows::of(&keys, 1_237, 1);
    store.write(&ctx(), &keys.key("other"), value(1, 10)).await.expect("write");
    store.write(&ctx(), &rows.row(7).0, value(2, 10)).await.expect("write");
    store.reset(&rows).await.expect("reset");
    holds_exactly(store, &rows).await;
    assert_eq!(store.read(&ctx(), &keys.key("other")).await.expect("read"), Row::NEVER);
    assert_eq!(store.write(&ctx(), &rows.row(7).0, value(3, 10)).await.expect("write"), Version(2));
}

/// A second reset undoes what was done since the first; one to other rows replaces them.
pub async fn a_reset_can_be_repeated_and_changed<S: Store + StoreProbe>(store: &Arc<S>) {
    let keys = Keys::new("reset-again");
    let (rows, others) = (SampleRows::of(&keys, 40, 1), SampleRows::of(&Keys::new("reset-others"), 50, 2));
    for _ in 0..3 {
        store.reset(&rows).await.expect("reset");
        holds_exactly(store, &rows).await;
        assert_eq!(store.read(&ctx(), &others.row(0).0).await.expect("read"), Row::NEVER);
        store.delete(&ctx(), &rows.row(3).0).await.expect("delete");
        store.write(&ctx(), &rows.row(4).0, value(9, 10)).await.expect("write");
        store.write(&ctx(), &keys.key("new"), value(9, 10)).await.expect("write");
    }
    store.reset(&others).await.expect("reset");
    holds_exactly(store, &others).await;
    assert_eq!(store.read(&ctx(), &rows.row(3).0).await.expect("read"), Row::NEVER);
    // The same keys with other values are another preload.
    let changed = SampleRows::of(&keys, 40, 3);
    store.reset(&changed).await.expect("reset");
    holds_exactly(store, &changed).await;
}

/// No rows is a preload like any other.
pub async fn a_reset_to_no_rows_empties_the_table<S: Store + StoreProbe>(store: &Arc<S>) {
    let keys = Keys::new("reset-empty");
    store.write(&ctx(), &keys.key("a"), value(1, 10)).await.expect("write");
    store.reset(&SampleRows::of(&keys, 0, 1)).await.expect("reset");
    assert_eq!(store.read(&ctx(), &keys.key("a")).await.expect("read"), Row::NEVER);
    assert_eq!(store.write(&ctx(), &keys.key("a"), value(1, 10)).await.expect("write"), Version(1));
}

/// Inspect sees what a read sees.
pub async fn inspecting_agrees_with_reading<S: Store + StoreProbe>(store: &Arc<S>) {
    let keys = Keys::new("inspect");
    let (live, deleted, never) = (keys.key("live"), keys.key("deleted"), keys.key("never"));
    store.write(&ctx(), &live, value(1, 10)).await.expect("write");
    store.write(&ctx(), &deleted, value(2, 10)).await.expect("write");
    store.delete(&ctx(), &deleted).await.expect("delete");
    for key in [live, deleted, never] {
        assert_eq!(store.inspect(&key).await.expect("inspect"), store.read(&ctx(), &key).await.expect("read"));
    }
}

/// A look at many keys sees what reads see, each key once, in any batches.
pub async fn looking_agrees_with_reading<S: Store + StoreProbe>(store: &Arc<S>) {
    let keys = Keys::new("look");
    let rows = SampleRows::of(&keys, 1_237, 1);
    store.reset(&rows).await.expect("reset");
    let mut all: Vec<Key> = (0..rows.count()).map(|index| rows.row(index).0).collect();
    store.write(&ctx(), &all[3], value(9, 10)).await.expect("write");
    store.delete(&ctx(), &all[1_200]).await.expect("delete");
    all.insert(700, keys.key("never"));
    let mut seen: Vec<Option<Row>> = vec![None; all.len()];
    let told = |at: usize, row: Row| assert!(seen[at].replace(row).is_none(), "key {at} was told of twice");
    store.look(&all, &mut { told }).await.expect("look");
    for (key, seen) in all.iter().zip(seen) {
        assert_eq!(seen, Some(store.read(&ctx(), key).await.expect("read")), "{key}");
    }
}

/// The counters that a store keeps agree with what it was asked; those it lacks are not judged.
pub async fn counters_count_what_was_asked<S: Store + StoreProbe>(store: &Arc<S>) {
    let rows = SampleRows::of(&Keys::new("counters"), 100, 1);
    store.reset(&rows).await.expect("reset");
    let before = store.counters().await.expect("counters");
    for index in 0..60 {
        store.read(&ctx(), &rows.row(index).0).await.expect("read");
    }
    for index in 0..20 {
        store.write(&ctx(), &rows.row(index).0, value(index, 10)).await.expect("write");
    }
    let counted = store.counters().await.expect("counters").since(&before).0;
    // A write of a row that is there reads it first, so reads are a lower bound.
    assert!(counted.get("rows-read").is_none_or(|&rows| (60..=80).contains(&rows)), "{counted:?}");
    assert_eq!(counted.get("rows-written").copied().unwrap_or(20), 20, "{counted:?}");
}

/// The rows that a batch wrote are counted one by one, and not those that were no older.
pub async fn counters_count_the_rows_of_a_batch<S: Store + StoreProbe>(store: &Arc<S>) {
    let keys = Keys::new("counted-batch");
    let rows = SampleRows::of(&keys, 40, 1);
    store.reset(&rows).await.expect("reset");
    let before = store.counters().await.expect("counters");
    let change = |key: Key, version: u64, live: bool| {
        let value = live.then(|| value(version, 10));
        StoreChange { key, version: Version(version), value }
    };
    let old = (0..25).map(|index| change(rows.row(index).0, if index < 20 { 5 } else { 1 }, index % 2 == 0));
    let changes: Vec<_> = old.chain((0..10).map(|index| change(keys.key(index), 7, true))).collect();
    store.apply(&ctx(), &changes).await.expect("apply");
    let counted = store.counters().await.expect("counters").since(&before).0;
    assert_eq!(counted.get("rows-written").copied().unwrap_or(30), 30, "{counted:?}");
}
