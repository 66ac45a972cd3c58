//! A cache that hangs, and has a time of its own: the operation goes on without it, with what is left of its deadline.

use crate::rig::{arms, ctx, found, get_of, hurried, key, kinds, parse, set_of, telling_arms};
use cachemark_core::CacheEffect::Failed;
use cachemark_core::Source::{CacheFailed, Hit, MissLed};
use cachemark_core::{ErrorKind, Limited, Strategy, Value};
use cachemark_strategy::{AnyStrategy, build};
use cachemark_testkit::scripted::{CallLog, ManualClock, ScriptedCache, ScriptedStore, When};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

const LIMIT: Duration = Duration::from_millis(25);
/// Far beyond any deadline here.
const HANGS: Duration = Duration::from_secs(60);

struct Rig {
    log: CallLog,
    cache: Arc<Limited<ScriptedCache>>,
    strategy: AnyStrategy<Limited<ScriptedCache>, ScriptedStore>,
}

fn rig(name: &str, placement: &str, limit: Option<Duration>) -> Rig {
    let log = CallLog::new();
    let cache = Arc::new(Limited::new(ScriptedCache::logging_to(&log), limit));
    let store = Arc::new(ScriptedStore::logging_to(&log));
    store.preload(&key(), Value::new("a"));
    let settings = parse(name, placement);
    let strategy = build(name, &settings, Arc::clone(&cache), store, Arc::new(ManualClock::new())).unwrap();
    Rig { log, cache, strategy }
}

/// Time is paused, so this is exact but for the timer's step.
fn took_one_limit(began: Instant) -> bool {
    (LIMIT..LIMIT + Duration::from_millis(3)).contains(&began.elapsed())
}

#[tokio::test(start_paused = true)]
async fn a_read_asks_the_store_with_what_is_left_of_its_deadline() {
    for (name, placement) in arms() {
        let rig = rig(name, placement, Some(LIMIT));
        rig.cache.inner().delay_when(When::next(get_of(name)), HANGS);
        let (began, ctx) = (Instant::now(), hurried(100));
        assert_eq!(rig.strategy.read(&ctx, &key()).await, found("a", 1, CacheFailed), "{name} {placement}");
        assert!(took_one_limit(began), "{name} {placement}: {:?}", began.elapsed());
        assert_eq!(kinds(&rig.log.lines()), ["C.get k", "S.read k"], "{name} {placement}");
        assert!(rig.log.calls()[1].deadline >= ctx.deadline(), "{name} {placement}");
        assert_eq!(rig.strategy.read(&ctx, &key()).await, found("a", 1, MissLed), "{name} {placement}");
        assert_eq!(rig.strategy.read(&ctx, &key()).await, found("a", 1, Hit), "{name} {placement}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refill_that_hangs_holds_a_read_up_no_longer() {
    for (name, placement) in arms() {
        let rig = rig(name, placement, Some(LIMIT));
        rig.cache.inner().delay_when(When::next(set_of(name)), HANGS);
        let began = Instant::now();
        assert_eq!(rig.strategy.read(&hurried(1_000), &key()).await, found("a", 1, MissLed), "{name} {placement}");
        assert!(took_one_limit(began), "{name} {placement}: {:?}", began.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn a_change_waits_no_longer_for_its_cache() {
    for (name, placement) in telling_arms() {
        for delete in [false, true] {
            let rig = rig(name, placement, Some(LIMIT));
            rig.cache.inner().delay_when(When::always(), HANGS);
            let (began, ctx) = (Instant::now(), ctx());
            let changed = if delete {
                rig.strategy.delete(&ctx, &key()).await
            } else {
                rig.strategy.write(&ctx, &key(), Value::new("b")).await
            };
            assert_eq!(changed.unwrap().cache, Failed(ErrorKind::Timeout), "{name} {placement}");
            assert!(took_one_limit(began), "{name} {placement}: {:?}", began.elapsed());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn with_nothing_left_the_store_is_not_asked_and_not_blamed() {
    for (name, placement) in arms() {
        let rig = rig(name, placement, None);
        rig.cache.inner().delay_when(When::next(get_of(name)), HANGS);
        let failed = rig.strategy.read(&hurried(100), &key()).await.unwrap_err();
        assert_eq!(failed.kind(), ErrorKind::CacheTimeout, "{name} {placement}: {failed}");
        assert_eq!(kinds(&rig.log.lines()), ["C.get k"], "{name} {placement}");
    }
}
