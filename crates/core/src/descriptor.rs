//! What a part says of itself: a definition is checked against it, a report takes its colour from it.

use crate::{ANOMALIES, Anomaly, Capabilities, Declared, Deployment, HitModel, Model, Protocol, Setting, Settings};

/// Whether a part is a strategy, a cache or a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartKind {
    /// Joins a cache and a store.
    Strategy,
    /// Holds copies.
    Cache,
    /// Holds the truth.
    Store,
}

impl PartKind {
    /// The word for it in messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Strategy => "strategy",
            Self::Cache => "cache",
            Self::Store => "store",
        }
    }
}

/// What a strategy, cache or store says of itself.
#[derive(Debug, Clone, Copy)]
pub struct Descriptor {
    /// What the part is.
    pub kind: PartKind,
    /// Its name in definitions, flags and records.
    pub name: &'static str,
    /// What it does, for people, in one sentence.
    pub summary: &'static str,
    /// Whether it takes part only where it is named: a sweep that names no strategies has all others (strategies only).
    pub on_request: bool,
    /// What can be set.
    pub settings: &'static [Setting],
    /// What it needs of a cache (strategies only).
    pub needs: Capabilities,
    /// What theory goes by, with the part's settings complete.
    pub model: fn(&Settings) -> Model,
    /// The anomalies that it has, each with where and when (strategies only).
    pub anomalies: &'static [Declared],
    /// What it does in each operation, with the defaults (strategies only).
    pub protocol: Protocol,
    /// What theory says of it, for people; empty if nothing (strategies only).
    pub formula: &'static str,
    /// Where the idea comes from, or who describes it; empty if nobody is named (strategies only).
    pub source: &'static str,
    /// Its colour in charts, red, green, blue.
    pub colour: [u8; 3],
}

impl Descriptor {
    /// A part that has nothing else to say. Whoever has names that alone: `Descriptor { settings: &[..], ..Descriptor::of(..) }`.
    #[must_use]
    pub const fn of(kind: PartKind, name: &'static str, summary: &'static str) -> Self {
        Self {
            kind,
            name,
            summary,
            on_request: false,
            settings: &[],
            needs: Capabilities::NONE,
            model: |_| Model::none(),
            anomalies: &[],
            protocol: Protocol::NONE,
            formula: "",
            source: "",
            colour: [0, 0, 0],
        }
    }

    /// Whether reads of the strategy ask a cache, which none of its settings changes.
    #[must_use]
    pub fn asks_cache(&self) -> bool {
        (self.model)(&Settings::defaults(self.settings)).hits != HitModel::Never
    }

    /// Whether the strategy has `anomaly` in `deployment` with `settings`, which are complete.
    #[must_use]
    pub fn has(&self, anomaly: &Anomaly, deployment: Deployment, settings: &Settings) -> bool {
        let mut declared = self.anomalies.iter().filter(|declared| declared.anomaly == *anomaly);
        declared.any(|declared| declared.shows(deployment, settings))
    }

    /// The anomalies that it has, in the order of the list, each with where and when, for people; empty if everywhere and
    /// always.
    #[must_use]
    pub fn anomalies_in_words(&self) -> Vec<(&'static Anomaly, String)> {
        let circumstances = |anomaly: &Anomaly| -> Option<String> {
            let declared = self.anomalies.iter().filter(|declared| declared.anomaly == *anomaly);
            let told: Vec<_> = declared.map(Declared::circumstances).collect();
            (!told.is_empty()).then(|| told.join("; or "))
        };
        ANOMALIES.iter().filter_map(|anomaly| Some((anomaly, circumstances(anomaly)?))).collect()
    }

    /// The setting called `name`.
    #[must_use]
    pub fn setting(&self, name: &str) -> Option<&'static Setting> {
        self.settings.iter().find(|setting| setting.name == name)
    }
}
