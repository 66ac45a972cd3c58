//! Caches and stores that are servers, by name.

use super::reached::{misread, unreached};
use crate::assemble::Assembly;
use crate::stack::StackKind;
use cachemark_backend::memcached::{Memcached, MemcachedEndpoint, MemcachedOptions};
use cachemark_backend::postgres::{Postgres, PostgresEndpoint, PostgresOptions};
use cachemark_backend::redis::{Redis, RedisEndpoint, RedisOptions};
use cachemark_backend::{AnyCache, AnyStore, Backend, Timeouts, backend};
use cachemark_bench::TargetError;
use cachemark_core::Settings;
use cachemark_stack::{Address, Addresses};
use std::time::Duration;

impl Assembly<'_> {
    pub(crate) async fn cache_server(
        &self,
        name: &str,
        settings: &Settings,
        addresses: &Addresses,
    ) -> Result<AnyCache, TargetError> {
        match backend(name) {
            Some(Backend::Redis) => self.redis(name, settings, addresses).await,
            Some(Backend::Memcached) => self.memcached(name, settings, addresses).await,
            Some(Backend::InProcess | Backend::Sqlite | Backend::Postgres) | None => {
                Err(TargetError::new(name, "building", "there is no such cache"))
            }
        }
    }

    pub(crate) async fn store_server(
        &self,
        name: &str,
        settings: &Settings,
        read_cost: Option<Duration>,
        addresses: &Addresses,
    ) -> Result<AnyStore, TargetError> {
        match backend(name) {
            Some(Backend::Postgres) => self.postgres(name, settings, read_cost, addresses).await,
            Some(Backend::InProcess | Backend::Redis | Backend::Memcached | Backend::Sqlite) | None => {
                Err(TargetError::new(name, "building", "there is no such store"))
            }
        }
    }

    async fn redis(&self, name: &str, settings: &Settings, addresses: &Addresses) -> Result<AnyCache, TargetError> {
        let address = self.address(name, addresses)?;
        let endpoint = RedisEndpoint::parse(&address.url).map_err(|error| misread(name, address, error))?;
        let endpoint = match addresses.proxy_of(name) {
            Some(port) => endpoint.through(port),
            None => endpoint,
        };
        let options = RedisOptions {
            drivers: self.drivers(),
            timeouts: self.timeouts(),
            owned: self.is_owned(),
            ..RedisOptions::new(endpoint).with_settings(settings)
        };
        let redis = Redis::connect(options).await.map_err(|error| unreached(name, address, error))?;
        Ok(redis.into())
    }

    async fn memcached(&self, name: &str, settings: &Settings, addresses: &Addresses) -> Result<AnyCache, TargetError> {
        let address = self.address(name, addresses)?;
        let endpoint = MemcachedEndpoint::parse(&address.url).map_err(|error| misread(name, address, error))?;
        let endpoint = match addresses.proxy_of(name) {
            Some(port) => endpoint.through(port),
            None => endpoint,
        };
        let options = MemcachedOptions {
            drivers: self.drivers(),
            timeouts: self.timeouts(),
            owned: self.is_owned(),
            ..MemcachedOptions::new(endpoint).with_settings(settings)
        };
        let memcached = Memcached::connect(options).await.map_err(|error| unreached(name, address, error))?;
        Ok(memcached.into())
    }

    async fn postgres(
        &self,
        name: &str,
        settings: &Settings,
        read_cost: Option<Duration>,
        addresses: &Addresses,
    ) -> Result<AnyStore, TargetError> {
        let address = self.address(name, addresses)?;
        let endpoint = PostgresEndpoint::parse(&address.url).map_err(|error| misread(name, address, error))?;
        let endpoint = match addresses.proxy_of(name) {
            Some(port) => endpoint.through(port),
            None => endpoint,
        };
        let options = PostgresOptions {
            drivers: self.drivers(),
            timeouts: self.timeouts(),
            read_cost,
            owned: self.is_owned(),
            ..PostgresOptions::new(endpoint).with_settings(settings)
        };
        let connected = Postgres::connect(options).await;
        let store = connected.map_err(|error| unreached(name, address, error))?;
        Ok(store.into())
    }

    /// Whether the servers were started for this run alone, so that they may be flushed.
    fn is_owned(&self) -> bool {
        self.stack.kind == StackKind::Native
    }

    /// Where the server of the cache or store called `name` is.
    pub(super) fn address<'a>(&self, name: &str, addresses: &'a Addresses) -> Result<&'a Address, TargetError> {
        addresses.of(name).ok_or_else(|| TargetError::new(name, "reaching", "the stack has no such server"))
    }

    /// What a server is waited for outside of operations that have deadlines of their own.
    pub(super) fn timeouts(&self) -> Timeouts {
        let preflight = Timeouts::default();
        Timeouts { operation: preflight.operation.max(self.driving.operation_timeout), ..preflight }
    }
}
