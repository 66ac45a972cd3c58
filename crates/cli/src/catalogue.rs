//! Every part that exists.

use crate::stack::StackKind;
use cachemark_bench::definition::{Catalogue, Chosen};
use cachemark_core::Capabilities;

/// What a definition for a stack of this kind is checked against.
pub(crate) fn catalogue(stack: StackKind) -> Catalogue<'static> {
    let (default_caches, default_stores): (&[&str], &[&str]) = match stack {
        StackKind::Embedded => (&["in-process"], &["sqlite"]),
        StackKind::Native | StackKind::External => (&["redis", "memcached"], &["postgres"]),
    };
    Catalogue {
        strategies: cachemark_strategy::strategies(),
        caches: cachemark_backend::caches(),
        stores: cachemark_backend::stores(),
        ttl_step: |cache| cachemark_backend::cache_capabilities(cache)?.ttl_step,
        server_settings: cachemark_stack::server_settings(),
        own_servers: stack == StackKind::Native,
        drivers: &["cachemark"],
        default_caches,
        default_stores,
    }
}

/// What a definition is checked against of which it is not known what stack it will run on: what runs on one is good.
pub(crate) fn of_any_stack() -> Catalogue<'static> {
    Catalogue { own_servers: true, ..catalogue(StackKind::Embedded) }
}

/// What the chosen cache can do.
pub(crate) fn capabilities(cache: &Chosen) -> Capabilities {
    cachemark_backend::cache_capabilities(cache.descriptor.name).unwrap_or(Capabilities::NONE)
}
