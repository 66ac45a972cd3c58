//! What is done to the processes of a native stack's servers, and undone.
//!
//! The list of servers is locked for moments only: others look at it, and take the stack down, while a server starts.

use super::{Native, Running};
use crate::StackError;
use crate::account::Account;
use crate::leftovers::Leftovers;
use crate::process::ProcessId;
use crate::server::{Attempt, Condition, Server, ServerKind, Site, Start};
use std::cell::RefCell;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{MutexGuard, PoisonError};
use std::time::Duration;

/// How long a server may take to end in good order before it is killed: it may have much to save.
const RESTART_PATIENCE: Duration = Duration::from_secs(30);

/// Why something could not be done to a server.
#[derive(Debug, thiserror::Error)]
pub(super) enum ActError {
    #[error("the stack is down")]
    StackDown,
    #[error("its process is not running")]
    Gone,
    #[error("its process was killed, and not started again yet")]
    Down,
    #[error("it is frozen")]
    Frozen,
    #[error("its processes did not stop")]
    Moving,
    #[error("its processes did not end")]
    Unkilled,
    #[error(
        "it did not end within {RESTART_PATIENCE:?} and was killed; it runs again, with what it had kept until then"
    )]
    Late,
    #[error("{0}")]
    Refused(#[from] io::Error),
    #[error("{0}")]
    Start(#[from] StackError),
}

impl Native {
    fn acting(&self) -> MutexGuard<'_, ()> {
        self.0.acting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn server<T>(&self, name: &str, act: impl FnOnce(&mut Server) -> Result<T, ActError>) -> Result<T, ActError> {
        self.with(|running| {
            let server = running.servers.iter_mut().find(|server| server.kind.name == name);
            server.map_or(Err(ActError::StackDown), act)
        })
        .unwrap_or(Err(ActError::StackDown))
    }

    pub(super) fn freeze(&self, name: &str) -> Result<(), ActError> {
        let _acting = self.acting();
        self.server(name, |server| {
            let process = server.that_runs()?;
            if !process.freeze() {
                process.thaw();
                return Err(ActError::Moving);
            }
            server.condition = Condition::Frozen;
            Ok(())
        })
    }

    pub(super) fn thaw(&self, name: &str) -> Result<(), ActError> {
        let _acting = self.acting();
        self.server(name, |server| {
            if server.condition == Condition::Frozen {
                server.process.id().thaw();
                server.condition = Condition::Up;
            }
            if server.process.id().is_alive() { Ok(()) } else { Err(ActError::Gone) }
        })
    }

    pub(super) fn kill(&self, name: &str) -> Result<(), ActError> {
        let _acting = self.acting();
        self.server(name, |server| server.that_runs())?;
        self.kill_whatever_runs(name)
    }

    fn kill_whatever_runs(&self, name: &str) -> Result<(), ActError> {
        let account = self.with(|running| running.account).flatten();
        self.server(name, |server| server.kill(account))
    }

    /// Starts a server that was killed, or has ended where a restart of it failed.
    pub(super) fn revive(&self, name: &str) -> Result<(), ActError> {
        let _acting = self.acting();
        if self.server(name, |server| Ok(server.condition == Condition::Down || !server.process.id().is_alive()))? {
            self.start_again(name, true)
        } else {
            Ok(())
        }
    }

    /// Ends a server and starts it again.
    pub(super) fn restart(&self, name: &str, empty: bool) -> Result<(), ActError> {
        let _acting = self.acting();
        let process = self.server(name, |server| {
            let process = server.that_runs()?;
            if empty {
                process.ask_to_end(server.kind.signal);
            }
            Ok(process)
        })?;
        if !empty {
            self.save(name)?;
        }
        let in_time = process.ends_within(RESTART_PATIENCE);
        self.kill_whatever_runs(name)?;
        self.start_again(name, empty)?;
        if in_time { Ok(()) } else { Err(ActError::Late) }
    }

    /// Asks a server to end, keeping what it holds.
    fn save(&self, name: &str) -> Result<(), ActError> {
        let asked = self.server(name, |server| Ok(server.to_end_warm()))?;
        Ok(asked.ask()?)
    }

    /// Starts a server whose process has ended, where it was, and waits until it answers.
    fn start_again(&self, name: &str, empty: bool) -> Result<(), ActError> {
        let Some(begun) = self.with(|running| begin_again(running, name, empty)) else {
            return Err(ActError::StackDown);
        };
        let Begun { folder, account, kind, process, attempt, port, saved } = begun?;
        let site = Site { folder: &folder, account, holder: None, marked: RefCell::default() };
        let answered = site.until_answered(kind.name, process, &attempt, port);
        forget(saved.as_deref());
        if answered.is_err() {
            // Whatever the stack has of it now: nothing, if it is down.
            let _ = self.kill_whatever_runs(name);
        }
        Ok(answered?)
    }
}

/// A start that has begun.
struct Begun {
    folder: PathBuf,
    account: Option<Account>,
    kind: &'static ServerKind,
    process: ProcessId,
    attempt: Attempt,
    port: u16,
    saved: Option<PathBuf>,
}

/// Starts the process. The list is locked meanwhile: whoever takes the stack down finds either no process or this one.
fn begin_again(running: &mut Running, name: &str, empty: bool) -> Result<Begun, ActError> {
    let (folder, account) = (running.folder.clone(), running.account);
    let site = running.site(&folder);
    let server = running.servers.iter_mut().find(|server| server.kind.name == name).ok_or(ActError::StackDown)?;
    let (kind, port, saved) = (server.kind, server.login.port.number(), server.kind.saved(&site));
    if empty {
        forget(saved.as_deref());
    }
    let start = Start { site: &site, kind, program: &server.program, options: &server.options };
    let mut attempt = (kind.attempt)(&start, &server.login)?;
    server.process = site.spawn(kind.name, &mut attempt, port)?;
    server.condition = Condition::Up;
    let process = server.process.id();
    Ok(Begun { folder, account, kind, process, attempt, port, saved })
}

/// Removes what a server saved: another start is not to find it.
fn forget(saved: Option<&Path>) {
    if let Some(file) = saved {
        // There is none, mostly.
        let _ = std::fs::remove_file(file);
    }
}

impl Server {
    /// Its process, if it runs and stands in nobody's way.
    fn that_runs(&self) -> Result<ProcessId, ActError> {
        match self.condition {
            Condition::Down => Err(ActError::Down),
            Condition::Frozen => Err(ActError::Frozen),
            Condition::Up if !self.process.id().is_alive() => Err(ActError::Gone),
            Condition::Up => Ok(self.process.id()),
        }
    }

    /// Kills whatever of it runs. What its processes cost is kept, what they leave behind is not.
    fn kill(&mut self, account: Option<Account>) -> Result<(), ActError> {
        let process = self.process.id();
        // Nothing is started or used up between the look and the end.
        process.freeze();
        let leftovers = Leftovers::of(&process.tree(), account);
        let cost = process.cpu_time().unwrap_or_default();
        // Whether or not it takes its time to die, it is to be started again.
        self.condition = Condition::Down;
        if !process.kill() {
            return Err(ActError::Unkilled);
        }
        self.process.reap();
        self.spent += cost;
        leftovers.remove();
        Ok(())
    }
}
