//! Where the servers of one stack are started, and what is known of one that runs.

use super::{ServerKind, ServerOptions};
use crate::StackError;
use crate::account::Account;
use crate::folder::SecretFile;
use crate::marker::MarkedServer;
use crate::password::Password;
use crate::port::Port;
use crate::process::{Process, ProcessId};
use std::cell::RefCell;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A server that was started.
pub(crate) struct Server {
    pub(crate) kind: &'static ServerKind,
    pub(crate) process: Process,
    pub(crate) user: u32,
    pub(crate) login: Login,
    /// With user and password.
    pub(crate) url: String,
    pub(crate) program: PathBuf,
    pub(crate) options: ServerOptions,
    pub(crate) condition: Condition,
    /// CPU time of the processes that ran in its place before.
    pub(crate) spent: Duration,
}

/// How a server of ours is to be reached, today and after it was started again.
#[derive(Debug, Clone)]
pub(crate) struct Login {
    pub(crate) port: Port,
    pub(crate) password: Password,
}

/// What was done to a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Condition {
    /// Nothing that lasts.
    Up,
    /// Its process was ended, and none was started in its place.
    Down,
    /// It stands still.
    Frozen,
}

impl Server {
    /// CPU time of its processes so far, of those that ran in its place before too.
    pub(crate) fn cpu_time(&self) -> Option<Duration> {
        let now = self.process.id().cpu_time();
        let known = now.is_some() || self.condition == Condition::Down;
        known.then(|| self.spent + now.unwrap_or_default())
    }

    /// What the marker says of it.
    pub(crate) fn marked(&self) -> MarkedServer {
        let name = self.kind.name.to_owned();
        MarkedServer { name, process: self.process.id(), user: self.user, port: self.login.port.number() }
    }
}

impl fmt::Debug for Server {
    // The password in the URL must not reach a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("name", &self.kind.name)
            .field("process", &self.process)
            .field("port", &self.login.port.number())
            .field("condition", &self.condition)
            .finish()
    }
}

/// What every server's start needs to know.
pub(crate) struct Site<'a> {
    /// The stack's folder.
    pub(crate) folder: &'a Path,
    /// Whom the servers run as, if not as we do.
    pub(crate) account: Option<Account>,
    /// Whose the stack is; nobody's if it is to stay.
    pub(crate) holder: Option<ProcessId>,
    /// The servers that the marker names.
    pub(crate) marked: RefCell<Vec<MarkedServer>>,
}

impl Site<'_> {
    /// The folder that is the servers' account's own.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Puts what the server called `name` reads when it starts, and nobody else may, into a file.
    pub(crate) fn secret(&self, name: &str, text: &str) -> Result<SecretFile, StackError> {
        SecretFile::new(self.account, &self.folder.join(format!("{name}-login")), text)
            .map_err(|source| StackError::io(format!("write the login of {name}"), source))
    }
}
