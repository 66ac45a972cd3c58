//! Caches by name.

use super::Assembly;
use super::stores::{misread, unreached};
use cachemark_backend::in_process::{InProcess, InProcessOptions};
use cachemark_backend::memcached::{Memcached, MemcachedEndpoint, MemcachedOptions};
use cachemark_backend::redis::{Redis, RedisEndpoint, RedisOptions};
use cachemark_backend::{AnyCache, Backend, backend};
use cachemark_bench::TargetError;
use cachemark_core::Settings;
use cachemark_stack::Addresses;

/// For strategies that take a cache and never ask it.
pub(super) fn never_asked() -> AnyCache {
    InProcess::new(InProcessOptions::from_settings(&Settings::default())).into()
}

impl Assembly<'_> {
    pub(super) async fn cache(
        &self,
        name: &str,
        settings: &Settings,
        addresses: &Addresses,
    ) -> Result<AnyCache, TargetError> {
        match backend(name) {
            Some(Backend::InProcess) => Ok(InProcess::new(InProcessOptions::from_settings(settings)).into()),
            Some(Backend::Redis) => self.redis(name, settings, addresses).await,
            Some(Backend::Memcached) => self.memcached(name, settings, addresses).await,
            Some(Backend::Sqlite | Backend::Postgres) | None => {
                Err(TargetError::new(name, "building", "there is no such cache"))
            }
        }
    }

    async fn redis(&self, name: &str, settings: &Settings, addresses: &Addresses) -> Result<AnyCache, TargetError> {
        let address = self.address(name, addresses)?;
        let endpoint = RedisEndpoint::parse(&address.url).map_err(|error| misread(name, address, error))?;
        let options = RedisOptions {
            drivers: self.drivers,
            timeouts: self.timeouts(),
            owned: self.stack.is_owned(),
            ..RedisOptions::new(endpoint).with_settings(settings)
        };
        let redis = Redis::connect(options).await.map_err(|error| unreached(name, address, error))?;
        Ok(redis.into())
    }

    async fn memcached(&self, name: &str, settings: &Settings, addresses: &Addresses) -> Result<AnyCache, TargetError> {
        let address = self.address(name, addresses)?;
        let endpoint = MemcachedEndpoint::parse(&address.url).map_err(|error| misread(name, address, error))?;
        let options = MemcachedOptions {
            drivers: self.drivers,
            timeouts: self.timeouts(),
            owned: self.stack.is_owned(),
            ..MemcachedOptions::new(endpoint).with_settings(settings)
        };
        let memcached = Memcached::connect(options).await.map_err(|error| unreached(name, address, error))?;
        Ok(memcached.into())
    }
}
