//! Everything that knows a server by name: how its address is read, how it is reached, asked for its room, and claimed.

mod backends;
mod claims;
mod reached;
mod room;
pub(crate) mod standing;

pub(crate) use claims::Claims;

use cachemark_backend::memcached::MemcachedEndpoint;
use cachemark_backend::postgres::PostgresEndpoint;
use cachemark_backend::redis::RedisEndpoint;
use cachemark_backend::{Backend, EndpointError, backend};
use cachemark_stack::{Place, ServerKind};

/// Whether it is an address of such a server.
pub(crate) fn read_address(kind: &ServerKind, url: &str) -> Result<(), EndpointError> {
    match backend(kind.name) {
        Some(Backend::Redis) => RedisEndpoint::parse(url).map(drop),
        Some(Backend::Memcached) => MemcachedEndpoint::parse(url).map(drop),
        Some(Backend::Postgres) => PostgresEndpoint::parse(url).map(drop),
        Some(Backend::InProcess | Backend::Sqlite) | None => Ok(()),
    }
}

/// Where the server of the cache or store called `name` is reached; none if that is no place on a network.
pub(crate) fn place(name: &str, url: &str) -> Option<Place> {
    let (host, port) = match backend(name)? {
        Backend::Redis => RedisEndpoint::parse(url).ok()?.place(),
        Backend::Memcached => MemcachedEndpoint::parse(url).ok()?.place(),
        Backend::Postgres => PostgresEndpoint::parse(url).ok()?.place(),
        Backend::InProcess | Backend::Sqlite => None,
    }?;
    Some(Place { host, port })
}
