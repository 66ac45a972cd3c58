//! Who does what: the stack's control, the probe of a cache, or the arrivals themselves.

use super::super::fault::PlannedFault;
use crate::composition::Composition;
use crate::target::Probes;
use cachemark_core::{CacheError, Fault, FaultActor, FaultError, FaultTarget, Key, StackControl};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;
use tokio::runtime::Handle;

/// The longest that a command to a cache may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// What can act on a trial.
pub(crate) struct Hands<'a> {
    pub(crate) faults: &'a [PlannedFault],
    pub(crate) composition: &'a Composition,
    pub(crate) control: &'a dyn StackControl,
    pub(crate) probes: &'a dyn Probes,
    /// Where commands to a cache run.
    pub(crate) background: &'a Handle,
    /// The keys that are asked for most, the first of them most: as many as any fault is about.
    pub(crate) hottest: Vec<Key>,
}

/// By whom a fault is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// By somebody who can.
    Actor(FaultActor),
    /// By the arrivals, which were fixed beforehand.
    Load,
    /// By nobody: the cell has no such server.
    Nobody,
}

impl By {
    /// The name in records.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Actor(actor) => actor.name(),
            Self::Load => "load",
            Self::Nobody => "none",
        }
    }
}

impl Hands<'_> {
    /// The server that a fault is about, by the name of its cache or store; empty of the load, and where the cell has none.
    pub(super) fn server(&self, fault: &PlannedFault) -> &'static str {
        match fault.of_server() {
            Some((FaultTarget::Cache, _)) => self.composition.cache.as_ref().map_or("", |cache| cache.descriptor.name),
            Some((FaultTarget::Store, _)) => self.composition.store_name(),
            None => "",
        }
    }

    /// Who does a fault.
    pub(super) fn by(&self, fault: &PlannedFault) -> By {
        match fault.of_server() {
            None => By::Load,
            Some(_) if self.server(fault).is_empty() => By::Nobody,
            Some((_, fault)) => By::Actor(fault.actor()),
        }
    }

    /// Does it; returns once it is in place.
    pub(super) fn begin(&self, planned: &PlannedFault) -> Result<(), FaultError> {
        self.act(planned, true)
    }

    /// Undoes it; returns once that is done.
    pub(super) fn end(&self, planned: &PlannedFault) -> Result<(), FaultError> {
        self.act(planned, false)
    }

    fn act(&self, planned: &PlannedFault, begin: bool) -> Result<(), FaultError> {
        let (Some((_, fault)), server) = (planned.of_server(), self.server(planned)) else { return Ok(()) };
        let servers = &self.composition.servers;
        let attempt = || match (self.by(planned), begin) {
            (By::Load | By::Nobody, _) => Ok(()),
            (By::Actor(FaultActor::Command), _) => self.command(planned, fault, begin),
            (By::Actor(_), true) => self.control.begin(fault, server, servers),
            (By::Actor(_), false) => self.control.end(fault, server, servers),
        };
        // A panic here must not leave a server frozen.
        catch_unwind(AssertUnwindSafe(attempt)).unwrap_or_else(|panic| Err(self.failed(planned, said(&*panic))))
    }

    /// Has every cache of the target carry out what is done by command.
    fn command(&self, planned: &PlannedFault, fault: Fault, begin: bool) -> Result<(), FaultError> {
        let caches = self.probes.caches();
        if caches.is_empty() {
            let (what, server) = (planned.in_words(), self.server(planned).to_owned());
            return Err(FaultError::Impossible { what, server, why: "its cache is not seen".into() });
        }
        let asked = async {
            for cache in caches {
                match fault {
                    Fault::Flush => cache.clear().await?,
                    Fault::Evict { share } => cache.cut_room(if begin { share } else { 1.0 }).await?,
                    Fault::MassExpiry => cache.expire(None).await?,
                    Fault::HotKeyExpiry { keys } => cache.expire(Some(self.hottest(keys))).await?,
                    _ => {}
                }
            }
            Ok::<_, CacheError>(())
        };
        let answered = self.background.block_on(async { tokio::time::timeout(PATIENCE, asked).await });
        answered
            .map_err(|_| self.failed(planned, format!("no answer within {PATIENCE:?}")))?
            .map_err(|error| self.failed(planned, error.to_string()))
    }

    fn hottest(&self, keys: u64) -> &[Key] {
        let count = usize::try_from(keys).unwrap_or(usize::MAX).min(self.hottest.len());
        &self.hottest[..count]
    }

    fn failed(&self, planned: &PlannedFault, said: String) -> FaultError {
        FaultError::Failed { what: planned.in_words(), server: self.server(planned).to_owned(), said }
    }
}

fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    format!("it panicked: {}", text.unwrap_or_default())
}
