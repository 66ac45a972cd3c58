//! The stack of a run: which servers there are, and whose they are.

mod control;
mod own;
mod ways;

use crate::exit::Failure;
use cachemark_bench::definition::Definition;
use cachemark_core::{LeftOut, Settings, StackControl};
use cachemark_stack::{Addresses, ServerKind, StackError};
use clap::ValueEnum;
use own::OwnServers;
use std::path::PathBuf;
use ways::Ways;

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
    /// Where the servers are themselves: claims and the like go no further.
    pub(crate) addresses: Addresses,
    /// Servers that were started for the run; none if it has none of its own.
    own: Option<OwnServers>,
    ways: Ways,
}

impl Stack {
    /// Brings up what the definition needs of a stack of the given kind; where an external one is, `addresses` say.
    pub(crate) fn up(kind: StackKind, definition: &Definition, addresses: Addresses) -> Result<Self, Failure> {
        let ways = Ways::of(definition);
        match kind {
            StackKind::Embedded => {
                check(kind, definition)?;
                Ok(Self { kind, addresses: Addresses::default(), own: None, ways })
            }
            StackKind::External => Ok(Self { kind, addresses, own: None, ways }),
            StackKind::Native => {
                let own = OwnServers::up(definition)?;
                Ok(Self { kind, addresses: own.addresses(), own: Some(own), ways })
            }
        }
    }

    /// Where the data of servers lie that were started for the run.
    pub(crate) fn data_folder(&self) -> Option<PathBuf> {
        self.own.as_ref().and_then(OwnServers::folder)
    }

    /// The servers, as far as they can be seen from outside, and what can be done to them.
    pub(crate) fn control(&self) -> &dyn StackControl {
        self
    }

    /// Starts the servers that are set so, where they run in turn; all others run already.
    pub(crate) fn make_ready(&self, servers: &Settings) -> Result<(), StackError> {
        let Some(own) = &self.own else { return Ok(()) };
        own.make_ready(servers)?;
        if own.run_in_turn() {
            self.ways.keep_to(&own.addresses_of(servers));
        }
        Ok(())
    }

    /// Whether servers that arms set otherwise run in trials that ask them alone.
    pub(crate) fn runs_in_turn(&self) -> bool {
        self.own.as_ref().is_some_and(OwnServers::run_in_turn)
    }

    /// Takes down what was started for the run; once is enough, more does no harm.
    pub(crate) fn down(&self) {
        self.ways.close();
        if let Some(own) = &self.own {
            own.down();
        }
    }

    /// Where the servers are that are set so, and the proxies that some are reached through.
    ///
    /// # Errors
    /// If a proxy cannot be started.
    pub(crate) fn addresses_of(&self, servers: &Settings) -> Result<Addresses, StackError> {
        self.ways.lead(self.places_of(servers))
    }

    /// Where the servers are that are set so: those of others, and of ours the first, whatever is asked for.
    fn places_of(&self, servers: &Settings) -> Addresses {
        self.own.as_ref().map_or_else(|| self.addresses.clone(), |own| own.addresses_of(servers))
    }

    /// Each way in which the server of the part called `name` is set; one, of unknown settings, where it is not ours.
    pub(crate) fn variants_of(&self, name: &str) -> Vec<Settings> {
        self.own.as_ref().map_or_else(|| vec![Settings::default()], |own| own.variants_of(name))
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

/// Refuses a stack of servers in a build without them.
pub(crate) fn refuse_left_out(kind: StackKind) -> Result<(), Failure> {
    if kind == StackKind::Embedded || cfg!(feature = "servers") {
        return Ok(());
    }
    Err(Failure::Usage(format!("--stack {}", LeftOut { name: kind.name(), feature: "servers" })))
}

/// What is to be said before a run whose servers run in turn.
pub(crate) fn in_turn(kind: StackKind, definition: &Definition) -> Option<String> {
    if kind == StackKind::Native { own::in_turn(definition) } else { None }
}

/// Refuses a definition that names servers where there are none, or more of them than there can be.
pub(crate) fn check(kind: StackKind, definition: &Definition) -> Result<(), Failure> {
    if kind == StackKind::Native {
        return own::check(definition);
    }
    let parts = definition.caches.iter().chain(&definition.stores).map(|part| part.descriptor.name);
    let servers: Vec<_> = parts.filter(|name| ServerKind::of(name).is_some()).collect();
    if kind != StackKind::Embedded || servers.is_empty() {
        return Ok(());
    }
    let (names, need) = (servers.join(", "), if servers.len() == 1 { "needs a server" } else { "need servers" });
    Err(Failure::Usage(format!(
        "{names} {need}: give --stack native (started for the run) or --stack external (running already)"
    )))
}
