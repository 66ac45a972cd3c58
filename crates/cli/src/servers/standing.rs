//! A stack that stands, reached to look at it: nothing is made there, claimed or emptied.

use super::reached::{misread, unreached};
use crate::exit::Failure;
use cachemark_backend::memcached::{Memcached, MemcachedEndpoint, MemcachedOptions};
use cachemark_backend::postgres::{Postgres, PostgresEndpoint, PostgresOptions};
use cachemark_backend::redis::{Redis, RedisEndpoint, RedisOptions};
use cachemark_backend::{AnyCache, Backend, backend};
use cachemark_bench::{Probes, TargetError};
use cachemark_core::{CacheProbe, StoreProbe};
use cachemark_stack::{Address, Addresses};

/// The store that servers of others have.
const STORE: &str = "postgres";

/// Its cache and its store.
pub(crate) struct Standing {
    cache: AnyCache,
    store: Postgres,
}

/// The names of the cache that was asked for and of the store.
///
/// # Errors
/// [`Failure::Usage`] for what is no cache on a server.
pub(crate) fn names(cache: &str) -> Result<[&'static str; 2], Failure> {
    let of_servers = cachemark_stack::SERVERS.iter().map(|kind| kind.name);
    let caches = of_servers.filter(|name| matches!(backend(name), Some(Backend::Redis | Backend::Memcached)));
    let known: Vec<&'static str> = caches.collect();
    match known.iter().find(|name| **name == cache) {
        Some(name) => Ok([name, STORE]),
        None => Err(Failure::Usage(format!(
            "--cache {cache} names no cache on a server, and what is in another process can't be seen: there are {}",
            known.join(", ")
        ))),
    }
}

impl Standing {
    /// Connects to both.
    ///
    /// # Errors
    /// [`TargetError`] if one can't be reached.
    pub(crate) async fn reach([cache, store]: [&str; 2], addresses: &Addresses) -> Result<Self, TargetError> {
        let address =
            |name| addresses.of(name).ok_or_else(|| TargetError::new(name, "reaching", "no address is known"));
        Ok(Self {
            cache: reach_cache(cache, address(cache)?).await?,
            store: reach_store(store, address(store)?).await?,
        })
    }

    pub(crate) fn cache(&self) -> &dyn CacheProbe {
        self.cache.probe()
    }
}

impl Probes for Standing {
    fn caches(&self) -> Vec<&dyn CacheProbe> {
        vec![self.cache()]
    }

    fn store(&self) -> &dyn StoreProbe {
        &self.store
    }
}

async fn reach_cache(name: &str, address: &Address) -> Result<AnyCache, TargetError> {
    if matches!(backend(name), Some(Backend::Redis)) {
        let endpoint = RedisEndpoint::parse(&address.url).map_err(|error| misread(name, address, error))?;
        let redis = Redis::connect(RedisOptions::new(endpoint)).await;
        return Ok(redis.map_err(|error| unreached(name, address, error))?.into());
    }
    let endpoint = MemcachedEndpoint::parse(&address.url).map_err(|error| misread(name, address, error))?;
    let memcached = Memcached::connect(MemcachedOptions::new(endpoint)).await;
    Ok(memcached.map_err(|error| unreached(name, address, error))?.into())
}

async fn reach_store(name: &str, address: &Address) -> Result<Postgres, TargetError> {
    let endpoint = PostgresEndpoint::parse(&address.url).map_err(|error| misread(name, address, error))?;
    let options = PostgresOptions { make_table: false, ..PostgresOptions::new(endpoint) };
    Postgres::connect(options).await.map_err(|error| unreached(name, address, error))
}
