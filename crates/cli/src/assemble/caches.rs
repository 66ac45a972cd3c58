//! Caches by name: that in this process, and those that are servers.

use super::Assembly;
use cachemark_backend::in_process::{InProcess, InProcessOptions};
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
            _ => self.cache_server(name, settings, addresses).await,
        }
    }
}
