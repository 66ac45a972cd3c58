//! The servers of a stack, controlled from outside: whoever can do a fault is asked to.

use super::{Stack, StackKind};
use cachemark_core::{Fault, FaultActor, FaultError, Settings, StackControl};
use cachemark_stack::{ServerKind, impossible};
use std::collections::BTreeMap;
use std::time::Duration;

impl StackControl for Stack {
    fn cpu_times(&self) -> BTreeMap<String, Duration> {
        self.own.as_ref().map(StackControl::cpu_times).unwrap_or_default()
    }

    /// Those of others may run here.
    fn has_unseen_servers(&self) -> bool {
        self.kind == StackKind::External
    }

    fn can(&self, fault: Fault, part: &str) -> Result<(), FaultError> {
        match (fault.actor(), &self.own) {
            // The part's own probe carries it out, and says if it cannot.
            (FaultActor::Command, _) => Ok(()),
            _ if ServerKind::of(part).is_none() => {
                Err(impossible(fault, part, "it is no server: it lives in the process that measures"))
            }
            (FaultActor::Process, Some(own)) => own.can(fault, part),
            (FaultActor::Process, None) => Err(impossible(fault, part, NOT_OURS)),
            // Of servers of others it is known where they are; those of ours are all reached over loopback.
            (FaultActor::Proxy, None) => {
                self.ways.can(fault, part, self.addresses.of(part).map(|address| address.url.as_str()))
            }
            (FaultActor::Proxy, Some(_)) => self.ways.can(fault, part, None),
        }
    }

    fn begin(&self, fault: Fault, part: &str, servers: &Settings) -> Result<(), FaultError> {
        self.can(fault, part)?;
        match (fault.actor(), &self.own) {
            (FaultActor::Process, Some(own)) => own.begin(fault, part, servers),
            (FaultActor::Proxy, _) => self.ways.act(fault, part, &self.places_of(servers), true),
            _ => Err(impossible(fault, part, "no stack does that")),
        }
    }

    fn end(&self, fault: Fault, part: &str, servers: &Settings) -> Result<(), FaultError> {
        match (fault.actor(), &self.own) {
            (FaultActor::Process, Some(own)) => own.end(fault, part, servers),
            (FaultActor::Proxy, _) => self.ways.act(fault, part, &self.places_of(servers), false),
            _ => Err(impossible(fault, part, "no stack does that")),
        }
    }
}

/// A process of somebody else's is nobody's to end, whatever is owned: it could not be started again as it was.
const NOT_OURS: &str = "this run did not start it, so its process is left alone; give --stack native, or a fault of the way to it (slow, \
     drop, black-hole, throttle, connection-limit)";
