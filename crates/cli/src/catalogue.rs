//! Every part that exists.

use cachemark_core::Capabilities;
use cachemark_runner::definition::{Catalogue, Chosen};

/// What a definition is checked against.
pub(crate) fn catalogue() -> Catalogue<'static> {
    Catalogue {
        strategies: cachemark_strategy::strategies(),
        caches: cachemark_backend::caches(),
        stores: cachemark_backend::stores(),
    }
}

/// What the chosen cache can do.
pub(crate) fn capabilities(cache: &Chosen) -> Capabilities {
    cachemark_backend::cache_capabilities(cache.descriptor.name).unwrap_or_default()
}
