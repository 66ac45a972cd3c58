//! Every part that exists.

use crate::stack::StackKind;
use cachemark_bench::definition::{Catalogue, Chosen};
use cachemark_core::{Capabilities, Descriptor, Fault, FaultActor, FaultError};
use cachemark_strategy::resilience::{cache_settings, store_settings, strategies_with_policies, with_settings};
use std::sync::LazyLock;

/// Strategies, caches and stores, with the settings of the policies that are put around them.
static STRATEGIES: LazyLock<Vec<Descriptor>> =
    LazyLock::new(|| strategies_with_policies(cachemark_strategy::strategies()));
static CACHES: LazyLock<Vec<Descriptor>> =
    LazyLock::new(|| with_settings(cachemark_backend::caches(), &cache_settings()));
static STORES: LazyLock<Vec<Descriptor>> =
    LazyLock::new(|| with_settings(cachemark_backend::stores(), &store_settings()));

/// What a definition for a stack of this kind is checked against.
pub(crate) fn catalogue(stack: StackKind) -> Catalogue<'static> {
    let (default_caches, default_stores): (&[&str], &[&str]) = match stack {
        StackKind::Embedded => (&["in-process"], &["sqlite"]),
        StackKind::Native | StackKind::External => (&["redis", "memcached"], &["postgres"]),
    };
    Catalogue {
        strategies: &STRATEGIES,
        caches: &CACHES,
        stores: &STORES,
        left_out: cachemark_backend::LEFT_OUT,
        ttl_step: |cache| cachemark_backend::cache_capabilities(cache)?.ttl_step,
        server_settings: cachemark_stack::server_settings(),
        own_servers: stack == StackKind::Native,
        can: match stack {
            StackKind::Embedded => no_server,
            // Whoever controls the servers is asked once they are there.
            StackKind::Native | StackKind::External => |_, _| Ok(()),
        },
        drivers: &["cachemark"],
        default_caches,
        default_stores,
    }
}

/// What a definition is checked against of which it is not known what stack it will run on: what runs on one is good.
pub(crate) fn of_any_stack() -> Catalogue<'static> {
    Catalogue { own_servers: true, can: |_, _| Ok(()), ..catalogue(StackKind::Embedded) }
}

/// Every part that a definition may name: a sweep's, and the services of a load.
static OF_DEFINITIONS: LazyLock<Vec<Descriptor>> = LazyLock::new(|| {
    #[cfg(feature = "http")]
    let services = [cachemark_http::DESCRIPTOR];
    #[cfg(not(feature = "http"))]
    let services = [];
    STRATEGIES.iter().copied().chain(services).collect()
});

/// What the schema of definitions is made of.
pub(crate) fn of_definitions() -> Catalogue<'static> {
    #[cfg(feature = "http")]
    let drivers = crate::services::DRIVERS;
    #[cfg(not(feature = "http"))]
    let drivers = &["cachemark"];
    Catalogue { strategies: &OF_DEFINITIONS, drivers, ..of_any_stack() }
}

/// What can be done to parts that live in this process: commands alone.
fn no_server(fault: Fault, part: &str) -> Result<(), FaultError> {
    if fault.actor() == FaultActor::Command {
        return Ok(());
    }
    Err(FaultError::Impossible { what: format!("{fault:?}"), server: part.to_owned(), why: no_server_because(part) })
}

fn no_server_because(part: &str) -> String {
    if cachemark_stack::ServerKind::of(part).is_some() {
        return format!("this stack has no {part} of ours to do it to; give --stack native");
    }
    format!("{part} lives in this process and is no server; give --stack native and a cache or store that is one")
}

/// What the chosen cache can do.
pub(crate) fn capabilities(cache: &Chosen) -> Capabilities {
    cachemark_backend::cache_capabilities(cache.descriptor.name).unwrap_or(Capabilities::NONE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cachemark_bench::Plan;
    use cachemark_bench::definition::{Definition, Draft};

    #[test]
    fn a_lifetime_that_is_on_by_default_leaves_a_warm_up_time_for_two() {
        let external = cfg!(feature = "servers").then_some(StackKind::External);
        for stack in [StackKind::Embedded].into_iter().chain(external) {
            let catalogue = catalogue(stack);
            for strategy in catalogue.strategies.iter().filter(|strategy| strategy.asks_cache()) {
                let text = format!("[sweep]\nstrategies = [\"no-cache\", \"{}\"]\n", strategy.name);
                let draft = Draft::read("by default", text.as_bytes()).unwrap();
                let definition =
                    Definition::resolve(draft, &catalogue).unwrap_or_else(|mistakes| panic!("{text}{mistakes}"));
                for cell in Plan::lay_out(&definition, capabilities).cells {
                    let (lifetime, cap) = (cell.warm_up.lifetime, definition.driving.warm_up_cap);
                    assert!(
                        2 * lifetime <= cap,
                        "{}: every arm would be warmed for {cap:?} and say unexpired",
                        cell.id
                    );
                }
            }
        }
    }
}
