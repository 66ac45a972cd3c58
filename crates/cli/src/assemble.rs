//! Builds what a cell names, over the embedded stack: in-process cache and SQLite, no server.

use crate::exit::Failure;
use cachemark_backend::in_process::{self, InProcess, InProcessOptions};
use cachemark_backend::sqlite::{self, Sqlite, SqliteOptions};
use cachemark_backend::{AnyCache, AnyStore};
use cachemark_core::{
    CacheMeter, CacheProbe, Metered, Probe, ProbeFuture, Settings, StoreMeter, StoreProbe, SystemClock,
};
use cachemark_results::Server;
use cachemark_runner::definition::{Chosen, Definition};
use cachemark_runner::{Assembler, CellPlan, Probes, Target, TargetError};
use cachemark_strategy::AnyStrategy;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use tempfile::TempDir;

type MeteredCache = Metered<AnyCache, CacheMeter>;
type MeteredStore = Metered<AnyStore, StoreMeter>;

/// The embedded stack.
pub(crate) struct Embedded {
    /// The database's folder, removed with the stack.
    folder: TempDir,
    drivers: usize,
}

/// What a cell was built over, kept for its probes.
struct Backends {
    caches: Vec<Arc<MeteredCache>>,
    store: Arc<MeteredStore>,
}

impl Probes for Backends {
    fn caches(&self) -> Vec<&dyn CacheProbe> {
        self.caches.iter().map(|cache| cache.inner().probe()).collect()
    }

    fn store(&self) -> &dyn StoreProbe {
        self.store.inner().probe()
    }
}

impl Embedded {
    pub(crate) fn new(definition: &Definition) -> Result<Self, Failure> {
        let folder = tempfile::Builder::new()
            .prefix("cachemark-")
            .tempdir()
            .map_err(|error| Failure::System("make a temporary folder", error))?;
        Ok(Self { folder, drivers: usize::from(definition.driving.driver_threads) })
    }

    /// Where client and servers run, for people.
    pub(crate) fn placement(&self) -> String {
        "embedded: client, cache and store share one process and its processors".into()
    }

    /// What the fairness page should say of this stack.
    pub(crate) fn parameters(&self) -> BTreeMap<String, Value> {
        BTreeMap::from([("stack".to_owned(), "embedded".into())])
    }

    /// Every cache and store of the definition, in their own words.
    pub(crate) async fn servers(&self, definition: &Definition) -> Result<Vec<Server>, TargetError> {
        let mut servers = Vec::new();
        for cache in &definition.caches {
            let built = self.cache(cache.descriptor.name, &cache.settings)?;
            servers.push(described("cache", cache, built.probe()).await?);
        }
        for store in &definition.stores {
            let built = self.store(store.descriptor.name, &store.settings, Default::default()).await?;
            servers.push(described("store", store, built.probe()).await?);
        }
        Ok(servers)
    }

    fn cache(&self, name: &str, settings: &Settings) -> Result<AnyCache, TargetError> {
        match name {
            _ if name == in_process::DESCRIPTOR.name => {
                Ok(InProcess::new(InProcessOptions::from_settings(settings)).into())
            }
            other => Err(TargetError::new(other, "building", "the embedded stack has no such cache")),
        }
    }

    async fn store(
        &self,
        name: &str,
        settings: &Settings,
        read_cost: std::time::Duration,
    ) -> Result<AnyStore, TargetError> {
        if name != sqlite::DESCRIPTOR.name {
            return Err(TargetError::new(name, "building", "the embedded stack has no such store"));
        }
        let options = SqliteOptions {
            drivers: self.drivers,
            read_cost: Some(read_cost).filter(|cost| !cost.is_zero()),
            ..SqliteOptions::new(self.folder.path()).with_settings(settings)
        };
        let store = Sqlite::open(options).await.map_err(|error| TargetError::new(name, "opening", error))?;
        Ok(store.into())
    }
}

async fn described<E: std::fmt::Display, P: Probe<E> + ?Sized>(
    kind: &str,
    part: &Chosen,
    probe: &P,
) -> Result<Server, TargetError> {
    let name = part.descriptor.name;
    let asked = |error: E| TargetError::new(name, "asking", error);
    let version: ProbeFuture<'_, String, E> = probe.version();
    let version = version.await.map_err(asked)?;
    let settings = probe.settings().await.map_err(asked)?;
    Ok(Server {
        kind: kind.into(),
        name: name.into(),
        version,
        settings: settings.into_iter().map(|(name, value)| (name, value.into())).collect(),
    })
}

impl Assembler for Embedded {
    type Strategy = AnyStrategy<MeteredCache, MeteredStore>;

    async fn assemble(&self, cell: &CellPlan) -> Result<Target<Self::Strategy>, TargetError> {
        let (cache_meter, store_meter) = (Arc::new(CacheMeter::default()), Arc::new(StoreMeter::default()));
        let store = self.store(&cell.store, &cell.store_settings, cell.read_cost).await?;
        let store = Arc::new(Metered::new(store, Arc::clone(&store_meter)));
        let mut caches = Vec::new();
        let mut instances = Vec::new();
        for _ in 0..cell.instances {
            // A process has its own cache in it; with n instances there are n.
            let cache = match &cell.cache {
                Some((name, settings)) => self.cache(name, settings)?,
                // Never asked: the strategy takes one all the same.
                None => InProcess::new(InProcessOptions::from_settings(&Settings::default())).into(),
            };
            let cache = Arc::new(Metered::new(cache, Arc::clone(&cache_meter)));
            let clock = Arc::new(SystemClock::new());
            let strategy = cachemark_strategy::build(
                &cell.strategy,
                &cell.strategy_settings,
                Arc::clone(&cache),
                Arc::clone(&store),
                clock,
            );
            let strategy = strategy.ok_or_else(|| TargetError::new(&cell.strategy, "building", "no such strategy"))?;
            instances.push(Arc::new(strategy));
            caches.push(cache);
        }
        if cell.cache.is_none() {
            caches.clear();
        }
        let probes = Box::new(Backends { caches, store });
        Ok(Target { instances, cache_meter, store_meter, probes })
    }
}
