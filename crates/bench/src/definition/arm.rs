//! Arms: what a sweep compares.

use super::Chosen;
use cachemark_core::{PartKind, ServerSetting, SettingValue, Settings};

/// A named composition: a strategy, its settings, and what it sets of its cache, its store and their servers.
#[derive(Debug, Clone)]
pub struct Arm {
    /// Its name in every table, chart and assertion: that of its group, and its values on the axes that are its own.
    pub name: String,
    /// The name that the definition gives it. Arms that a list of values has made of one share it.
    pub group: String,
    /// The settings that its group is varied over, by name, with this arm's values.
    pub axes: Vec<(String, SettingValue)>,
    /// The strategy.
    pub strategy: Chosen,
    /// What it sets of caches and stores besides what the definition says of them.
    pub(super) own: Vec<Own>,
    /// How the servers that are started for it are set.
    pub servers: Settings,
}

/// Whose setting it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scope {
    Strategy,
    Cache,
    Store,
    Servers,
}

impl Scope {
    /// Those that an arm names, by the word before the setting's name; the strategy's own settings stand without one.
    pub(super) const NAMED: [(&'static str, Self); 3] =
        [("cache", Self::Cache), ("store", Self::Store), ("servers", Self::Servers)];

    pub(super) fn of(kind: PartKind) -> Self {
        match kind {
            PartKind::Strategy => Self::Strategy,
            PartKind::Cache => Self::Cache,
            PartKind::Store => Self::Store,
        }
    }

    /// What stands before the setting's name.
    pub(super) fn prefix(self) -> &'static str {
        match self {
            Self::Strategy => "",
            Self::Cache => "cache.",
            Self::Store => "store.",
            Self::Servers => "servers.",
        }
    }
}

/// A setting of a cache or store that an arm sets.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Own {
    pub(super) scope: Scope,
    /// The part's name; none for every one that has the setting.
    pub(super) part: Option<String>,
    pub(super) setting: &'static str,
    pub(super) value: SettingValue,
}

impl Arm {
    /// Whether its reads ask a cache.
    #[must_use]
    pub fn asks_cache(&self) -> bool {
        self.strategy.descriptor.asks_cache()
    }

    /// Whether caches and stores are for it as the definition has them for all.
    pub(super) fn sets_no_part(&self) -> bool {
        self.own.is_empty()
    }

    /// A cache or store as this arm sets it.
    #[must_use]
    pub fn over(&self, part: &Chosen) -> Chosen {
        let mut part = part.clone();
        let scope = Scope::of(part.descriptor.kind);
        for own in self.own.iter().filter(|own| own.scope == scope) {
            let meant = own.part.as_deref().is_none_or(|name| name == part.descriptor.name);
            if let Some(setting) = part.descriptor.setting(own.setting).filter(|_| meant) {
                part.settings.put(setting, own.value.clone());
            }
        }
        part
    }

    /// What of its servers' settings has a say in a cell over these parts.
    pub(crate) fn servers_of(&self, known: &[ServerSetting], parts: &[&str]) -> Settings {
        let mut settings = Settings::default();
        for ServerSetting { setting, of } in known {
            if of.iter().any(|part| parts.contains(part))
                && let Some((_, value)) = self.servers.iter().find(|(name, _)| *name == setting.name)
            {
                settings.put(setting, value.clone());
            }
        }
        settings
    }
}
