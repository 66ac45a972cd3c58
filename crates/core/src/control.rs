//! Control over the servers of a stack, as far as whoever runs them has it.

use crate::{Fault, FaultError, Settings};
use std::collections::BTreeMap;
use std::time::Duration;

/// A stack's servers, from outside.
pub trait StackControl: Send + Sync {
    /// CPU time of each server so far, by name, its child processes included; none for servers that cannot be seen (on
    /// another machine, or in this process).
    fn cpu_times(&self) -> BTreeMap<String, Duration>;

    /// Whether the stack has servers that may run on this machine and cannot be seen: their CPU time is then in nobody's
    /// count, and a busy neighbour cannot be told from them.
    fn has_unseen_servers(&self) -> bool {
        false
    }

    /// Whether `fault` can be done to the server of the part called `part`: asked before anything is measured. What is done by a command
    /// ([`FaultActor::Command`](crate::FaultActor::Command)) is the part's probe's, and never asked of a stack.
    ///
    /// # Errors
    /// [`FaultError::Impossible`] says why not.
    fn can(&self, fault: Fault, part: &str) -> Result<(), FaultError> {
        Err(FaultError::Impossible {
            what: format!("{fault:?}"),
            server: part.to_owned(),
            why: "it is no server that this run controls; give --stack native".into(),
        })
    }

    /// Does `fault` to the server of the part called `part`, of its servers to the one that is set as `servers` says; returns once it
    /// is in place. It blocks, and may be called while operations run, from one thread at a time.
    ///
    /// # Errors
    /// [`FaultError`]; nothing is left half done.
    fn begin(&self, fault: Fault, part: &str, servers: &Settings) -> Result<(), FaultError> {
        let _ = servers;
        self.can(fault, part)
    }

    /// Undoes a fault that was begun; returns once the server can be asked again. A fault that is not in place is undone already.
    ///
    /// # Errors
    /// [`FaultError::Failed`]: the server may be unusable.
    fn end(&self, fault: Fault, part: &str, servers: &Settings) -> Result<(), FaultError> {
        let _ = servers;
        self.can(fault, part)
    }
}

/// A stack whose servers somebody else runs: here or elsewhere, which isn't known.
#[derive(Debug, Clone, Copy, Default)]
pub struct UnseenServers;

impl StackControl for UnseenServers {
    fn cpu_times(&self) -> BTreeMap<String, Duration> {
        BTreeMap::new()
    }

    fn has_unseen_servers(&self) -> bool {
        true
    }
}

/// A stack without servers that can be seen.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoControl;

impl StackControl for NoControl {
    fn cpu_times(&self) -> BTreeMap<String, Duration> {
        BTreeMap::new()
    }
}
