//! What is simulated: a strategy, set so.

use crate::cache::{CAPABILITIES, SimCache};
use cachemark_core::{Clock, Descriptor, SettingValue, Settings, Store};
use cachemark_strategy::{AnyStrategy, strategies};
use std::sync::Arc;
use std::time::Duration;

/// A strategy with its settings.
#[derive(Debug, Clone)]
pub struct Arm {
    /// Its name in maps and charts.
    pub name: String,
    strategy: &'static Descriptor,
    settings: Settings,
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
    /// The strategy of that name; `settings` are complete, and checked against its descriptor.
    ///
    /// # Errors
    /// [`ArmError`].
    pub fn new(name: impl Into<String>, strategy: &str, settings: Settings) -> Result<Self, ArmError> {
        let found = strategies().iter().find(|known| known.name == strategy);
        let descriptor = found.ok_or_else(|| ArmError::Unknown(strategy.to_owned()))?;
        let missing = descriptor.needs.missing_from(&CAPABILITIES);
        if !missing.is_empty() {
            return Err(ArmError::Lacks { strategy: strategy.to_owned(), needs: missing.join(" and ") });
        }
        Ok(Self { name: name.into(), strategy: descriptor, settings })
    }

    /// The strategy of that name as it is by default, but that its entries do not expire.
    ///
    /// # Errors
    /// [`ArmError`].
    pub fn plain(strategy: &str) -> Result<Self, ArmError> {
        let mut arm = Self::new(strategy, strategy, Settings::default())?;
        arm.settings = Settings::defaults(arm.strategy.settings);
        Ok(arm.with("ttl-ms", SettingValue::Integer(0)))
    }

    /// The same with another value of a setting, if the strategy has that.
    #[must_use]
    pub fn with(mut self, setting: &str, value: SettingValue) -> Self {
        if let Some(setting) = self.strategy.settings.iter().find(|known| known.name == setting) {
            self.settings.put(setting, value);
        }
        self
    }

    /// How long entries live when a run begins; none if they do not expire.
    pub(crate) fn lifetime(&self) -> Option<Duration> {
        self.strategy.settings.iter().any(|setting| setting.name == "ttl-ms").then(|| self.settings.millis("ttl-ms"))?
    }

    /// The strategy over that cache and store.
    pub(crate) fn build<S: Store>(
        &self,
        cache: Arc<SimCache>,
        store: S,
        clock: Arc<dyn Clock>,
    ) -> Result<AnyStrategy<SimCache, S>, ArmError> {
        let built = cachemark_strategy::build(self.strategy.name, &self.settings, cache, Arc::new(store), clock);
        built.ok_or_else(|| ArmError::Unknown(self.strategy.name.to_owned()))
    }
}
