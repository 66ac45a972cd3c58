//! What a target is built of.

use crate::definition::{Arm, Chosen, Definition};
use cachemark_core::{Capabilities, Settings};
use std::time::Duration;

/// An arm over one cache and one store: everything that has a say in how a target is built, and nothing of how it is asked.
#[derive(Debug, Clone)]
pub struct Composition {
    /// The arm's name.
    pub arm: String,
    /// The strategy.
    pub strategy: Chosen,
    /// The cache; none for a strategy that never asks one.
    pub cache: Option<Chosen>,
    /// The store.
    pub store: Chosen,
    /// How the servers are set that are started for it, as far as it has any.
    pub servers: Settings,
    /// The cost added to each read at the store.
    pub read_cost: Duration,
    /// How many reads the store does at once, where that is emulated.
    pub store_workers: Option<u32>,
    /// Copies of the strategy's in-process state.
    pub instances: u32,
}

impl Composition {
    /// `arm` over `cache` and `store`, each set as the arm sets it; the cache is left out where the arm asks none.
    #[must_use]
    pub fn of(
        definition: &Definition,
        arm: &Arm,
        (cache, store): (Option<&Chosen>, &Chosen),
        read_cost: Duration,
        instances: u32,
    ) -> Self {
        let cache = cache.filter(|_| arm.asks_cache()).map(|cache| arm.over(cache));
        let names = cache.iter().chain([store]).map(|part| part.descriptor.name).collect::<Vec<_>>();
        Self {
            arm: arm.name.clone(),
            servers: arm.servers_of(&definition.server_settings, &names),
            strategy: arm.strategy.clone(),
            cache,
            store: arm.over(store),
            read_cost,
            store_workers: definition.store_workers,
            instances,
        }
    }

    /// The cache's name: "none" where there is none.
    #[must_use]
    pub fn cache_name(&self) -> &'static str {
        self.cache.as_ref().map_or("none", |cache| cache.descriptor.name)
    }

    /// The store's name.
    #[must_use]
    pub fn store_name(&self) -> &'static str {
        self.store.descriptor.name
    }

    /// What the strategy needs and its cache lacks, if anything. `capabilities` says what a cache can do.
    #[must_use]
    pub fn lacking(&self, capabilities: impl Fn(&Chosen) -> Capabilities) -> Option<String> {
        let offered = capabilities(self.cache.as_ref()?);
        let strategy = &self.strategy.descriptor;
        let missing = strategy.needs.missing_from(&offered);
        (!missing.is_empty()).then(|| format!("{} needs {}", strategy.name, missing.join(" and ")))
    }
}
