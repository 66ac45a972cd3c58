//! Entries that are loaded anew in the background.

use crate::rig::{Rig, absent, acked, ctx, found, hurried, key, settle};
use cachemark_core::CacheEffect::Invalidated;
use cachemark_core::Source::{Hit, MissLed, StaleServed};
use cachemark_core::{Entry, Freshness, OpError, Source, StoreError, Strategy, Value, Version};
use cachemark_testkit::scripted::{Op, Part, When};
use std::time::Duration;
use tokio::time::advance;

/// Strategies whose entries live for 10 s and are due after 8 s, and what a reader of one that is due is told.
const ARMS: [(&str, &str, Source); 2] = [
    ("refresh-ahead", "ttl-ms=10000 refresh-factor=0.2 ttl-jitter=0", Hit),
    ("stale-while-revalidate", "fresh-ms=8000 stale-ms=2000 ttl-jitter=0", StaleServed),
];
const UNTIL_DUE: Duration = Duration::from_secs(8);

/// A cache with "a" (v1), and a store in which somebody else has written "b" (v2) since.
async fn outdated(name: &str, settings: &str) -> Rig {
    let rig = Rig::new(name, settings);
    rig.store.preload(&key(), Value::new("a"));
    rig.read().await.unwrap();
    rig.store.preload(&key(), Value::new("b"));
    rig.asked();
    rig
}

async fn due(name: &str, settings: &str) -> Rig {
    let rig = outdated(name, settings).await;
    advance(UNTIL_DUE).await;
    rig
}

#[tokio::test(start_paused = true)]
async fn an_entry_is_reloaded_once_it_is_due_and_served_meanwhile() {
    for (name, settings, source) in ARMS {
        let rig = outdated(name, settings).await;
        advance(UNTIL_DUE - Duration::from_millis(1)).await;
        assert_eq!(rig.read().await, found("a", 1, Hit), "{name}");
        assert_eq!(rig.strategy.drain(&ctx()).await, Ok(()));
        assert_eq!(rig.asked(), ["C.get k"], "{name}");
        advance(Duration::from_millis(1)).await;
        assert_eq!(rig.read().await, found("a", 1, source), "{name}");
        assert_eq!(rig.strategy.drain(&ctx()).await, Ok(()));
        assert_eq!(rig.asked(), ["C.get k", "S.read k", "C.set k v2 for 10s"], "{name}");
        assert_eq!(rig.read().await, found("b", 2, Hit), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_nobody_asks_for_expires() {
    for (name, settings, _) in ARMS {
        let rig = outdated(name, settings).await;
        advance(Duration::from_secs(10)).await;
        assert_eq!(rig.read().await, found("b", 2, MissLed), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn all_who_find_an_entry_due_make_one_load() {
    for (name, settings, source) in ARMS {
        let rig = due(name, settings).await;
        rig.store.delay_when(When::every(Op::Read), Duration::from_millis(100));
        let readers: Vec<_> = (0..1_000).map(|_| rig.start_read(ctx())).collect();
        for reader in readers {
            assert_eq!(reader.await.unwrap(), found("a", 1, source), "{name}");
        }
        assert_eq!(rig.strategy.drain(&ctx()).await, Ok(()));
        assert_eq!(rig.log.count(Part::Store, Op::Read), 1, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_write_supersedes_a_reload_under_way() {
    for (name, settings, _) in ARMS {
        let rig = due(name, settings).await;
        let gate = rig.store.gate_when(When::next(Op::Read).after_effect());
        rig.read().await.unwrap();
        gate.reached().await;
        assert_eq!(rig.write("c").await, acked(3, Invalidated), "{name}");
        gate.release();
        assert_eq!(rig.strategy.drain(&ctx()).await, Ok(()));
        assert_eq!(rig.cached(), None, "{name}");
        assert_eq!(rig.read().await, found("c", 3, MissLed), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_write_takes_back_a_reload_that_has_not_begun() {
    for (name, settings, _) in ARMS {
        let rig = due(name, settings).await;
        rig.read().await.unwrap();
        // Neither of the two waits for anything, so the task has had no turn.
        rig.write("c").await.unwrap();
        assert_eq!(rig.strategy.drain(&ctx()).await, Ok(()));
        assert_eq!(rig.asked(), ["C.get k", "S.write k", "C.delete k"], "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_write_that_the_store_refuses_leaves_a_reload_alone() {
    for (name, settings, _) in ARMS {
        let rig = due(name, settings).await;
        rig.store.fail_next(Op::Write, StoreError::Rejected("read-only".into()));
        rig.read().await.unwrap();
        rig.write("c").await.unwrap_err();
        assert_eq!(rig.strategy.drain(&ctx()).await, Ok(()));
        assert_eq!(rig.cached(), Some(Version(2)), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_reload_that_fails_keeps_the_entry_and_is_tried_again() {
    for (name, settings, source) in ARMS {
        let rig = due(name, settings).await;
        rig.store.fail_next(Op::Read, StoreError::ConnectionLost("reset".into()));
        for _ in 0..2 {
            assert_eq!(rig.read().await, found("a", 1, source), "{name}");
            settle().await;
        }
        assert_eq!(rig.read().await, found("b", 2, Hit), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_reload_has_a_deadline_of_its_own() {
    for (name, settings, source) in ARMS {
        let rig = due(name, &format!("{settings} reload-timeout-ms=50")).await;
        rig.store.delay_when(When::next(Op::Read), Duration::from_secs(100));
        assert_eq!(rig.strategy.read(&hurried(1), &key()).await, found("a", 1, source), "{name}");
        let deadline = tokio::time::Instant::now() + Duration::from_millis(50);
        assert_eq!(rig.strategy.drain(&ctx()).await, Ok(()));
        assert_eq!(rig.log.calls().last().unwrap().deadline, Some(deadline), "{name}");
        assert_eq!(rig.cached(), Some(Version(1)), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_reload_that_finds_no_row_takes_the_entry_out() {
    for (name, settings, source) in ARMS {
        let rig = due(name, settings).await;
        rig.store.remove(&key());
        assert_eq!(rig.read().await, found("a", 1, source), "{name}");
        assert_eq!(rig.strategy.drain(&ctx()).await, Ok(()));
        assert_eq!(rig.read().await, absent(3, MissLed), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_drain_waits_for_reloads() {
    for (name, settings, _) in ARMS {
        let rig = due(name, settings).await;
        let gate = rig.store.gate(Op::Read, &key());
        rig.read().await.unwrap();
        assert_eq!(rig.strategy.drain(&hurried(10)).await, Err(OpError::Deadline), "{name}");
        gate.release();
        assert_eq!(rig.strategy.drain(&ctx()).await, Ok(()), "{name}");
        assert_eq!(rig.cached(), Some(Version(2)), "{name}");
    }
}

#[test]
fn a_reload_whose_runtime_is_shut_down_leaves_the_entry_to_the_next() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let (first, second) = (runtime(), runtime());
    let rig = Rig::new("refresh-ahead", "refresh-factor=1");
    rig.store.preload(&key(), Value::new("a"));
    first.block_on(async {
        rig.read().await.unwrap();
        let gate = rig.store.gate(Op::Read, &key());
        assert_eq!(rig.read().await, found("a", 1, Hit));
        gate.reached().await;
    });
    first.shutdown_background();
    rig.store.preload(&key(), Value::new("b"));
    second.block_on(async {
        assert_eq!(rig.strategy.drain(&ctx()).await, Ok(()));
        assert_eq!(rig.read().await, found("a", 1, Hit));
        assert_eq!(rig.strategy.drain(&ctx()).await, Ok(()));
        assert_eq!(rig.cached(), Some(Version(2)));
    });
}

#[tokio::test(start_paused = true)]
async fn an_entry_that_does_not_say_how_long_it_lives_is_a_hit_for_as_long_as_it_is_kept() {
    for (name, settings, _) in ARMS {
        let rig = Rig::new(name, settings);
        rig.cache.put(&key(), Entry::live(Version(7), Value::new("x")));
        advance(Duration::from_secs(3600)).await;
        assert_eq!(rig.read().await, found("x", 7, Hit), "{name}");
        assert_eq!(rig.strategy.drain(&ctx()).await, Ok(()));
        assert_eq!(rig.asked(), ["C.get k"], "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_served_past_its_stale_span_however_late_the_cache_is() {
    let rig = Rig::new("stale-while-revalidate", ARMS[1].1);
    rig.store.preload(&key(), Value::new("a"));
    let freshness = Freshness { filled_at_ns: 0, load_cost_ns: 0, fresh_for_ns: 8_000_000_000 };
    rig.cache.put(&key(), Entry { freshness, ..Entry::live(Version(1), Value::new("old")) });
    advance(Duration::from_millis(9_999)).await;
    assert_eq!(rig.read().await, found("old", 1, StaleServed));
    settle().await;
    rig.cache.put(&key(), Entry { freshness, ..Entry::live(Version(1), Value::new("old")) });
    assert_eq!(rig.read().await, found("a", 1, MissLed));
}

#[tokio::test(start_paused = true)]
async fn absence_has_no_stale_span() {
    let rig = Rig::new("stale-while-revalidate", &format!("{} negative-ttl-ms=500", ARMS[1].1));
    rig.read().await.unwrap();
    assert!(rig.asked().last().unwrap().ends_with("k v0 for 500ms"));
    advance(Duration::from_millis(500)).await;
    assert_eq!(rig.read().await, absent(0, MissLed));
}
