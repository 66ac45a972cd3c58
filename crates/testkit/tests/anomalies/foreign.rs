//! What the example finds in strategies that are not ours.

use crate::judged::seen;
use cachemark_core::anomaly::{LOST_INVALIDATION, STAMPEDE};
use cachemark_stack::{Native, NativeOptions, ServerKind};
use cachemark_testkit::anomaly::{Absence, Suite, Verdict};
use cachemark_testkit::scripted::ScriptedStore;
use std::sync::Arc;

#[path = "../../examples/anomalies/redis_rs.rs"]
mod redis_rs;
#[path = "../../examples/anomalies/try_get_with.rs"]
mod try_get_with;

#[tokio::test(start_paused = true)]
async fn mokas_joined_loads_stop_stampedes_and_are_joined_after_writes() {
    let suite = Suite::new(|_cache, store| try_get_with::TryGetWith::new(store));
    let one = ["stale-set", "cancelled-write", "stale-join", "penetration", "resurrected-delete"];
    assert_eq!(seen(&suite, 1).await, one);
    let two = ["read-your-writes", "non-monotonic-read", "penetration"];
    assert_eq!(seen(&suite, 2).await, two);
    assert_eq!(suite.provoke(&STAMPEDE, 1).await, Verdict::Absent(Absence::Right));
    // The suite can't make its cache fail, and says so.
    let lost = suite.provoke(&LOST_INVALIDATION, 1).await;
    assert!(matches!(lost, Verdict::Absent(Absence::NotReached(_))), "{lost}");
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn a_plain_cache_aside_over_redis_has_the_races_of_its_kind() {
    let stack = Native::up(&NativeOptions::of(ServerKind::of("redis"))).unwrap();
    let url = stack.addresses().of("redis").unwrap().url.clone();
    let redis = Arc::new(redis_rs::PlainRedis::connect(&url).await.unwrap());
    let suite = Suite::over(redis, Arc::new(ScriptedStore::new()), redis_rs::CacheAside::new);
    // Its entries all have the same lifetime.
    let one = [
        "stale-set",
        "lost-invalidation",
        "cancelled-write",
        "stampede",
        "penetration",
        "avalanche",
        "resurrected-delete",
    ];
    assert_eq!(seen(&suite, 1).await, one);
    let two = [
        "stale-set",
        "lost-invalidation",
        "cancelled-write",
        "crash-after-commit",
        "stampede",
        "penetration",
        "avalanche",
        "resurrected-delete",
    ];
    assert_eq!(seen(&suite, 2).await, two);
}
