//! Builds targets over a stack that is up.

mod assembled;
mod backends;
mod caches;
mod stores;

use crate::exit::Failure;
use crate::stack::Stack;
pub(crate) use assembled::Assembled;
use assembled::MeteredCache;
use backends::{Backends, describe};
use cachemark_backend::AnyCache;
use cachemark_backend::sqlite::Templates;
use cachemark_bench::definition::{Chosen, Definition, Driving};
use cachemark_bench::{Assembler, Composition, Target, TargetError};
use cachemark_core::{Bounded, CacheMeter, Limited, Metered, Settings, StoreMeter};
use cachemark_results::{DataDisk, Server};
use cachemark_stack::{Addresses, Scratch};
use std::sync::Arc;
use std::time::Duration;

/// Builds targets over one stack.
pub(crate) struct Assembly<'a> {
    pub(crate) stack: &'a Stack,
    /// The embedded store's folder, removed with the assembly.
    folder: Scratch,
    /// The embedded store's preloads, made once and copied for each trial.
    templates: Templates,
    pub(crate) driving: Driving,
}

impl<'a> Assembly<'a> {
    pub(crate) fn over(stack: &'a Stack, definition: &Definition) -> Result<Self, Failure> {
        let folder = Scratch::new()?;
        let templates = Templates::new(folder.path().join("templates"));
        Ok(Self { stack, folder, templates, driving: definition.driving })
    }

    pub(crate) fn drivers(&self) -> usize {
        usize::from(self.driving.driver_threads)
    }

    /// Every cache and store of the definition, in their own words. Each is reached here first: what is missing, refuses
    /// or does not answer is known before anything is measured.
    pub(crate) async fn servers(&self, definition: &Definition) -> Result<Vec<Server>, TargetError> {
        let mut described = Vec::new();
        for cache in &definition.caches {
            let settings = widest(definition, cache);
            for servers in self.stack.variants_of(cache.descriptor.name) {
                let addresses = self.ready(&servers)?;
                let built = self.cache(cache.descriptor.name, &settings, &addresses).await?;
                described.push(describe("cache", cache.descriptor.name, built.probe()).await?);
            }
        }
        for store in &definition.stores {
            let settings = widest(definition, store);
            for servers in self.stack.variants_of(store.descriptor.name) {
                let addresses = self.ready(&servers)?;
                let built = self.store(store.descriptor.name, &settings, Duration::ZERO, &addresses).await?;
                described.push(describe("store", store.descriptor.name, built.probe()).await?);
            }
        }
        self.find_room(definition).await?;
        Ok(described)
    }

    /// Where the servers are that are set so: they run then.
    fn ready(&self, servers: &Settings) -> Result<Addresses, TargetError> {
        let failed = |error| TargetError::new("the arm's servers", "starting", error);
        self.stack.make_ready(servers).map_err(failed)?;
        self.stack.addresses_of(servers).map_err(failed)
    }

    /// What the data of each store lie on that is ours: in this process, or started for the run.
    pub(crate) fn data_disks(&self, definition: &Definition) -> Vec<DataDisk> {
        let folder = |store: &str| match store {
            "sqlite" => Some(self.folder.path().to_owned()),
            _ => self.stack.data_folder(),
        };
        let names = definition.stores.iter().map(|store| store.descriptor.name);
        names.filter_map(|store| Some(DataDisk::under(store, &folder(store)?))).collect()
    }

    /// The caches of the instances: one that all share, or, where it lives in the process, one for each.
    async fn caches(
        &self,
        composition: &Composition,
        addresses: &Addresses,
        meter: &Arc<CacheMeter>,
    ) -> Result<Vec<Arc<MeteredCache>>, TargetError> {
        let mut caches = Vec::new();
        for _ in 0..composition.instances {
            let cache = match &composition.cache {
                Some(Chosen { descriptor, settings }) => self.cache(descriptor.name, settings, addresses).await?,
                None => caches::never_asked(),
            };
            let shared = is_shared(&cache);
            // A map in this process is never waited for.
            let limited = Limited::new(cache, shared.then_some(self.driving.cache_timeout));
            caches.push(Arc::new(Metered::new(limited, Arc::clone(meter))));
            if shared {
                break;
            }
        }
        Ok(caches)
    }
}

/// The part as that arm sets it that holds the most connections.
pub(crate) fn widest(definition: &Definition, part: &Chosen) -> Settings {
    let of_arms = definition.settings_of(part).max_by_key(|settings| settings.integer("lanes"));
    of_arms.unwrap_or_else(|| part.settings.clone())
}

fn is_shared(cache: &AnyCache) -> bool {
    cachemark_core::Cache::capabilities(cache).shared
}

impl Assembler for Assembly<'_> {
    type Asked = Assembled;

    async fn assemble(&self, composition: &Composition) -> Result<Target<Self::Asked>, TargetError> {
        let (cache_meter, store_meter) = (Arc::<CacheMeter>::default(), Arc::<StoreMeter>::default());
        let addresses = self.ready(&composition.servers)?;
        let Chosen { descriptor, settings } = &composition.store;
        let store = self.store(descriptor.name, settings, composition.read_cost, &addresses).await?;
        // The meter stands before the line: what is counted and timed is what the strategy asks for, and waits for.
        let store = Bounded::new(store, composition.store_workers);
        let store = Arc::new(Metered::new(store, Arc::clone(&store_meter)));
        let caches = self.caches(composition, &addresses, &cache_meter).await?;
        let (mut instances, mut policies) = (Vec::new(), Vec::new());
        for instance in 0..composition.instances as usize {
            let (cache, store) = (Arc::clone(&caches[instance % caches.len()]), Arc::clone(&store));
            let (assembled, around) = Assembled::of(composition, cache, store).ok_or_else(|| {
                TargetError::new(composition.strategy.descriptor.name, "building", "no such strategy")
            })?;
            instances.push(Arc::new(assembled));
            policies.extend(around);
        }
        let caches = if composition.cache.is_some() { caches } else { Vec::new() };
        let probes = Box::new(Backends { caches, store, policies });
        Ok(Target { instances, cache_meter, store_meter, probes })
    }
}
