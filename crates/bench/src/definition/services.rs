//! Definitions whose arms are services behind an address, and what a definition leaves out, by what it measures.

use super::arm::Scope;
use super::draft::Draft;
use super::mistake::{Located, Mistake, Origin};
use super::written::{OfArm, Written, WrittenArm};
use cachemark_core::{Descriptor, PartKind, Setting, SettingValue};
use toml::Table;

/// What there is besides, where the arms are services.
#[derive(Debug, Clone, PartialEq)]
pub struct Services {
    /// How they are spoken to, every default spelt out: the table `[http]`, which its reader knows.
    pub http: Table,
    /// Whether every key is written before each trial.
    pub preload: bool,
    /// How many sessions are started per second, where the driver starts them one by one; none: all at once.
    pub hatch_per_s: Option<f64>,
}

/// What a definition that says nothing of it means. `workloads/README.md` shows the same table.
pub(super) struct Defaults {
    pub(super) name: &'static str,
    pub(super) blocks: u64,
    /// A window, in ms; and one that is to show how a cache fills, and that it is full.
    pub(super) duration_ms: u64,
    pub(super) cold_duration_ms: u64,
    /// None for a warm-up by operations, as many as the caches need.
    pub(super) warm_up_ms: Option<u64>,
}

const OF_STACKS: Defaults =
    Defaults { name: "unnamed", blocks: 8, duration_ms: 500, cold_duration_ms: 3_000, warm_up_ms: None };

/// Of a service nobody knows which cache it has, nor how far away it is.
const OF_SERVICES: Defaults =
    Defaults { name: "load", blocks: 1, duration_ms: 10_000, cold_duration_ms: 10_000, warm_up_ms: Some(2_000) };

const TARGET: &str = "--target";

impl Draft {
    pub(super) fn defaults(&self) -> &'static Defaults {
        if self.http.is_some() { &OF_SERVICES } else { &OF_STACKS }
    }

    /// The same with mistakes that others have found in it.
    #[must_use]
    pub fn also(mut self, mistakes: Vec<Mistake>) -> Self {
        self.mistakes.extend(mistakes);
        self
    }

    /// The same as a load on services takes it. Each of `services` (a name, and the value of `url`) is an arm of `strategy`,
    /// and the first is the reference; where none is given, the file's own arms of it are. What a sweep says of the stacks
    /// that it builds has no say.
    #[must_use]
    pub fn of_services(
        mut self,
        strategy: &Descriptor,
        url: &Setting,
        services: Vec<(String, String)>,
        http: Table,
    ) -> Self {
        let is_service = |name: &Located<String>| name.value == strategy.name;
        if services.is_empty() {
            self.arms.retain(|arm| is_service(&arm.strategy));
            self.strategies.get_or_insert_default().retain(is_service);
            self.parts.retain(|table| table.kind == PartKind::Strategy && is_service(&table.name));
        } else {
            self.arms = services.into_iter().map(|service| arm(strategy, url, service)).collect();
            self.strategies = Some(Vec::new());
            self.parts.clear();
            self.reference = None;
        }
        let first = self.arms.first().map(|arm| arm.name.clone().unwrap_or_else(|| arm.strategy.clone()));
        // A reference of the file may be one of its own services, or a strategy of a sweep.
        self.reference =
            self.reference.filter(|given| self.arms.iter().any(|arm| arm.is_called(&given.value))).or(first);
        if self.arms.len() < 2 {
            self.control = Some(Located { value: false, origin: Origin::Default });
        }
        (self.caches, self.stores, self.read_costs_us, self.instances) = (None, None, None, None);
        self.store_workers = None;
        (self.phase, self.warm_up_scan, self.warm_up_cap_ms, self.prewarm_keys) = (None, None, None, None);
        (self.cache_timeout_ms, self.hop_times) = (None, None);
        (self.servers, self.sets, self.http) = (Vec::new(), Vec::new(), Some(http));
        self
    }

    /// Whether it says how services are spoken to, or has an arm of that strategy, which is one.
    #[must_use]
    pub fn names_services(&self, strategy: &Descriptor) -> bool {
        self.has_http || self.arms.iter().any(|arm| arm.strategy.value == strategy.name)
    }

    /// Whether it has a field that only a load on services takes.
    #[must_use]
    pub fn drives_services(&self) -> bool {
        self.driver.is_some() || self.preload.is_some() || self.hatch_per_s.is_some()
    }

    /// What there is besides, if this is a definition of services.
    pub(super) fn services(&self) -> Option<Services> {
        Some(Services {
            http: self.http.clone()?,
            preload: self.preload.as_ref().is_some_and(|preload| preload.value),
            hatch_per_s: self.hatch_per_s.as_ref().map(|rate| rate.value),
        })
    }
}

fn arm(strategy: &Descriptor, url: &Setting, (name, value): (String, String)) -> WrittenArm {
    let flag = |value: &str| Located { value: value.to_owned(), origin: Origin::Flag(TARGET) };
    let written = Written { name: flag(url.name), values: vec![Some(SettingValue::Text(value))] };
    let settings = vec![OfArm { scope: Scope::Strategy, part: None, written }];
    WrittenArm { name: Some(flag(&name)), strategy: flag(strategy.name), settings }
}
