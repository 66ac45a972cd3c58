//! What stands for servers in a build without the feature `servers`: there are none to be reached, and none to be claimed.
//! Definitions, flags and stacks that name one were refused before.

use crate::assemble::Assembly;
use cachemark_backend::{AnyCache, AnyStore};
use cachemark_bench::TargetError;
use cachemark_bench::definition::Definition;
use cachemark_core::{LeftOut, Settings};
use cachemark_stack::{Addresses, Place, ServerKind};
use std::time::Duration;

/// No address can be read.
pub(crate) fn read_address(kind: &ServerKind, _url: &str) -> Result<(), LeftOut> {
    Err(LeftOut { name: kind.name, feature: "servers" })
}

/// No server is anywhere.
pub(crate) fn place(_name: &str, _url: &str) -> Option<Place> {
    None
}

fn nowhere(name: &str) -> TargetError {
    TargetError::new(name, "building", "this build has no servers")
}

impl Assembly<'_> {
    pub(crate) async fn cache_server(
        &self,
        name: &str,
        _settings: &Settings,
        _addresses: &Addresses,
    ) -> Result<AnyCache, TargetError> {
        Err(nowhere(name))
    }

    pub(crate) async fn store_server(
        &self,
        name: &str,
        _settings: &Settings,
        _read_cost: Option<Duration>,
        _addresses: &Addresses,
    ) -> Result<AnyStore, TargetError> {
        Err(nowhere(name))
    }

    /// This process has room for itself.
    pub(crate) async fn find_room(&self, _definition: &Definition) -> Result<(), TargetError> {
        Ok(())
    }
}

/// Nothing is claimed: caches and stores are this process's own.
#[derive(Debug)]
pub(crate) struct Claims;

impl Claims {
    pub(crate) async fn take(_assembly: &Assembly<'_>, _definition: &Definition) -> Result<Self, TargetError> {
        Ok(Self)
    }

    pub(crate) async fn release(self) -> bool {
        true
    }

    pub(crate) async fn give_back(self) -> Vec<String> {
        Vec::new()
    }
}
