//! The parts that exist, as the bench is handed them.

use super::{Mistake, Origin};
use cachemark_core::{Descriptor, Fault, FaultError, LeftOut, PartKind, ServerSetting};
use std::time::Duration;

/// The parts that exist. The bench knows none by name: its caller hands it these.
#[derive(Debug, Clone, Copy)]
pub struct Catalogue<'a> {
    /// Every strategy.
    pub strategies: &'a [Descriptor],
    /// Every cache.
    pub caches: &'a [Descriptor],
    /// Every store.
    pub stores: &'a [Descriptor],
    /// Caches and stores that this build leaves out.
    pub left_out: &'a [LeftOut],
    /// The step in which the cache of that name counts lifetimes, where it is a coarse one.
    pub ttl_step: fn(&str) -> Option<Duration>,
    /// What can be set of servers that are started for a run.
    pub server_settings: &'a [ServerSetting],
    /// Whether servers are started for the run, so that arms can have their own.
    pub own_servers: bool,
    /// Whether a fault can be done to the cache or store of that name on the stack that is meant, as far as that is known before any
    /// server is there. What is done by a command is the part's own affair.
    pub can: fn(Fault, &str) -> Result<(), FaultError>,
    /// What may drive the load, by name; the first does where nothing is said.
    pub drivers: &'a [&'a str],
    /// The caches of a sweep that names none.
    pub default_caches: &'a [&'a str],
    /// The stores of a sweep that names none.
    pub default_stores: &'a [&'a str],
}

impl Catalogue<'static> {
    /// No part at all, and our own driver.
    pub const NONE: Self = Self {
        strategies: &[],
        caches: &[],
        stores: &[],
        left_out: &[],
        ttl_step: |_| None,
        server_settings: &[],
        own_servers: false,
        can: |_, _| Ok(()),
        drivers: &["cachemark"],
        default_caches: &[],
        default_stores: &[],
    };
}

impl<'a> Catalogue<'a> {
    /// That no part of that kind is called `given`: it is left out of this build, or nobody knows it.
    pub(super) fn no_such(&self, origin: Origin, kind: PartKind, given: &str) -> Mistake {
        let known: Vec<_> = self.of(kind).iter().map(|descriptor| descriptor.name).collect();
        self.unknown(origin, kind.name(), given, &known)
    }

    /// That the `what` called `given` is not among the `known`, where it may be a part.
    pub(super) fn unknown(&self, origin: Origin, what: &str, given: &str, known: &[&str]) -> Mistake {
        match self.left_out.iter().find(|left_out| left_out.name == given) {
            Some(left_out) => Mistake::new(origin, left_out.to_string()),
            None => Mistake::unknown(origin, what, given, known),
        }
    }

    pub(super) fn of(&self, kind: PartKind) -> &'a [Descriptor] {
        match kind {
            PartKind::Strategy => self.strategies,
            PartKind::Cache => self.caches,
            PartKind::Store => self.stores,
        }
    }
}
