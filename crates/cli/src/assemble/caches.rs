//! Caches by name.

use super::Assembly;
use super::stores::{misread, unreached};
use cachemark_backend::AnyCache;
use cachemark_backend::in_process::{self, InProcess, InProcessOptions};
use cachemark_backend::memcached::{self, Memcached, MemcachedEndpoint, MemcachedOptions};
use cachemark_backend::redis::{self, Redis, RedisEndpoint, RedisOptions};
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
        match name {
            _ if name == in_process::DESCRIPTOR.name => {
                Ok(InProcess::new(InProcessOptions::from_settings(settings)).into())
            }
            _ if name == redis::DESCRIPTOR.name => self.redis(settings, addresses).await,
            _ if name == memcached::DESCRIPTOR.name => self.memcached(settings, addresses).await,
            other => Err(TargetError::new(other, "building", "there is no such cache")),
        }
    }

    async fn redis(&self, settings: &Settings, addresses: &Addresses) -> Result<AnyCache, TargetError> {
        let name = redis::DESCRIPTOR.name;
        let address = self.address(name, addresses.redis.as_ref())?;
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

    async fn memcached(&self, settings: &Settings, addresses: &Addresses) -> Result<AnyCache, TargetError> {
        let name = memcached::DESCRIPTOR.name;
        let address = self.address(name, addresses.memcached.as_ref())?;
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
