//! The servers that a stack may have, one a file: how each is named, found, started and asked whether it is ready.

mod listening;
mod memcached;
mod postgres;
mod redis;
mod restarts;
mod settings;
mod site;
mod starting;
mod valkey;

pub use settings::server_settings;
pub(crate) use site::{Condition, Login, Server, Site};
pub(crate) use starting::Attempt;

use crate::password::Password;
use crate::{StackError, programs};
use cachemark_core::{Setting, Settings};
use restarts::Restarts;
use rustix::process::Signal;
use std::path::{Path, PathBuf};

/// Every server, in the order in which they are started and told of.
pub const SERVERS: &[ServerKind] = &[redis::KIND, memcached::KIND, postgres::KIND, valkey::KIND];

/// A kind of server.
#[derive(Debug, Clone, Copy)]
pub struct ServerKind {
    /// The name of the cache or store that it is for, in definitions and records.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// The flag that gives its address.
    pub flag: &'static str,
    /// The variable that does.
    pub variable: &'static str,
    /// Where docker-compose.yml puts it; none if it has none.
    pub compose: Option<Compose>,
    /// Its program.
    pub program: &'static str,
    /// The Debian package of the program.
    pub package: &'static str,
    /// The oldest version that will do, and what to say of an older one; none where every version will.
    pub oldest: Option<([u32; 2], &'static str)>,
    /// What of it bounds its connections.
    pub connections_limit: &'static str,
    /// How many connections it takes where no more are asked for.
    pub least_connections: u32,
    /// What can be set of one that is started for a run.
    pub settings: &'static [Setting],
    /// Finds the program.
    pub(crate) find: fn(&str) -> Option<PathBuf>,
    /// Makes what one needs before its first start; it is to ask for this password.
    pub(crate) prepare: fn(&Start<'_>, &Password) -> Result<(), StackError>,
    /// Makes what one start takes.
    pub(crate) attempt: fn(&Start<'_>, &Login) -> Result<Attempt, StackError>,
    /// What ends it in good order.
    pub(crate) signal: Signal,
    /// How it ends to be started again.
    pub(crate) restarts: Restarts,
    /// Why its disk cannot be made full.
    pub(crate) disk: &'static str,
}

/// Where docker-compose.yml puts a server.
#[derive(Debug, Clone, Copy)]
pub struct Compose {
    /// The variable that moves its port.
    pub port_variable: &'static str,
    /// Its port.
    pub port: &'static str,
    /// Its URL, given the password as it stands in one, and the port.
    pub(crate) url: fn(&str, &str) -> String,
}

/// How a server of ours is to be.
#[derive(Debug, Clone, PartialEq)]
pub struct ServerOptions {
    /// Its settings, of those that its kind has.
    pub settings: Settings,
    /// Connections that it must take.
    pub connections: u32,
}

/// One start of a server.
#[derive(Clone, Copy)]
pub(crate) struct Start<'a> {
    pub(crate) site: &'a Site<'a>,
    pub(crate) kind: &'static ServerKind,
    pub(crate) program: &'a Path,
    pub(crate) options: &'a ServerOptions,
}

impl ServerKind {
    /// The server of the cache or store called `name`, if it has one.
    #[must_use]
    pub fn of(name: &str) -> Option<&'static Self> {
        SERVERS.iter().find(|kind| kind.name == name)
    }

    /// One as it is where nothing else is asked for.
    #[must_use]
    pub fn defaults(&self) -> ServerOptions {
        ServerOptions { settings: Settings::defaults(self.settings), connections: self.least_connections }
    }

    /// Where its program is, if it is installed.
    #[must_use]
    pub fn installed(&self) -> Option<PathBuf> {
        (self.find)(self.program)
    }
}

/// Where the program called `name` is: a server's as a native stack would start it, any other in PATH.
#[must_use]
pub fn program(name: &str) -> Option<PathBuf> {
    match SERVERS.iter().find(|kind| kind.program == name) {
        Some(kind) => kind.installed(),
        None => programs::in_path(name),
    }
}

/// What ends the server called `name` in good order.
pub(crate) fn polite_signal(name: &str) -> Signal {
    ServerKind::of(name).map_or(Signal::TERM, |kind| kind.signal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn servers_can_be_told_apart() {
        let of: [fn(&ServerKind) -> &'static str; 4] =
            [|kind| kind.name, |kind| kind.flag, |kind| kind.variable, |kind| kind.program];
        for of in of {
            assert_eq!(SERVERS.iter().map(of).collect::<BTreeSet<_>>().len(), SERVERS.len());
        }
        assert!(SERVERS.iter().all(|kind| kind.flag.starts_with("--") && kind.flag.ends_with("-url")));
    }
}
