//! Strategies with every policy around them: none brings about an anomaly that the strategy does not have, and an invalidation that is
//! tried again is not lost.

use crate::arms::{Arm, arms};
use crate::held::Calendar;
use cachemark_core::{ANOMALIES, CacheProbe, Clock, Deployment, Freshness, Setting, SettingValue, Settings};
use cachemark_strategy::lease::LONGEST_WAIT_MS;
use cachemark_strategy::resilience::{
    Policies, Resilient, cache_settings, store_settings, strategies_with_policies, strategy_settings,
};
use cachemark_strategy::settings::{ON_WRITE, TTL_MS};
use cachemark_testkit::anomaly::Suite;
use cachemark_testkit::scripted::{GatedCache, GatedStore, ScriptedCache, ScriptedStore};
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::time::Instant;

type Guarded = Resilient<GatedCache<ScriptedCache>, GatedStore<ScriptedStore>>;
type Make = Box<dyn Fn(Arc<GatedCache<ScriptedCache>>, Arc<GatedStore<ScriptedStore>>) -> Guarded + Send + Sync>;

/// The clock by which entries grow old: the runtime's, which the suite lets pass by seconds.
#[derive(Debug)]
struct Passing(Instant);

impl Clock for Passing {
    fn now_ns(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_nanos()).expect("a test takes no centuries")
    }
}

/// A lifetime that is over before the suite has taken its next step.
const A_MOMENT_MS: u64 = 1;

/// Every strategy by what its writes do to the entry and by whether entries end: never, later than the suite, or at once.
fn guarded_arms() -> Vec<Arm> {
    // The suite holds a load for longer than a lease's readers wait for it by default.
    let varied = [TTL_MS.name, ON_WRITE.name, LONGEST_WAIT_MS.name];
    let mut all = arms(|setting| varied.contains(&setting.name));
    let mortal = all.iter().filter(|arm| lifetime_ms(arm) > 0 && arm.strategy.setting(TTL_MS.name) == Some(&TTL_MS));
    let of_a_moment = mortal.cloned().map(|mut arm| {
        arm.settings.put(&TTL_MS, SettingValue::Integer(A_MOMENT_MS));
        arm
    });
    let of_a_moment: Vec<Arm> = of_a_moment.collect();
    all.extend(of_a_moment);
    all
}

fn lifetime_ms(arm: &Arm) -> u64 {
    arm.settings.given_integer(TTL_MS.name).unwrap_or(0)
}

fn takes(arm: &Arm, policy: &str) -> bool {
    strategies_with_policies(&[*arm.strategy])[0].setting(policy).is_some()
}

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

fn suite(arm: &Arm, cache: &Arc<ScriptedCache>) -> Suite<ScriptedCache, ScriptedStore, Make> {
    let (arm, calendar) = (arm.clone(), Arc::<Calendar>::default());
    let passing: Arc<dyn Clock> = Arc::new(Passing(Instant::now()));
    let make: Make = Box::new(move |cache, store| {
        let clock: Arc<dyn Clock> = Arc::<Calendar>::clone(&calendar);
        let of_strategy = recommended(&strategy_settings(), |setting| takes(&arm, setting.name));
        let of_cache = recommended(&cache_settings(), |_| true);
        let of_store = recommended(&store_settings(), |_| true);
        let policies =
            Policies::from_settings(&of_strategy, Some(&of_cache), &of_store, &passing).expect("they are on");
        policies.build(arm.strategy.name, &arm.settings, cache, store, clock).expect("a strategy of the list")
    });
    let cache = Arc::clone(cache);
    Suite::with_caches(move || Arc::clone(&cache), Arc::new(ScriptedStore::new()), make)
}

/// Whether the cache has an entry that says how long it is fresh.
async fn has_a_dated_entry(cache: &ScriptedCache) -> bool {
    let keys = CacheProbe::keys(cache).await.expect("a scripted probe");
    let dated = |entry: &cachemark_core::Entry| entry.freshness != Freshness::default();
    keys.iter().any(|key| cache.entry(key).as_ref().is_some_and(dated))
}

#[tokio::test(start_paused = true)]
async fn policies_bring_about_no_anomaly_and_mend_the_lost_invalidation() {
    let (mut added, mut mended, mut undated) = (Vec::new(), BTreeSet::new(), Vec::new());
    let (mut dated, mut updating) = (BTreeSet::new(), BTreeSet::new());
    for arm in guarded_arms() {
        for deployment in [Deployment::OneProcess, Deployment::SharedCache] {
            let cache = Arc::new(ScriptedCache::new());
            let suite = suite(&arm, &cache);
            for anomaly in ANOMALIES {
                let mut seen = suite.provoke(anomaly, 1).await.is_seen();
                if !seen && deployment.processes() > 1 {
                    seen = suite.provoke(anomaly, deployment.processes()).await.is_seen();
                }
                let declared = arm.strategy.has(anomaly, deployment, &arm.settings);
                if seen && !declared {
                    added.push(format!("{}, {}: {}", arm.name(), deployment.name(), anomaly.name));
                }
                // What ends at once is not there to be wrong.
                if declared && !seen && lifetime_ms(&arm) != A_MOMENT_MS {
                    mended.insert(anomaly.name);
                }
            }
            if takes(&arm, "stale-if-error") && lifetime_ms(&arm) > 0 {
                let found = has_a_dated_entry(&cache).await;
                if found {
                    dated.insert(arm.strategy.name)
                } else {
                    undated.push(arm.name());
                    false
                };
            }
        }
        if arm.settings.text(ON_WRITE.name) == "update" {
            updating.insert(arm.strategy.name);
        }
    }
    assert!(added.is_empty(), "{added:#?}");
    assert_eq!(mended.into_iter().collect::<Vec<_>>(), ["lost-invalidation"]);
    assert!(undated.is_empty(), "none of their entries may stand in for an error: {undated:#?}");
    assert!(dated.len() >= 8 && updating.len() >= 4, "{dated:?} {updating:?}");
}
