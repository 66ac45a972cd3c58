//! Strategies with every policy around them: none brings about an anomaly that the strategy does not have, and an invalidation that is
//! tried again is not lost.

use crate::arms::{Arm, arms};
use crate::held::{self, Calendar};
use cachemark_core::{ANOMALIES, Anomaly, CacheProbe, Clock, Deployment, Freshness, Setting, SettingValue, Settings};
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

/// Lifetimes of entries: none, one that is longer than the suite, and one that is over before the suite has taken its next step.
const FOR_EVER: u64 = 0;
const AN_HOUR_MS: u64 = 3_600_000;
const A_MOMENT_MS: u64 = 1;

/// Strategies with everything that their writes may do to the entry, whose entries live for `lifetime_ms`: where that is for ever, those
/// that know no other lifetime as well.
fn guarded_arms(lifetime_ms: u64) -> Vec<Arm> {
    // The suite holds a load for longer than a lease's readers wait for it by default.
    let mut all = arms(|setting| [ON_WRITE.name, LONGEST_WAIT_MS.name].contains(&setting.name));
    all.retain_mut(|arm| {
        let lifetime = SettingValue::Integer(lifetime_ms);
        let ttl = arm.strategy.setting(TTL_MS.name).filter(|ttl| ttl.check(lifetime.clone()).is_ok());
        ttl.into_iter().for_each(|ttl| arm.settings.put(ttl, lifetime.clone()));
        lifetime_ms == FOR_EVER || ttl.is_some()
    });
    all
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

/// What was found of some arms.
#[derive(Debug, Default)]
struct Found {
    /// Anomalies that are seen and that the strategy does not have.
    added: Vec<String>,
    /// Anomalies that the strategy has and that are not seen.
    mended: BTreeSet<&'static str>,
    /// Strategies that had an entry which says how long it is fresh, and arms that never had one to stand in for an error.
    dated: BTreeSet<&'static str>,
    undated: Vec<String>,
}

impl Found {
    async fn of_arms_living(lifetime_ms: u64) -> Self {
        let mut found = Self::default();
        for arm in guarded_arms(lifetime_ms) {
            found.hold(&arm, lifetime_ms).await;
        }
        found
    }

    async fn hold(&mut self, arm: &Arm, lifetime_ms: u64) {
        let (cache, mut dated) = (Arc::new(ScriptedCache::new()), false);
        let suite = suite(arm, &cache);
        for anomaly in ANOMALIES {
            let of_one = suite.provoke(anomaly, 1).await.is_seen();
            // Several processes have what each of them has alone.
            let of_two = of_one || suite.provoke(anomaly, Deployment::SharedCache.processes()).await.is_seen();
            for (deployment, seen) in [(Deployment::OneProcess, of_one), (Deployment::SharedCache, of_two)] {
                let has = match lifetime_ms {
                    A_MOMENT_MS => has_by_itself(arm, anomaly, deployment).await,
                    _ => arm.strategy.has(anomaly, deployment, &arm.settings),
                };
                if seen && !has {
                    self.added.push(format!("{}, {}: {}", arm.name(), deployment.name(), anomaly.name));
                }
                if has && !seen {
                    self.mended.insert(anomaly.name);
                }
            }
            // Entries of a moment are gone when the suite has come to its end.
            dated = dated || has_a_dated_entry(&cache).await;
        }
        if dated {
            self.dated.insert(arm.strategy.name);
        } else if takes(arm, "stale-if-error") {
            self.undated.push(arm.name());
        }
    }
}

/// Whether the strategy has the anomaly without policies. What it declares is of entries that are there to be read, as those of a moment are
/// not.
async fn has_by_itself(arm: &Arm, anomaly: &Anomaly, deployment: Deployment) -> bool {
    let cache = Arc::new(ScriptedCache::new());
    let suite = held::suite(arm, move || Arc::clone(&cache), Arc::new(ScriptedStore::new()));
    let of_one = suite.provoke(anomaly, 1).await.is_seen();
    of_one || (deployment.processes() > 1 && suite.provoke(anomaly, deployment.processes()).await.is_seen())
}

#[tokio::test(start_paused = true)]
async fn policies_bring_about_no_anomaly_and_mend_the_lost_invalidation() {
    let found = Found::of_arms_living(FOR_EVER).await;
    assert_eq!(found.added, [""; 0]);
    assert_eq!(found.mended.into_iter().collect::<Vec<_>>(), ["lost-invalidation"]);
}

#[tokio::test(start_paused = true)]
async fn nor_do_they_where_entries_may_stand_in_for_errors() {
    let found = Found::of_arms_living(AN_HOUR_MS).await;
    assert_eq!(found.added, [""; 0]);
    assert_eq!(found.mended.into_iter().collect::<Vec<_>>(), ["lost-invalidation"]);
    assert_eq!(found.undated, [""; 0], "stale-if-error is held to nothing there");
    assert!(found.dated.len() >= 8, "{:?}", found.dated);
}

/// Each entry that is found is over then, and kept all the same: none of them may be taken for one that is not.
#[tokio::test(start_paused = true)]
async fn nor_where_each_of_those_is_over_when_it_is_read() {
    let found = Found::of_arms_living(A_MOMENT_MS).await;
    assert_eq!(found.added, [""; 0]);
    assert_eq!(found.undated, [""; 0], "stale-if-error is held to nothing there");
    assert!(found.dated.len() >= 8, "{:?}", found.dated);
}
