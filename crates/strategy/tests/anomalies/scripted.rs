//! Every strategy with every choice of its settings, over a cache and a store in memory.

use crate::arms::{Arm, arms};
use crate::held::{differences, differences_of, suite};
use cachemark_core::anomaly::{AVALANCHE, REPLICA_LAG, REPLICA_RESURRECTION};
use cachemark_core::{Anomaly, Deployment, Setting, SettingKind};
use cachemark_strategy::settings::TTL_MS;
use cachemark_testkit::scripted::{ScriptedCache, ScriptedStore};
use std::sync::Arc;

#[tokio::test(start_paused = true)]
async fn strategies_have_the_anomalies_that_they_declare_and_no_other() {
    let mut found = Vec::new();
    // What a ratio does alone has a test of its own: here it would double the arms.
    for arm in arms(|setting| !is_ratio(setting)) {
        for deployment in Deployment::ALL {
            let shared = Arc::new(ScriptedCache::new());
            let cache = move || match deployment {
                Deployment::OwnCaches => Arc::new(ScriptedCache::new()),
                _ => Arc::clone(&shared),
            };
            found.extend(differences(&arm, deployment, cache, Arc::new(ScriptedStore::new())).await);
        }
    }
    assert!(found.is_empty(), "{} differences:\n{}", found.len(), found.join("\n"));
}

fn is_ratio(setting: &Setting) -> bool {
    matches!(setting.kind, SettingKind::Ratio)
}

/// Holds every one of `arms` to `anomalies`.
async fn hold(arms: Vec<Arm>, deployment: Deployment, anomalies: &[Anomaly]) {
    let mut found = Vec::new();
    for arm in arms {
        let cache = Arc::new(ScriptedCache::new());
        let store = Arc::new(ScriptedStore::new());
        found.extend(differences_of(anomalies, &arm, deployment, move || Arc::clone(&cache), store).await);
    }
    assert!(found.is_empty(), "{} differences:\n{}", found.len(), found.join("\n"));
}

#[tokio::test(start_paused = true)]
async fn behind_a_replica_strategies_keep_old_rows_as_they_declare() {
    let arms = arms(|setting| !is_ratio(setting));
    hold(arms, Deployment::Replica, &[REPLICA_LAG, REPLICA_RESURRECTION]).await;
}

#[tokio::test(start_paused = true)]
async fn with_caches_of_their_own_no_write_keeps_a_replicas_old_row_out_of_the_others() {
    for arm in arms(|_| false) {
        let cache = || Arc::new(ScriptedCache::new());
        let suite = suite(&arm, cache, Arc::new(ScriptedStore::new())).reading_a_replica();
        let verdict = suite.provoke(&REPLICA_LAG, 2).await;
        assert_eq!(verdict.is_seen(), arm.strategy.asks_cache(), "{}: {verdict}", arm.name());
    }
}

#[tokio::test(start_paused = true)]
async fn entries_that_are_filled_together_end_together_unless_lifetimes_are_spread() {
    let arms = arms(|setting| is_ratio(setting) || setting.name == TTL_MS.name);
    hold(arms, Deployment::OneProcess, &[AVALANCHE]).await;
}
