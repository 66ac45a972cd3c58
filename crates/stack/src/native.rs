//! A private stack of the machine's own servers: free loopback ports, data in a temporary folder, gone with the run.
//!
//! Every user of the machine reaches loopback, so every server asks for a password: a random one, known to this process, in no
//! command line, and in a file only until the server has read it.
//!
//! ```text
//! cachemark-stack-XXXXXX/   ours: nobody else writes here, the servers' account neither
//!   cachemark-stack.json    the marker
//!   redis.log ..            opened by us, written through what the servers inherit
//!   postgres.hba            who may log in to Postgres, and how
//!   data/                   the servers' account's own: its current folder, Postgres's cluster
//!   <server>-login/         the servers' account's own: a password, while a server starts
//! ```

mod control;
mod faults;

use crate::account::Account;
use crate::folder;
use crate::marker::{STACK_PREFIX, mark};
use crate::process::ProcessId;
use crate::server::{SERVERS, Server, ServerKind, ServerOptions, Site, Start};
use crate::{Address, AddressSource, Addresses, StackError};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long a server may take to end before it is killed.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a native stack is to hold.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NativeOptions {
    /// The servers, by the name of the cache or store that each is for.
    pub servers: BTreeMap<&'static str, ServerOptions>,
}

impl NativeOptions {
    /// The servers that docker-compose.yml has, too, as they are where nothing else is asked for.
    #[must_use]
    pub fn live_stack() -> Self {
        Self::of(SERVERS.iter().filter(|kind| kind.compose.is_some()))
    }

    /// These servers, as they are where nothing else is asked for.
    pub fn of(kinds: impl IntoIterator<Item = &'static ServerKind>) -> Self {
        Self { servers: kinds.into_iter().map(|kind| (kind.name, kind.defaults())).collect() }
    }
}

/// A native stack. Dropping it, at a panic too, ends its servers and removes its folder.
#[derive(Debug, Clone)]
pub struct Native(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    running: Mutex<Option<Running>>,
    /// Held by whoever does something to a server: one at a time, while others look.
    acting: Mutex<()>,
}

#[derive(Debug)]
struct Running {
    folder: PathBuf,
    account: Option<Account>,
    servers: Vec<Server>,
    /// Brought up to stay: not ended with this value.
    stays: bool,
}

impl Native {
    /// Starts the servers that `options` names and waits until each answers.
    ///
    /// # Errors
    /// [`StackError::Missing`] names all programs that are not installed. After any error nothing is left running.
    pub fn up(options: &NativeOptions) -> Result<Self, StackError> {
        let wanted: Vec<_> = SERVERS.iter().filter(|kind| options.servers.contains_key(kind.name)).collect();
        let found: Vec<_> = wanted.iter().map(|kind| kind.installed().ok_or(kind.package)).collect();
        let missing: Vec<_> = found.iter().filter_map(|found| found.as_ref().err().copied()).collect();
        if !missing.is_empty() {
            return Err(StackError::Missing(missing));
        }
        let account = Account::for_servers();
        let failed = |source| StackError::io("make a folder for the servers' data", source);
        let folder = folder::make(STACK_PREFIX, account).map_err(failed)?;
        let mut running = Running { folder, account, servers: Vec::new(), stays: false };
        let folder = running.folder.clone();
        let site = running.site(&folder);
        // Before any server: a run that is killed from now on leaves nothing that cannot be found and cleared.
        mark(&folder, ProcessId::own(), Vec::new())?;
        folder::make_for(account, &site.data()).map_err(failed)?;
        for (kind, program) in wanted.into_iter().zip(found.into_iter().flatten()) {
            let start = Start { site: &site, kind, program: &program, options: &options.servers[kind.name] };
            running.servers.push(site.start(&start)?);
        }
        Ok(Self(Arc::new(Shared { running: Mutex::new(Some(running)), acting: Mutex::default() })))
    }

    /// Leaves the servers running when this process ends; `cachemark stack down` ends them.
    ///
    /// # Errors
    /// If the marker cannot be written.
    pub fn leave_up(&self) -> Result<(), StackError> {
        self.with(|running| {
            running.stays = true;
            running.mark()
        })
        .unwrap_or(Ok(()))
    }

    /// Where the servers are, with the passwords that they ask for.
    #[must_use]
    pub fn addresses(&self) -> Addresses {
        let mut addresses = Addresses::default();
        self.with(|running| {
            for server in &running.servers {
                let url = server.url.clone();
                addresses.put(server.kind.name, Address { url, source: AddressSource::Started });
            }
        });
        addresses
    }

    /// The stack's folder, on the file system that the servers' data lie on; none once it is down.
    #[must_use]
    pub fn folder(&self) -> Option<PathBuf> {
        self.with(|running| running.folder.clone())
    }

    /// Name and process of each server.
    #[must_use]
    pub fn processes(&self) -> Vec<(&'static str, ProcessId)> {
        self.with(|running| running.servers.iter().map(|server| (server.kind.name, server.process.id())).collect())
            .unwrap_or_default()
    }

    /// Ends the servers and removes the folder, once; a clone of a stack that is down does nothing.
    pub fn down(&self) {
        let running = self.0.running.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(running);
    }

    fn with<T>(&self, look: impl FnOnce(&mut Running) -> T) -> Option<T> {
        // A panic elsewhere leaves the list of servers as it was: they must be ended all the same.
        self.0.running.lock().unwrap_or_else(PoisonError::into_inner).as_mut().map(look)
    }
}

impl Running {
    /// Where its servers start.
    fn site<'a>(&self, folder: &'a Path) -> Site<'a> {
        let marked = self.servers.iter().map(Server::marked).collect();
        Site { folder, account: self.account, holder: self.holder(), marked: RefCell::new(marked) }
    }

    fn holder(&self) -> Option<ProcessId> {
        if self.stays { None } else { ProcessId::own() }
    }

    fn mark(&self) -> Result<(), StackError> {
        mark(&self.folder, self.holder(), self.servers.iter().map(Server::marked).collect())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.stays {
            return;
        }
        for server in &mut self.servers {
            server.process.end(server.kind.signal, PATIENCE);
        }
        // A folder that stays behind is found by `cachemark stack status`.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
