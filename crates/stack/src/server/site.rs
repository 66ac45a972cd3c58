//! Where the servers of one stack are started, and what is known of one that runs.

use crate::StackError;
use crate::account::Account;
use crate::folder::SecretFile;
use crate::marker::MarkedServer;
use crate::process::Process;
use std::cell::RefCell;
use std::fmt;
use std::path::{Path, PathBuf};

/// A running server.
pub(crate) struct Server {
    pub(crate) name: &'static str,
    pub(crate) process: Process,
    pub(crate) user: u32,
    pub(crate) port: u16,
    /// With user and password.
    pub(crate) url: String,
}

impl fmt::Debug for Server {
    // The password in the URL must not reach a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("name", &self.name)
            .field("process", &self.process)
            .field("port", &self.port)
            .finish()
    }
}

/// What every server's start needs to know.
pub(crate) struct Site<'a> {
    /// The stack's folder.
    pub(crate) folder: &'a Path,
    /// Whom the servers run as, if not as we do.
    pub(crate) account: Option<Account>,
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
