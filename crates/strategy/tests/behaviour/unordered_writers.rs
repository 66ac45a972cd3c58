//! Write-through without its lock.

use crate::rig::{PLACEMENTS, Rig, acked, found, hurried, key};
use cachemark_core::CacheEffect::Updated;
use cachemark_core::Source::Hit;
use cachemark_core::{Strategy, Value, Version};
use cachemark_testkit::scripted::{Op, Part, When};

#[tokio::test(start_paused = true)]
async fn two_writers_invert_without_the_lock_and_not_with_it() {
    for placement in PLACEMENTS {
        for (lock, cached) in [("lock=true", Version(2)), ("lock=false", Version(1))] {
            let rig = Rig::new("write-through", &format!("{lock} {placement}"));
            let gate = rig.store.gate_when(When::next(Op::Write).after_effect());
            let first = rig.start_write("a");
            gate.reached().await;
            let second = rig.start_write("b");
            crate::rig::settle().await;
            gate.release();
            assert_eq!(first.await.unwrap(), acked(1, Updated), "{lock} {placement}");
            assert_eq!(second.await.unwrap(), acked(2, Updated), "{lock} {placement}");
            assert_eq!(rig.cached(), Some(cached), "{lock} {placement}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn without_the_lock_a_writer_does_not_wait_for_another() {
    let rig = Rig::new("write-through", "lock=false");
    let gate = rig.store.gate(Op::Write, &key());
    let first = rig.start_write("a");
    gate.reached().await;
    assert_eq!(rig.strategy.write(&hurried(10), &key(), Value::new("b")).await, acked(1, Updated));
    assert_eq!(rig.read().await, found("b", 1, Hit));
    gate.release();
    first.await.unwrap().unwrap();
    assert_eq!(rig.log.count(Part::Store, Op::Write), 2);
}
