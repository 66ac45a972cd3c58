//! Stores by name.

use super::Assembly;
use cachemark_backend::postgres::{Postgres, PostgresEndpoint, PostgresOptions};
use cachemark_backend::sqlite::{Sqlite, SqliteOptions};
use cachemark_backend::{AnyStore, Backend, Timeouts, backend};
use cachemark_bench::TargetError;
use cachemark_core::Settings;
use cachemark_stack::{Address, AddressSource, Addresses, ServerKind};
use std::fmt::Display;
use std::time::Duration;

impl Assembly<'_> {
    pub(super) async fn store(
        &self,
        name: &str,
        settings: &Settings,
        read_cost: Duration,
        addresses: &Addresses,
    ) -> Result<AnyStore, TargetError> {
        let read_cost = Some(read_cost).filter(|cost| !cost.is_zero());
        match backend(name) {
            Some(Backend::Sqlite) => self.sqlite(name, settings, read_cost).await,
            Some(Backend::Postgres) => self.postgres(name, settings, read_cost, addresses).await,
            Some(Backend::InProcess | Backend::Redis | Backend::Memcached) | None => {
                Err(TargetError::new(name, "building", "there is no such store"))
            }
        }
    }

    async fn sqlite(
        &self,
        name: &str,
        settings: &Settings,
        read_cost: Option<Duration>,
    ) -> Result<AnyStore, TargetError> {
        let options = SqliteOptions {
            drivers: self.drivers,
            read_cost,
            templates: Some(self.templates.clone()),
            ..SqliteOptions::new(self.folder.path()).with_settings(settings)
        };
        let opened = Sqlite::open(options).await;
        let store = opened.map_err(|error| TargetError::new(name, "opening", error))?;
        Ok(store.into())
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
        let options = PostgresOptions {
            drivers: self.drivers,
            timeouts: self.timeouts(),
            read_cost,
            owned: self.stack.is_owned(),
            ..PostgresOptions::new(endpoint).with_settings(settings)
        };
        let connected = Postgres::connect(options).await;
        let store = connected.map_err(|error| unreached(name, address, error))?;
        Ok(store.into())
    }

    /// Where the server of the cache or store called `name` is.
    pub(super) fn address<'a>(&self, name: &str, addresses: &'a Addresses) -> Result<&'a Address, TargetError> {
        addresses.of(name).ok_or_else(|| TargetError::new(name, "reaching", "the stack has no such server"))
    }

    /// What a server is waited for outside of operations that have deadlines of their own.
    pub(super) fn timeouts(&self) -> Timeouts {
        let preflight = Timeouts::default();
        Timeouts { operation: preflight.operation.max(self.operation_timeout), ..preflight }
    }
}

/// An error of a server that could not be reached: where its address comes from, and what to do where nothing listens.
pub(super) fn unreached(name: &str, address: &Address, error: impl Display) -> TargetError {
    let (text, source) = (error.to_string(), address.source);
    // What was started for the run has no other address; everything else the user can change.
    if source == AddressSource::Started {
        return TargetError::new(name, "reaching", text);
    }
    let other = ServerKind::of(name).map(|kind| format!("{} or {}", kind.flag, kind.variable)).unwrap_or_default();
    let named = match source {
        AddressSource::Default => format!("the address is the default; {other} gives another"),
        source => format!("the address comes from {source}"),
    };
    let nothing_listens = ["Connection refused", "No such file"].iter().any(|words| text.contains(words));
    let in_compose = ServerKind::of(name).is_some_and(|kind| kind.compose.is_some());
    let hint = if nothing_listens && in_compose {
        "; nothing listens there: `docker compose up -d` starts a stack at the defaults"
    } else {
        ""
    };
    TargetError::new(name, "reaching", format!("{text} ({named}{hint})"))
}

/// An address that is none. All of them are read before anything is started, so this is for those that are not the user's.
pub(super) fn misread(name: &str, address: &Address, error: impl Display) -> TargetError {
    TargetError::new(name, "reaching", format!("{}: {error}", address.source))
}
