//! A native stack, controlled from outside.

use super::Native;
use crate::fault::{failed, impossible};
use crate::server::ServerKind;
use cachemark_core::{Fault, FaultError, Settings, StackControl};
use std::collections::BTreeMap;
use std::time::Duration;

impl StackControl for Native {
    /// Of a server that was started again, all its processes together.
    fn cpu_times(&self) -> BTreeMap<String, Duration> {
        let time = |server: &crate::server::Server| Some((server.kind.name.to_owned(), server.cpu_time()?));
        self.with(|running| running.servers.iter().filter_map(time).collect()).unwrap_or_default()
    }

    /// What is done to its processes alone.
    fn can(&self, fault: Fault, part: &str) -> Result<(), FaultError> {
        let here = self.with(|running| running.servers.iter().any(|server| server.kind.name == part));
        match ServerKind::of(part).filter(|_| here == Some(true)) {
            Some(kind) => kind.can(fault),
            None => Err(impossible(fault, part, "it is no server of this stack")),
        }
    }

    fn begin(&self, fault: Fault, part: &str, _servers: &Settings) -> Result<(), FaultError> {
        self.can(fault, part)?;
        let done = match fault {
            Fault::Kill => self.kill(part),
            Fault::Freeze => self.freeze(part),
            Fault::Restart { empty } => self.restart(part, empty),
            _ => return Err(impossible(fault, part, "it is not done to a process")),
        };
        done.map_err(|said| failed(fault, part, said))
    }

    fn end(&self, fault: Fault, part: &str, _servers: &Settings) -> Result<(), FaultError> {
        let done = match fault {
            // One whose restart failed is down as well.
            Fault::Kill | Fault::Restart { .. } => self.revive(part),
            Fault::Freeze => self.thaw(part),
            _ => Ok(()),
        };
        done.map_err(|said| failed(fault, part, said))
    }
}
