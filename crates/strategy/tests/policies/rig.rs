//! A scripted cache and store with policies around them, and around the strategy over them.

use cachemark_core::{
    Clock, Key, OpContext, OpError, ReadOutcome, Setting, SettingKind, SettingValue, Settings, Value,
};
use cachemark_core::{Strategy, WriteOutcome};
use cachemark_strategy::resilience::{
    CachePolicies, Policies, Resilient, StorePolicies, cache_settings, store_settings, strategy_settings,
};
use cachemark_strategy::strategies;
use cachemark_testkit::scripted::{CallLog, ScriptedCache, ScriptedStore};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::time::Instant;

/// Settings of which those are set that are `given`, as `retry=textbook retry-attempts=5`.
pub(crate) fn set(known: &[Setting], given: &str) -> Settings {
    let mut settings = Settings::defaults(known);
    for (name, word) in given.split_whitespace().map(|pair| pair.split_once('=').expect("name=value")) {
        let setting = known.iter().find(|setting| setting.name == name).expect("a setting");
        let value = match setting.kind {
            SettingKind::Integer { .. } => word.parse().map_or(SettingValue::Text(word.into()), SettingValue::Integer),
            SettingKind::Ratio => word.parse().map_or(SettingValue::Text(word.into()), SettingValue::Ratio),
            _ => SettingValue::Text(word.into()),
        };
        settings.put(setting, setting.check(value).expect("a value that the setting takes"));
    }
    settings
}

pub(crate) fn of_store(given: &str) -> Arc<StorePolicies> {
    Arc::new(StorePolicies::from_settings(&set(&store_settings(), given)).unwrap_or_default())
}

/// Those of a cache, and of a strategy over it.
pub(crate) fn of_cache(given: &str, of_strategy: &str) -> Arc<CachePolicies> {
    let (settings, of_strategy) = (set(&cache_settings(), given), set(&strategy_settings(), of_strategy));
    Arc::new(CachePolicies::from_settings(&settings, &of_strategy, &clock()).unwrap_or_default())
}

/// The runtime's clock: where time is paused, entries are as old to a policy as they are to their cache.
#[derive(Debug)]
struct TestClock(Instant);

impl Clock for TestClock {
    fn now_ns(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_nanos()).unwrap()
    }
}

fn clock() -> Arc<dyn Clock> {
    Arc::new(TestClock(Instant::now()))
}

/// A strategy over both, with what came of its policies.
pub(crate) struct Rig {
    pub(crate) log: CallLog,
    pub(crate) cache: Arc<ScriptedCache>,
    pub(crate) store: Arc<ScriptedStore>,
    pub(crate) policies: Policies,
    pub(crate) strategy: Arc<Resilient<ScriptedCache, ScriptedStore>>,
}

impl Rig {
    /// One with policies around its cache and its store alone.
    pub(crate) fn new(name: &str, cache_policies: &str, store_policies: &str) -> Self {
        Self::with(name, "", cache_policies, store_policies)
    }

    /// `of_strategy` has settings of the strategy and of the policies around it.
    pub(crate) fn with(name: &str, of_strategy: &str, cache_policies: &str, store_policies: &str) -> Self {
        let log = CallLog::new();
        let cache = Arc::new(ScriptedCache::logging_to(&log));
        let store = Arc::new(ScriptedStore::logging_to(&log));
        let described = strategies().iter().find(|strategy| strategy.name == name).expect("a strategy");
        let settings = set(&[described.settings, &strategy_settings()].concat(), of_strategy);
        let (of_cache, of_store) = (set(&cache_settings(), cache_policies), set(&store_settings(), store_policies));
        let clock = clock();
        let policies = Policies::from_settings(&settings, Some(&of_cache), &of_store, &clock).unwrap_or_default();
        let built = policies.build(name, &settings, Arc::clone(&cache), Arc::clone(&store), clock);
        Self { log, cache, store, policies, strategy: Arc::new(built.expect("a strategy")) }
    }

    pub(crate) async fn read(&self) -> Result<ReadOutcome, OpError> {
        self.strategy.read(&ctx(), &key()).await
    }

    pub(crate) async fn write(&self, text: &'static str) -> Result<WriteOutcome, OpError> {
        self.strategy.write(&ctx(), &key(), Value::new(text)).await
    }

    /// What the policies have counted under `name`.
    pub(crate) fn told(&self, name: &str) -> u64 {
        let mut told = BTreeMap::new();
        self.policies.tell(&mut told);
        told.get(name).copied().unwrap_or(0)
    }

    /// What those of the cache and those of the store have.
    pub(crate) fn both_told(&self, name: &str) -> (u64, u64) {
        (self.told(&format!("cache.{name}")), self.told(&format!("store.{name}")))
    }

    /// The calls since the last question.
    pub(crate) fn asked(&self) -> Vec<String> {
        let lines = self.log.lines();
        self.log.clear();
        lines
    }
}

pub(crate) fn key() -> Key {
    Key::new("k").unwrap()
}

pub(crate) fn ctx() -> OpContext {
    OpContext::new(1)
}
