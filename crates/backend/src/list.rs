//! The list of backends.

use crate::{in_process, sqlite};
#[cfg(feature = "servers")]
use crate::{memcached, postgres, redis};
use cachemark_core::{Capabilities, Descriptor, LeftOut};
use std::sync::LazyLock;

/// The code behind a cache or store. Servers that speak one protocol share it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// [`in_process`](crate::in_process).
    InProcess,
    /// `redis`.
    #[cfg(feature = "servers")]
    Redis,
    /// `memcached`.
    #[cfg(feature = "servers")]
    Memcached,
    /// [`sqlite`](crate::sqlite).
    Sqlite,
    /// `postgres`.
    #[cfg(feature = "servers")]
    Postgres,
}

/// Every cache, in the order of reports: what it is, whose code is behind it, what that can do.
const CACHES: &[(Descriptor, Backend, Capabilities)] = &[
    (in_process::DESCRIPTOR, Backend::InProcess, in_process::CAPABILITIES),
    #[cfg(feature = "servers")]
    (redis::DESCRIPTOR, Backend::Redis, redis::CAPABILITIES),
    #[cfg(feature = "servers")]
    (memcached::DESCRIPTOR, Backend::Memcached, memcached::CAPABILITIES),
    #[cfg(feature = "servers")]
    (redis::VALKEY, Backend::Redis, redis::CAPABILITIES),
];

/// Every store, in the order of reports.
const STORES: &[(Descriptor, Backend)] = &[
    (sqlite::DESCRIPTOR, Backend::Sqlite),
    #[cfg(feature = "servers")]
    (postgres::DESCRIPTOR, Backend::Postgres),
];

/// The caches and stores that this build leaves out.
pub const LEFT_OUT: &[LeftOut] = if cfg!(feature = "servers") { &[] } else { SERVERS };
const SERVERS: &[LeftOut] = &[server("redis"), server("memcached"), server("valkey"), server("postgres")];

const fn server(name: &'static str) -> LeftOut {
    LeftOut { name, feature: "servers" }
}

/// Every cache, in the order of reports.
#[must_use]
pub fn caches() -> &'static [Descriptor] {
    static ALL: LazyLock<Vec<Descriptor>> = LazyLock::new(|| CACHES.iter().map(|(cache, ..)| *cache).collect());
    &ALL
}

/// Every store, in the order of reports.
#[must_use]
pub fn stores() -> &'static [Descriptor] {
    static ALL: LazyLock<Vec<Descriptor>> = LazyLock::new(|| STORES.iter().map(|(store, _)| *store).collect());
    &ALL
}

/// What the cache called `name` can do, before one is made: a definition is checked against it. The largest entry may
/// depend on the server and is what its defaults allow.
#[must_use]
pub fn cache_capabilities(name: &str) -> Option<Capabilities> {
    CACHES.iter().find_map(|(known, _, capabilities)| (known.name == name).then_some(*capabilities))
}

/// Whose code is behind the cache or store called `name`.
#[must_use]
pub fn backend(name: &str) -> Option<Backend> {
    let known = CACHES.iter().map(|(cache, backend, _)| (cache.name, *backend));
    let stores = STORES.iter().map(|(store, backend)| (store.name, *backend));
    known.chain(stores).find_map(|(known, backend)| (known == name).then_some(backend))
}

#[cfg(test)]
mod tests {
    use super::*;
    use cachemark_core::{PartKind, Settings};

    #[test]
    fn names_and_colours_are_distinct() {
        for list in [caches(), stores()] {
            for (at, part) in list.iter().enumerate() {
                assert!(list[..at].iter().all(|other| other.name != part.name && other.colour != part.colour));
            }
        }
    }

    #[test]
    fn every_part_is_of_its_kind_and_its_defaults_are_within_their_ranges() {
        let kinds = [(caches(), PartKind::Cache), (stores(), PartKind::Store)];
        for (part, kind) in kinds.iter().flat_map(|(list, kind)| list.iter().map(move |part| (part, *kind))) {
            assert_eq!(part.kind, kind, "{}", part.name);
            for (name, value) in Settings::defaults(part.settings).iter() {
                let setting = part.setting(name).unwrap();
                assert_eq!(setting.check(value.clone()).as_ref(), Ok(value), "{}: {name}", part.name);
            }
        }
    }

    #[test]
    fn a_part_is_in_the_build_or_left_out_of_it() {
        let names = ["in-process", "redis", "memcached", "valkey", "sqlite", "postgres"];
        let known = names.iter().filter(|name| backend(name).is_some());
        assert_eq!(known.count() + LEFT_OUT.len(), names.len());
        assert!(LEFT_OUT.iter().all(|part| names.contains(&part.name) && backend(part.name).is_none()));
    }

    #[test]
    fn every_cache_says_what_it_can_do() {
        assert!(caches().iter().all(|cache| cache_capabilities(cache.name).is_some()));
    }
}
