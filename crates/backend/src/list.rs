//! The list of backends.

use crate::{in_process, memcached, postgres, redis, sqlite};
use cachemark_core::{Capabilities, Descriptor};

/// Every cache, in the order of reports.
#[must_use]
pub fn caches() -> &'static [Descriptor] {
    &[in_process::DESCRIPTOR, redis::DESCRIPTOR, memcached::DESCRIPTOR]
}

/// Every store, in the order of reports.
#[must_use]
pub fn stores() -> &'static [Descriptor] {
    &[sqlite::DESCRIPTOR, postgres::DESCRIPTOR]
}

/// What the cache called `name` can do, before one is made: a definition is checked against it. The largest entry may
/// depend on the server and is what its defaults allow.
#[must_use]
pub fn cache_capabilities(name: &str) -> Option<Capabilities> {
    let known = [
        (in_process::DESCRIPTOR.name, in_process::CAPABILITIES),
        (redis::DESCRIPTOR.name, redis::CAPABILITIES),
        (memcached::DESCRIPTOR.name, memcached::CAPABILITIES),
    ];
    known.into_iter().find_map(|(known, capabilities)| (known == name).then_some(capabilities))
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
    fn every_cache_says_what_it_can_do() {
        assert!(caches().iter().all(|cache| cache_capabilities(cache.name).is_some()));
    }
}
