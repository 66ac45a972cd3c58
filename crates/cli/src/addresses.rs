//! Where the servers of an external stack are: read, and refused if they are no addresses, before anything is started.

use crate::exit::Failure;
use crate::stack::StackKind;
use cachemark_backend::memcached::MemcachedEndpoint;
use cachemark_backend::postgres::PostgresEndpoint;
use cachemark_backend::redis::RedisEndpoint;
use cachemark_backend::{Backend, EndpointError, backend};
use cachemark_bench::definition::Definition;
use cachemark_stack::{Addresses, ServerKind};

/// The addresses that flags, environment and defaults come to for the servers that `definition` names. Those that flags
/// give are read whether they are needed or not.
///
/// # Errors
/// [`Failure::Usage`] for a flag beside a stack that is not external, for a variable that is empty or not UTF-8, and for
/// what is no address of its server.
pub(crate) fn resolve(kind: StackKind, definition: &Definition, given: Addresses) -> Result<Addresses, Failure> {
    if kind != StackKind::External {
        refuse(kind, &given)?;
        return Ok(given);
    }
    let named =
        |name: &str| definition.caches.iter().chain(&definition.stores).any(|part| part.descriptor.name == name);
    let addresses = given.completed(named, |name| std::env::var_os(name));
    let addresses = addresses.map_err(|error| Failure::Usage(error.to_string()))?;
    for (kind, address) in addresses.iter() {
        read(kind, &address.url).map_err(|error| Failure::Usage(format!("{}: {error}", address.source)))?;
    }
    Ok(addresses)
}

/// Whether it is an address of such a server.
fn read(kind: &ServerKind, url: &str) -> Result<(), EndpointError> {
    match backend(kind.name) {
        Some(Backend::Redis) => RedisEndpoint::parse(url).map(drop),
        Some(Backend::Memcached) => MemcachedEndpoint::parse(url).map(drop),
        Some(Backend::Postgres) => PostgresEndpoint::parse(url).map(drop),
        Some(Backend::InProcess | Backend::Sqlite) | None => Ok(()),
    }
}

/// A flag that names a server is no use to a stack that has its own, or none.
fn refuse(kind: StackKind, given: &Addresses) -> Result<(), Failure> {
    match given.iter().next() {
        None => Ok(()),
        Some((_, address)) => Err(Failure::Usage(format!(
            "{} names a server of an external stack, and --stack {} uses none: write --stack external {0} URL, or leave {0} \
             out",
            address.source,
            kind.name(),
        ))),
    }
}
