//! What is simulated: a strategy and the policies around it, its cache and its store, set so.

use crate::cache::{CAPABILITIES, SimCache};
use cachemark_core::{Clock, Descriptor, SettingValue, Settings, Store};
use cachemark_strategy::resilience::settings::OFF;
use cachemark_strategy::resilience::{Policies, Resilient, cache_settings, store_settings, strategy_settings};
use cachemark_strategy::strategies;
use std::sync::Arc;

/// A strategy with its settings, and those of the policies around it, its cache and its store.
#[derive(Debug, Clone)]
pub struct Arm {
    /// Its name in maps and charts.
    pub name: String,
    strategy: &'static Descriptor,
    settings: ArmSettings,
}

/// What an arm sets of its parts.
#[derive(Debug, Clone, Default)]
pub struct ArmSettings {
    /// Those of the strategy, and of the policies around it.
    pub strategy: Settings,
    /// Those of its cache, of which the policies read theirs.
    pub cache: Settings,
    /// Those of its store, of which the policies read theirs.
    pub store: Settings,
}

/// What cannot be simulated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArmError {
    /// There is no such strategy.
    #[error("there is no strategy `{0}`")]
    Unknown(String),
    /// The cache in memory has not what the strategy needs.
    #[error("{strategy} needs {needs}, which the simulated cache lacks: leave it out")]
    Lacks {
        /// The strategy.
        strategy: String,
        /// What it needs.
        needs: String,
    },
}

impl Arm {
    /// The strategy of that name; the strategy's own settings are complete, and checked against its descriptor.
    ///
    /// # Errors
    /// [`ArmError`].
    pub fn new(name: impl Into<String>, strategy: &str, settings: ArmSettings) -> Result<Self, ArmError> {
        let found = strategies().iter().find(|known| known.name == strategy);
        let descriptor = found.ok_or_else(|| ArmError::Unknown(strategy.to_owned()))?;
        let missing = descriptor.needs.missing_from(&CAPABILITIES);
        if !missing.is_empty() {
            return Err(ArmError::Lacks { strategy: strategy.to_owned(), needs: missing.join(" and ") });
        }
        Ok(Self { name: name.into(), strategy: descriptor, settings })
    }

    /// The strategy of that name as it is by default, but that its entries do not expire; no policies.
    ///
    /// # Errors
    /// [`ArmError`].
    pub fn plain(strategy: &str) -> Result<Self, ArmError> {
        let mut arm = Self::new(strategy, strategy, ArmSettings::default())?;
        arm.settings.strategy = Settings::defaults(arm.strategy.settings);
        Ok(arm.with("ttl-ms", SettingValue::Integer(0)))
    }

    /// The same with another value of a setting of the strategy or the policies around it, or else of its store's policies, if there is such
    /// a one.
    #[must_use]
    pub fn with(mut self, setting: &str, value: SettingValue) -> Self {
        let around = strategy_settings();
        if let Some(setting) = self.strategy.settings.iter().chain(&around).find(|known| known.name == setting) {
            self.settings.strategy.put(setting, value);
        } else if let Some(setting) = store_settings().iter().find(|known| known.name == setting) {
            self.settings.store.put(setting, value);
        }
        self
    }

    /// The same with another value of a setting of its cache's policies, if there is such a one.
    #[must_use]
    pub fn with_of_cache(mut self, setting: &str, value: SettingValue) -> Self {
        if let Some(setting) = cache_settings().iter().find(|known| known.name == setting) {
            self.settings.cache.put(setting, value);
        }
        self
    }

    /// The same that lets `calls` calls at a time to its store, and turns away what comes beyond.
    #[must_use]
    pub fn limited(self, calls: u64) -> Self {
        let of = SettingValue::Integer;
        let limited = self.with("limit", SettingValue::Text("recommended".into())).with("limit-calls", of(calls));
        let mut limited = limited.with("limit-queue", of(0)).with("limit-wait-ms", of(0));
        limited.name += &format!(", at most {calls} at the store");
        limited
    }

    /// The strategy's name.
    #[must_use]
    pub fn strategy(&self) -> &'static str {
        self.strategy.name
    }

    /// Whether its entries expire.
    pub(crate) fn expires(&self) -> bool {
        (self.strategy.model)(&self.settings.strategy).lifetime().is_some()
    }

    /// The same as it fills a cache while nothing is amiss: what it does to entries it does, and sheds, limits or tries again nothing.
    pub(crate) fn in_peace(&self) -> Self {
        let settings = ArmSettings { strategy: self.settings.strategy.clone(), ..ArmSettings::default() };
        Self { settings, ..self.clone() }.with("throttle", SettingValue::Text(OFF.into()))
    }

    /// The strategy over that cache and store, its policies around each, which go by tokio's clock and by `clock`.
    pub(crate) fn build<S: Store>(
        &self,
        cache: Arc<SimCache>,
        store: Arc<S>,
        clock: Arc<dyn Clock>,
    ) -> Result<Resilient<SimCache, S>, ArmError> {
        let ArmSettings { strategy, cache: of_cache, store: of_store } = &self.settings;
        let policies = Policies::from_settings(strategy, Some(of_cache), of_store, &clock).unwrap_or_default();
        let built = policies.build(self.strategy.name, strategy, cache, store, clock);
        built.ok_or_else(|| ArmError::Unknown(self.strategy.name.to_owned()))
    }
}
