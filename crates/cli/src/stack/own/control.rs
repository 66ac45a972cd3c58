//! Servers that were started for a run, controlled from outside.

use super::{InTurn, OwnServers};
use cachemark_core::{Fault, FaultError, Settings, StackControl};
use cachemark_stack::{Native, ServerKind, impossible};
use std::collections::BTreeMap;
use std::time::Duration;

impl StackControl for OwnServers {
    /// Of servers of one name together: those that a trial does not ask are idle meanwhile.
    fn cpu_times(&self) -> BTreeMap<String, Duration> {
        let turn = self.in_turn.as_ref().map(InTurn::up);
        let of_turn = turn.as_ref().and_then(|up| up.as_ref()).map(|turn| &turn.native);
        let mut times: BTreeMap<String, Duration> = BTreeMap::new();
        for (name, time) in self.natives.iter().chain(of_turn).flat_map(StackControl::cpu_times) {
            *times.entry(name).or_default() += time;
        }
        times
    }

    /// By the kind of its server: it may not have its turn yet.
    fn can(&self, fault: Fault, part: &str) -> Result<(), FaultError> {
        match ServerKind::of(part).filter(|_| self.variants.contains_key(part)) {
            Some(kind) => kind.can(fault),
            None => Err(impossible(fault, part, "it is no server that was started for this run")),
        }
    }

    fn begin(&self, fault: Fault, part: &str, servers: &Settings) -> Result<(), FaultError> {
        self.can(fault, part)?;
        self.of(fault, part, servers)?.begin(fault, part, servers)
    }

    fn end(&self, fault: Fault, part: &str, servers: &Settings) -> Result<(), FaultError> {
        self.of(fault, part, servers)?.end(fault, part, servers)
    }
}

impl OwnServers {
    /// The stack of its server. It is not locked meanwhile: whoever takes it down does not wait.
    fn of(&self, fault: Fault, part: &str, servers: &Settings) -> Result<Native, FaultError> {
        let not_up = || impossible(fault, part, "the server that is set so does not run now");
        self.native_of(part, servers).ok_or_else(not_up)
    }
}
