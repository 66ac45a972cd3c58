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

mod listening;
mod memcached;
mod postgres;
mod redis;
mod starting;

use crate::account::Account;
use crate::folder::{self, SecretFile};
use crate::marker::{MarkedServer, STACK_PREFIX, mark};
use crate::orphans::polite_signal;
use crate::process::{Process, ProcessId};
use crate::{Address, AddressSource, Addresses, StackError, programs};
use cachemark_core::StackControl;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long a server may take to end before it is killed.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a native stack is to hold.
#[derive(Debug, Clone)]
pub struct NativeOptions {
    /// Whether Redis is wanted.
    pub redis: bool,
    /// Whether Memcached is wanted.
    pub memcached: bool,
    /// Whether Postgres is wanted.
    pub postgres: bool,
    /// Room for entries in each cache, in bytes.
    pub cache_memory_bytes: u64,
    /// Redis's `maxmemory-policy`.
    pub redis_eviction: String,
    /// Postgres's `synchronous_commit`: `on` waits for the disk at each commit, `off` does not.
    pub postgres_synchronous_commit: bool,
    /// Connections that Redis must take.
    pub redis_connections: u32,
    /// Connections that Memcached must take.
    pub memcached_connections: u32,
    /// Connections that Postgres must take.
    pub postgres_connections: u32,
}

impl Default for NativeOptions {
    fn default() -> Self {
        Self {
            redis: true,
            memcached: true,
            postgres: true,
            cache_memory_bytes: 64 << 20,
            redis_eviction: "allkeys-lru".into(),
            postgres_synchronous_commit: true,
            redis_connections: 10_000,
            memcached_connections: 2048,
            postgres_connections: 200,
        }
    }
}

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
    pub(crate) options: &'a NativeOptions,
    /// The servers that the marker names.
    pub(crate) marked: RefCell<Vec<MarkedServer>>,
}

impl Site<'_> {
    /// The folder that is the servers' account's own.
    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Puts what the server called `name` reads when it starts, and nobody else may, into a file.
    fn secret(&self, name: &str, text: &str) -> Result<SecretFile, StackError> {
        SecretFile::new(self.account, &self.folder.join(format!("{name}-login")), text)
            .map_err(|source| StackError::io(format!("write the login of {name}"), source))
    }
}

/// A native stack. Dropping it, at a panic too, ends its servers and removes its folder.
#[derive(Debug, Clone)]
pub struct Native(Arc<Mutex<Option<Running>>>);

#[derive(Debug)]
struct Running {
    folder: PathBuf,
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
        let programs = programs::required(options.redis, options.memcached, options.postgres)?;
        let account = Account::for_servers();
        let failed = |source| StackError::io("make a folder for the servers' data", source);
        let folder = folder::make(STACK_PREFIX, account).map_err(failed)?;
        let mut running = Running { folder, servers: Vec::new(), stays: false };
        let folder = running.folder.clone();
        let site = Site { folder: &folder, account, options, marked: RefCell::default() };
        // Before any server: a run that is killed from now on leaves nothing that cannot be found and cleared.
        mark(&folder, ProcessId::own(), Vec::new())?;
        folder::make_for(account, &site.data()).map_err(failed)?;
        if let Some(program) = &programs.redis {
            running.servers.push(redis::start(&site, program)?);
        }
        if let Some(program) = &programs.memcached {
            running.servers.push(memcached::start(&site, program)?);
        }
        if let Some(programs) = &programs.postgres {
            running.servers.push(postgres::start(&site, programs)?);
        }
        Ok(Self(Arc::new(Mutex::new(Some(running)))))
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
                let address = match server.name {
                    "redis" => &mut addresses.redis,
                    "memcached" => &mut addresses.memcached,
                    _ => &mut addresses.postgres,
                };
                *address = Some(Address { url: server.url.clone(), source: AddressSource::Started });
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
        self.with(|running| running.servers.iter().map(|server| (server.name, server.process.id())).collect())
            .unwrap_or_default()
    }

    /// Ends the servers and removes the folder, once; a clone of a stack that is down does nothing.
    pub fn down(&self) {
        let running = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(running);
    }

    fn with<T>(&self, look: impl FnOnce(&mut Running) -> T) -> Option<T> {
        // A panic elsewhere leaves the list of servers as it was: they must be ended all the same.
        self.0.lock().unwrap_or_else(PoisonError::into_inner).as_mut().map(look)
    }
}

impl StackControl for Native {
    fn cpu_times(&self) -> BTreeMap<String, Duration> {
        let cpu_time = |(name, process): (&str, ProcessId)| Some((name.to_owned(), process.cpu_time()?));
        self.processes().into_iter().filter_map(cpu_time).collect()
    }
}

impl Running {
    fn mark(&self) -> Result<(), StackError> {
        let servers = self.servers.iter().map(|server| MarkedServer {
            name: server.name.to_owned(),
            process: server.process.id(),
            user: server.user,
            port: server.port,
        });
        let holder = if self.stays { None } else { ProcessId::own() };
        mark(&self.folder, holder, servers.collect())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.stays {
            return;
        }
        for server in &mut self.servers {
            server.process.end(polite_signal(server.name), PATIENCE);
        }
        // A folder that stays behind is found by `cachemark stack status`.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
