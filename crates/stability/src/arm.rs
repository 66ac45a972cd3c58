//! What is simulated: a strategy and the policies around its store, set so.

use crate::cache::{CAPABILITIES, SimCache};
use cachemark_core::{Clock, Descriptor, SettingValue, Settings, Store};
use cachemark_strategy::resilience::{ResilientStore, StorePolicies, store_settings};
use cachemark_strategy::{AnyStrategy, strategies};
use std::sync::Arc;
use std::time::Duration;

/// A strategy with its settings, and those of the policies around its store.
#[derive(Debug, Clone)]
pub struct Arm {
    /// Its name in maps and charts.
    pub name: String,
    strategy: &'static Descriptor,
    settings: Settings,
    policies: Settings,
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
    /// The strategy of that name; `settings` are complete, and checked against its descriptor. `store` are those of its store, of which the
    /// policies read theirs.
    ///
    /// # Errors
    /// [`ArmError`].
    pub fn new(name: impl Into<String>, strategy: &str, settings: Settings, store: Settings) -> Result<Self, ArmError> {
        let found = strategies().iter().find(|known| known.name == strategy);
        let descriptor = found.ok_or_else(|| ArmError::Unknown(strategy.to_owned()))?;
        let missing = descriptor.needs.missing_from(&CAPABILITIES);
        if !missing.is_empty() {
            return Err(ArmError::Lacks { strategy: strategy.to_owned(), needs: missing.join(" and ") });
        }
        Ok(Self { name: name.into(), strategy: descriptor, settings, policies: store })
    }

    /// The strategy of that name as it is by default, but that its entries do not expire; no policies.
    ///
    /// # Errors
    /// [`ArmError`].
    pub fn plain(strategy: &str) -> Result<Self, ArmError> {
        let mut arm = Self::new(strategy, strategy, Settings::default(), Settings::default())?;
        arm.settings = Settings::defaults(arm.strategy.settings);
        Ok(arm.with("ttl-ms", SettingValue::Integer(0)))
    }

    /// The same with another value of a setting of the strategy, or else of its store's policies, if there is such a one.
    #[must_use]
    pub fn with(mut self, setting: &str, value: SettingValue) -> Self {
        if let Some(setting) = self.strategy.settings.iter().find(|known| known.name == setting) {
            self.settings.put(setting, value);
        } else if let Some(setting) = store_settings().iter().find(|known| known.name == setting) {
            self.policies.put(setting, value);
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

    /// How long entries live when a run begins; none if they do not expire.
    pub(crate) fn lifetime(&self) -> Option<Duration> {
        let expires = self.strategy.settings.iter().any(|setting| setting.name == "ttl-ms");
        if expires { self.settings.millis("ttl-ms") } else { None }
    }

    /// The strategy over that cache and store, its policies between.
    pub(crate) fn build<S: Store>(
        &self,
        cache: Arc<SimCache>,
        store: S,
        clock: Arc<dyn Clock>,
    ) -> Result<AnyStrategy<SimCache, ResilientStore<S>>, ArmError> {
        let policies = Arc::new(StorePolicies::from_settings(&self.policies).unwrap_or_default());
        let store = Arc::new(ResilientStore::new(Arc::new(store), policies));
        let built = cachemark_strategy::build(self.strategy.name, &self.settings, cache, store, clock);
        built.ok_or_else(|| ArmError::Unknown(self.strategy.name.to_owned()))
    }
}
