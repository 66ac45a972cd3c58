//! Strategies with every policy around them: none brings about an anomaly that the strategy does not have, and an invalidation that is
//! tried again is not lost.

use crate::arms::{Arm, arms};
use crate::held::Calendar;
use cachemark_core::{ANOMALIES, Clock, Deployment, Setting, SettingValue, Settings};
use cachemark_strategy::lease::LONGEST_WAIT_MS;
use cachemark_strategy::resilience::{
    Policies, Resilient, cache_settings, store_settings, strategies_with_policies, strategy_settings,
};
use cachemark_testkit::anomaly::Suite;
use cachemark_testkit::scripted::{GatedCache, GatedStore, ScriptedCache, ScriptedStore};
use std::collections::BTreeSet;
use std::sync::Arc;

type Guarded = Resilient<GatedCache<ScriptedCache>, GatedStore<ScriptedStore>>;
type Make = Box<dyn Fn(Arc<GatedCache<ScriptedCache>>, Arc<GatedStore<ScriptedStore>>) -> Guarded + Send + Sync>;

/// Every policy among `known` that the strategy takes, as recommended.
fn recommended(known: &[Setting], takes: impl Fn(&Setting) -> bool) -> Settings {
    let mut settings = Settings::defaults(known);
    for setting in known.iter().filter(|setting| takes(setting)) {
        if let Ok(value) = setting.check(SettingValue::Text("recommended".into())) {
            settings.put(setting, value);
        }
    }
    settings
}

fn suite(arm: &Arm) -> Suite<ScriptedCache, ScriptedStore, Make> {
    let (arm, calendar) = (arm.clone(), Arc::<Calendar>::default());
    let make: Make = Box::new(move |cache, store| {
        let clock: Arc<dyn Clock> = Arc::<Calendar>::clone(&calendar);
        let with = strategies_with_policies(&[*arm.strategy]);
        let of_strategy = recommended(&strategy_settings(), |setting| with[0].setting(setting.name).is_some());
        let of_cache = recommended(&cache_settings(), |_| true);
        let of_store = recommended(&store_settings(), |_| true);
        let policies = Policies::from_settings(&of_strategy, Some(&of_cache), &of_store, &clock).expect("they are on");
        policies.build(arm.strategy.name, &arm.settings, cache, store, clock).expect("a strategy of the list")
    });
    let cache = Arc::new(ScriptedCache::new());
    Suite::with_caches(move || Arc::clone(&cache), Arc::new(ScriptedStore::new()), make)
}

#[tokio::test(start_paused = true)]
async fn policies_bring_about_no_anomaly_and_mend_the_lost_invalidation() {
    let (mut added, mut mended) = (Vec::new(), BTreeSet::new());
    // The suite holds a load for longer than a lease's readers wait for it by default.
    for arm in arms(|setting| setting.name == LONGEST_WAIT_MS.name) {
        for deployment in [Deployment::OneProcess, Deployment::SharedCache] {
            let suite = suite(&arm);
            for anomaly in ANOMALIES {
                let mut seen = suite.provoke(anomaly, 1).await.is_seen();
                if !seen && deployment.processes() > 1 {
                    seen = suite.provoke(anomaly, deployment.processes()).await.is_seen();
                }
                let declared = arm.strategy.has(anomaly, deployment, &arm.settings);
                if seen && !declared {
                    added.push(format!("{}, {}: {}", arm.strategy.name, deployment.name(), anomaly.name));
                }
                if declared && !seen {
                    mended.insert(anomaly.name);
                }
            }
        }
    }
    assert!(added.is_empty(), "{added:#?}");
    assert_eq!(mended.into_iter().collect::<Vec<_>>(), ["lost-invalidation"]);
}
