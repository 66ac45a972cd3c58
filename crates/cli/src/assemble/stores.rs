//! Stores by name: that in this process, and those that are servers.

use super::Assembly;
use cachemark_backend::sqlite::{Sqlite, SqliteOptions};
use cachemark_backend::{AnyStore, Backend, backend};
use cachemark_bench::TargetError;
use cachemark_core::Settings;
use cachemark_stack::Addresses;
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
            _ => self.store_server(name, settings, read_cost, addresses).await,
        }
    }

    async fn sqlite(
        &self,
        name: &str,
        settings: &Settings,
        read_cost: Option<Duration>,
    ) -> Result<AnyStore, TargetError> {
        let options = SqliteOptions {
            drivers: self.drivers(),
            read_cost,
            templates: Some(self.templates.clone()),
            ..SqliteOptions::new(self.folder.path()).with_settings(settings)
        };
        let opened = Sqlite::open(options).await;
        let store = opened.map_err(|error| TargetError::new(name, "opening", error))?;
        Ok(store.into())
    }
}
