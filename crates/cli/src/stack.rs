//! The stack of a run: which servers there are, and whose they are.

use crate::exit::Failure;
use cachemark_bench::definition::{Chosen, Definition};
use cachemark_core::{NoControl, StackControl, UnseenServers};
use cachemark_stack::{Addresses, Native, NativeOptions};
use clap::ValueEnum;
use std::path::PathBuf;

/// Where caches and stores run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StackKind {
    /// In this process: no server.
    Embedded,
    /// Private servers, started for the run from the machine's own programs.
    Native,
    /// Servers that somebody else runs; ours on them are the keys under `cm:` and the schema `cachemark`.
    External,
}

impl StackKind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Embedded => "embedded",
            Self::Native => "native",
            Self::External => "external",
        }
    }

    /// The kind that a record names.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::value_variants().iter().copied().find(|kind| kind.name() == name)
    }
}

/// A stack that is up.
pub(crate) struct Stack {
    pub(crate) kind: StackKind,
    pub(crate) addresses: Addresses,
    native: Option<Native>,
}

impl Stack {
    /// Brings up what the definition needs of a stack of the given kind; where an external one is, `addresses` say.
    pub(crate) fn up(kind: StackKind, definition: &Definition, addresses: Addresses) -> Result<Self, Failure> {
        match kind {
            StackKind::Embedded => {
                check(kind, definition)?;
                Ok(Self { kind, addresses: Addresses::default(), native: None })
            }
            StackKind::External => Ok(Self { kind, addresses, native: None }),
            StackKind::Native => {
                let native = Native::up(&options(definition))?;
                Ok(Self { kind, addresses: native.addresses(), native: Some(native) })
            }
        }
    }

    /// Whether the servers were started for this run alone, so that they may be flushed.
    pub(crate) fn is_owned(&self) -> bool {
        self.kind == StackKind::Native
    }

    /// Where the data of servers lie that were started for the run.
    pub(crate) fn data_folder(&self) -> Option<PathBuf> {
        self.native.as_ref().and_then(Native::folder)
    }

    /// The servers, as far as they can be seen from outside.
    pub(crate) fn control(&self) -> &dyn StackControl {
        match &self.native {
            Some(native) => native,
            None if self.kind == StackKind::External => &UnseenServers,
            None => &NoControl,
        }
    }

    /// Takes down what was started for the run; once is enough, more does no harm.
    pub(crate) fn down(&self) {
        if let Some(native) = &self.native {
            native.down();
        }
    }

    /// Where client and servers run, for people.
    pub(crate) fn placement(&self) -> String {
        match self.kind {
            StackKind::Embedded => "embedded: client, cache and store share one process and its processors",
            StackKind::Native => "native: client and servers are processes of one machine and share its processors",
            StackKind::External => {
                "external: servers run by others, possibly on this machine; entries of others remain"
            }
        }
        .into()
    }
}

/// Refuses a definition that names servers where there are none.
pub(crate) fn check(kind: StackKind, definition: &Definition) -> Result<(), Failure> {
    const EMBEDDED: [&str; 2] = ["in-process", "sqlite"];
    let parts = definition.caches.iter().chain(&definition.stores).map(|part| part.descriptor.name);
    let servers: Vec<_> = parts.filter(|name| !EMBEDDED.contains(name)).collect();
    if kind != StackKind::Embedded || servers.is_empty() {
        return Ok(());
    }
    let (names, need) = (servers.join(", "), if servers.len() == 1 { "needs a server" } else { "need servers" });
    Err(Failure::Usage(format!(
        "{names} {need}: give --stack native (started for the run) or --stack external (running already)"
    )))
}

/// The servers that a definition needs, with its options.
fn options(definition: &Definition) -> NativeOptions {
    let named = |parts: &[Chosen], name: &str| parts.iter().any(|part| part.descriptor.name == name);
    let least = NativeOptions::default();
    NativeOptions {
        redis: named(&definition.caches, "redis"),
        memcached: named(&definition.caches, "memcached"),
        postgres: named(&definition.stores, "postgres"),
        cache_memory_bytes: definition.servers.cache_memory_mib << 20,
        redis_eviction: definition.servers.redis_eviction.clone(),
        postgres_synchronous_commit: definition.servers.synchronous_commit,
        redis_connections: least.redis_connections.max(connections(definition, &definition.caches, "redis")),
        memcached_connections: least.memcached_connections.max(connections(
            definition,
            &definition.caches,
            "memcached",
        )),
        postgres_connections: least.postgres_connections.max(connections(definition, &definition.stores, "postgres")),
    }
}

/// How many connections the part called `name` may hold at a time: its lanes on every driver thread, once more while those
/// of the trial before are being closed, and some for probes.
fn connections(definition: &Definition, parts: &[Chosen], name: &str) -> u32 {
    const PROBES: u64 = 16;
    let lanes = parts.iter().find(|part| part.descriptor.name == name).map_or(0, |part| part.settings.integer("lanes"));
    let at_a_time = lanes * u64::from(definition.driving.driver_threads);
    u32::try_from(2 * at_a_time + PROBES).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cachemark_bench::definition::Draft;

    fn options_of(lanes: u32, threads: u32) -> NativeOptions {
        let text = format!(
            "name = \"wide\"\n[sweep]\ncaches = [\"redis\", \"memcached\"]\nstores = [\"postgres\"]\n[run]\n\
             clients = 64\ndriver-threads = {threads}\n[cache.memcached]\nlanes = {lanes}\n[store.postgres]\n\
             lanes = {lanes}\n"
        );
        let draft = Draft::read("test", text.as_bytes()).unwrap();
        options(&Definition::resolve(draft, &crate::catalogue::catalogue(StackKind::Native)).unwrap())
    }

    #[test]
    fn servers_take_the_connections_that_lanes_and_threads_ask_for() {
        let least = NativeOptions::default();
        let few = options_of(8, 2);
        assert_eq!(few.postgres_connections, least.postgres_connections);
        assert_eq!(few.memcached_connections, least.memcached_connections);
        let many = options_of(200, 16);
        assert_eq!((many.postgres_connections, many.memcached_connections), (6416, 6416));
        assert_eq!(many.redis_connections, least.redis_connections);
    }
}
