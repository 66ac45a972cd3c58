//! A scripted cache and store with policies around them.

use cachemark_core::{Key, OpContext, Setting, SettingKind, SettingValue, Settings};
use cachemark_strategy::resilience::{
    CachePolicies, ResilientCache, ResilientStore, StorePolicies, cache_settings, store_settings,
};
use cachemark_strategy::{AnyStrategy, build, strategies};
use cachemark_testkit::scripted::{CallLog, ManualClock, ScriptedCache, ScriptedStore};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) type Subject = AnyStrategy<ResilientCache<ScriptedCache>, ResilientStore<ScriptedStore>>;

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

pub(crate) fn of_cache(given: &str) -> Arc<CachePolicies> {
    Arc::new(CachePolicies::from_settings(&set(&cache_settings(), given)).unwrap_or_default())
}

/// A strategy over both, with what came of its policies.
pub(crate) struct Rig {
    pub(crate) log: CallLog,
    pub(crate) cache: Arc<ScriptedCache>,
    pub(crate) store: Arc<ScriptedStore>,
    pub(crate) of_cache: Arc<CachePolicies>,
    pub(crate) of_store: Arc<StorePolicies>,
    pub(crate) strategy: Arc<Subject>,
}

impl Rig {
    pub(crate) fn new(name: &str, cache_policies: &str, store_policies: &str) -> Self {
        let log = CallLog::new();
        let cache = Arc::new(ScriptedCache::logging_to(&log));
        let store = Arc::new(ScriptedStore::logging_to(&log));
        let (of_cache, of_store) = (of_cache(cache_policies), of_store(store_policies));
        let around_cache = Arc::new(ResilientCache::new(Arc::clone(&cache), Arc::clone(&of_cache)));
        let around_store = Arc::new(ResilientStore::new(Arc::clone(&store), Arc::clone(&of_store)));
        let described = strategies().iter().find(|strategy| strategy.name == name).expect("a strategy");
        let settings = Settings::defaults(described.settings);
        let clock = Arc::new(ManualClock::new());
        let strategy = build(name, &settings, around_cache, around_store, clock).expect("a strategy");
        Self { log, cache, store, of_cache, of_store, strategy: Arc::new(strategy) }
    }

    /// What the policies of the cache and of the store have counted under `name`.
    pub(crate) fn told(&self, name: &str) -> (u64, u64) {
        let (mut cache, mut store) = (BTreeMap::new(), BTreeMap::new());
        self.of_cache.tell(&mut cache);
        self.of_store.tell(&mut store);
        let of = |told: &BTreeMap<&str, u64>| told.get(name).copied().unwrap_or(0);
        (of(&cache), of(&store))
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
