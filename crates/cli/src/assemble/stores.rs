//! Stores by name.

use super::Assembly;
use cachemark_backend::postgres::{self, Postgres, PostgresEndpoint, PostgresOptions};
use cachemark_backend::sqlite::{self, Sqlite, SqliteOptions};
use cachemark_backend::{AnyStore, Timeouts};
use cachemark_core::Settings;
use cachemark_runner::TargetError;
use std::fmt::Display;
use std::time::Duration;

impl Assembly<'_> {
    pub(super) async fn store(
        &self,
        name: &str,
        settings: &Settings,
        read_cost: Duration,
    ) -> Result<AnyStore, TargetError> {
        let read_cost = Some(read_cost).filter(|cost| !cost.is_zero());
        match name {
            _ if name == sqlite::DESCRIPTOR.name => self.sqlite(settings, read_cost).await,
            _ if name == postgres::DESCRIPTOR.name => self.postgres(settings, read_cost).await,
            other => Err(TargetError::new(other, "building", "there is no such store")),
        }
    }

    async fn sqlite(&self, settings: &Settings, read_cost: Option<Duration>) -> Result<AnyStore, TargetError> {
        let options = SqliteOptions {
            drivers: self.drivers,
            read_cost,
            templates: Some(self.templates.clone()),
            ..SqliteOptions::new(self.folder.path()).with_settings(settings)
        };
        let opened = Sqlite::open(options).await;
        let store = opened.map_err(|error| TargetError::new(sqlite::DESCRIPTOR.name, "opening", error))?;
        Ok(store.into())
    }

    async fn postgres(&self, settings: &Settings, read_cost: Option<Duration>) -> Result<AnyStore, TargetError> {
        let name = postgres::DESCRIPTOR.name;
        let address = self.address(name, self.stack.addresses.postgres.as_deref())?;
        let endpoint = PostgresEndpoint::parse(address).map_err(|error| self.unreached(name, error))?;
        let options = PostgresOptions {
            drivers: self.drivers,
            timeouts: self.timeouts(),
            read_cost,
            owned: self.stack.is_owned(),
            ..PostgresOptions::new(endpoint).with_settings(settings)
        };
        let connected = Postgres::connect(options).await;
        let store = connected.map_err(|error| self.unreached(name, error))?;
        Ok(store.into())
    }

    /// An error of a server that could not be reached, and where its address comes from.
    pub(super) fn unreached(&self, name: &str, error: impl Display) -> TargetError {
        let advice = match name {
            _ if self.stack.is_owned() => "",
            "redis" => " (--redis-url or REDIS_URL says where it is; `docker compose up -d` starts one)",
            "memcached" => " (--memcached-url or MEMCACHED_URL says where it is; `docker compose up -d` starts one)",
            _ => " (--database-url or DATABASE_URL says where it is; `docker compose up -d` starts one)",
        };
        TargetError::new(name, "reaching", format!("{error}{advice}"))
    }

    /// Where a server is.
    pub(super) fn address<'u>(&self, name: &str, address: Option<&'u str>) -> Result<&'u str, TargetError> {
        address.ok_or_else(|| TargetError::new(name, "reaching", "the stack has no such server"))
    }

    /// What a server is waited for outside of operations that have deadlines of their own.
    pub(super) fn timeouts(&self) -> Timeouts {
        let preflight = Timeouts::default();
        Timeouts { operation: preflight.operation.max(self.operation_timeout), ..preflight }
    }
}
