//! Changes that are applied together, at versions that are given.

use crate::conformance::subject::{Keys, at_once, ctx, dropped_midway, every_byte, keeps_deadlines, value};
use cachemark_core::{Applied, Key, MOST_CHANGES, Row, Store, StoreChange, StoreError, Value, Version};
use std::sync::Arc;

/// Far above what a store counts to, as versions are that are made of times.
const GIVEN: u64 = 1_700_000_000_000_000;

fn change(key: &Key, version: u64, value: Option<Value>) -> StoreChange {
    StoreChange { key: key.clone(), version: Version(version), value }
}

async fn row<S: Store>(store: &Arc<S>, key: &Key) -> Row {
    store.read(&ctx(), key).await.expect("read")
}

/// New rows, old ones, deleted ones: each is what its change says, and a write or delete after it counts on.
pub async fn changes_put_rows_at_their_versions<S: Store>(store: &Arc<S>) {
    let keys = Keys::new("applied");
    let [new, old, deleted, revived, never] = ["new", "old", "deleted", "revived", "never"].map(|name| keys.key(name));
    for key in [&old, &deleted, &revived] {
        store.write(&ctx(), key, value(1, 30)).await.expect("write");
    }
    store.delete(&ctx(), &revived).await.expect("delete");
    let changes = [
        change(&new, GIVEN, Some(value(2, 40))),
        change(&old, GIVEN + 1, Some(value(3, 50))),
        change(&deleted, 7, None),
        change(&revived, 3, Some(value(4, 60))),
        change(&never, GIVEN + 2, None),
    ];
    assert_eq!(store.apply(&ctx(), &changes).await.expect("apply"), [Applied::Put; 5]);
    for StoreChange { key, version, value } in changes {
        assert_eq!(row(store, &key).await, Row { version, value }, "{key}");
    }
    assert_eq!(store.write(&ctx(), &new, value(5, 30)).await.expect("write"), Version(GIVEN + 1));
    assert_eq!(store.delete(&ctx(), &never).await.expect("delete"), Version(GIVEN + 3));
    assert_eq!(row(store, &new).await, Row { version: Version(GIVEN + 1), value: Some(value(5, 30)) });
}

/// A row that has the version or a newer one stays as it is, and the others of the batch are put all the same.
pub async fn a_change_that_is_no_newer_is_superseded<S: Store>(store: &Arc<S>) {
    let keys = Keys::new("superseded");
    let [same, newer, older] = ["same", "newer", "older"].map(|name| keys.key(name));
    let before = [&same, &newer, &older].map(|key| change(key, 10, Some(value(1, 30))));
    store.apply(&ctx(), &before).await.expect("apply");
    let changes =
        [change(&same, 10, None), change(&newer, 9, Some(value(2, 30))), change(&older, 11, Some(value(3, 30)))];
    let became = [Applied::Superseded, Applied::Superseded, Applied::Put];
    assert_eq!(store.apply(&ctx(), &changes).await.expect("apply"), became);
    for (key, version, seed) in [(&same, 10, 1), (&newer, 10, 1), (&older, 11, 3)] {
        assert_eq!(row(store, key).await, Row { version: Version(version), value: Some(value(seed, 30)) }, "{key}");
    }
    assert_eq!(store.apply(&ctx(), &changes).await.expect("again"), [Applied::Superseded; 3]);
    assert_eq!(store.apply(&ctx(), &[]).await.expect("nothing"), []);
}

/// What may not be applied together changes nothing.
pub async fn a_batch_that_is_refused_changes_nothing<S: Store>(store: &Arc<S>) {
    let keys = Keys::new("refused");
    let (first, second) = (keys.key("a"), keys.key("b"));
    let of = |key: &Key, version| change(key, version, Some(value(version, 30)));
    let many: Vec<_> = (0..=MOST_CHANGES).map(|number| of(&keys.key(number), 5)).collect();
    let batches =
        [vec![of(&first, 5), of(&second, 5), of(&first, 6)], vec![of(&first, 5), of(&second, 0)], many.clone()];
    for batch in batches {
        let refused = store.apply(&ctx(), &batch).await;
        assert!(matches!(refused, Err(StoreError::Rejected(_))), "{refused:?}");
        assert_eq!(row(store, &first).await, Row::NEVER);
        assert_eq!(row(store, &batch[0].key).await, Row::NEVER);
    }
    let most = store.apply(&ctx(), &many[1..]).await.expect("as many as may be");
    assert_eq!(most, vec![Applied::Put; MOST_CHANGES]);
}

/// Values of every size and of every byte, no value and an empty one, in one batch.
pub async fn a_batch_keeps_every_byte<S: Store>(store: &Arc<S>) {
    let keys = Keys::new("batch-bytes");
    let values = [Some(every_byte()), Some(value(1, 64 << 10)), Some(Value::default()), None, Some(value(2, 1 << 20))];
    let changes: Vec<_> =
        values.into_iter().enumerate().map(|(number, value)| change(&keys.key(number), 5, value)).collect();
    store.apply(&ctx(), &changes).await.expect("apply");
    for StoreChange { key, version, value } in changes {
        // Not assert_eq: a mebibyte makes no message.
        assert!(row(store, &key).await == Row { version, value }, "{key} did not come back");
    }
}

/// Batches of the same keys in different orders, many at once: all of them end, and each row has the newest of its changes.
pub async fn batches_at_once_leave_the_newest<S: Store>(store: &Arc<S>) {
    const KEYS: u64 = 30;
    let keys = Keys::new("batches-at-once");
    let key = move |number: u64| keys.key(number);
    at_once(store, 6, |store, task, ctx| {
        let key = key.clone();
        async move {
            for step in 0..20 {
                let version = 1 + step * 6 + u64::from(task);
                let mut order: Vec<u64> = (0..KEYS).collect();
                order.rotate_left(task as usize * 5);
                if task % 2 == 1 {
                    order.reverse();
                }
                let of = |number| change(&key(number), version, Some(value(version * KEYS + number, 40)));
                let changes: Vec<_> = order.into_iter().map(of).collect();
                store.apply(&ctx, &changes).await.expect("no batch waits in a circle");
                let seen = store.read(&ctx, &key(step)).await.expect("read").version;
                assert!(seen >= Version(version), "{seen} after {version} was applied");
            }
        }
    })
    .await;
    for number in 0..KEYS {
        let newest = Row { version: Version(120), value: Some(value(120 * KEYS + number, 40)) };
        assert_eq!(row(store, &key(number)).await, newest);
    }
}

/// A batch with hardly any time ends soon, one may be dropped midway, and the store goes on.
pub async fn a_batch_that_is_cut_short_leaves_the_store_usable<S: Store>(store: &Arc<S>) {
    let keys = Keys::new("batch-cut");
    let late: Vec<_> = (0..20).map(|number| change(&keys.key(number), 1, Some(value(number, 50)))).collect();
    keeps_deadlines(async |ctx| store.apply(&ctx, &late).await.map(drop), StoreError::kind).await;
    for round in 2..12u64 {
        let changes: Vec<_> =
            (0..20).map(|number| change(&keys.key(number), round, Some(value(round * number, 50)))).collect();
        dropped_midway(round as u32 % 5, store.apply(&ctx(), &changes)).await;
    }
    // A call that was given up may be carried out until the store is asked for the same rows again.
    let last: Vec<_> = (0..20).map(|number| change(&keys.key(number), 20, Some(value(number, 50)))).collect();
    store.apply(&ctx(), &last).await.expect("apply");
    for change in last {
        assert_eq!(row(store, &change.key).await, Row { version: change.version, value: change.value });
    }
}
