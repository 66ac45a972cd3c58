//! Entries that no strategy has made: a hit or a load, and never a panic.

use crate::rig::{Rig, arms, ctx, key};
use cachemark_core::{Entry, EntryBody, Freshness, Strategy, Value, Version};

#[tokio::test(start_paused = true)]
async fn an_entry_that_says_anything_of_itself_is_answered() {
    const ODD: [u64; 4] = [0, 1, u64::MAX / 2, u64::MAX];
    for (name, placement) in arms() {
        let rig = Rig::new(name, placement);
        rig.store.preload(&key(), Value::new("a"));
        for filled_at_ns in ODD {
            for (load_cost_ns, fresh_for_ns) in ODD.into_iter().flat_map(|cost| ODD.map(|fresh| (cost, fresh))) {
                for body in [EntryBody::Live(Value::new("x")), EntryBody::Absent] {
                    let freshness = Freshness { filled_at_ns, load_cost_ns, fresh_for_ns };
                    rig.cache.put(&key(), Entry { version: Version(u64::MAX), freshness, body: body.clone() });
                    let read = rig.read().await.unwrap();
                    let (entry, row) = (Entry { version: Version(u64::MAX), freshness, body }, Some(Value::new("a")));
                    assert!(
                        read.value.as_ref() == entry.value() || read.value == row,
                        "{name} {freshness:?}: {read:?}"
                    );
                    rig.strategy.drain(&ctx()).await.unwrap();
                }
            }
        }
        assert!(rig.write("b").await.is_ok() && rig.delete().await.is_ok(), "{name}");
    }
}
