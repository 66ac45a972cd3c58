//! Faults in words, and what can be done to which kind of server.

use crate::server::ServerKind;
use cachemark_core::{Fault, FaultActor, FaultError};

impl ServerKind {
    /// Whether `fault` can be done to the process of a server of this kind that a run started.
    ///
    /// # Errors
    /// [`FaultError::Impossible`] says why not, and what can be done instead.
    pub fn can(&self, fault: Fault) -> Result<(), FaultError> {
        let why = match fault {
            Fault::Kill | Fault::Freeze => return Ok(()),
            Fault::Restart { empty: true } => self.restarts.empty.err(),
            Fault::Restart { empty: false } => self.restarts.warm.err(),
            Fault::DiskFull => Some(self.disk),
            _ if fault.actor() == FaultActor::Command => {
                Some("it is done by a command that the server carries out, not to its process")
            }
            _ => Some("it is done to the way to the server, by a proxy, and none stands before it"),
        };
        why.map_or(Ok(()), |why| Err(impossible(fault, self.name, why)))
    }
}

/// A fault that nobody can do to `server`.
#[must_use]
pub fn impossible(fault: Fault, server: &str, why: &str) -> FaultError {
    FaultError::Impossible { what: words(fault).into(), server: server.into(), why: why.into() }
}

/// A fault that was tried on `server`, and failed.
#[must_use]
pub fn failed(fault: Fault, server: &str, said: impl ToString) -> FaultError {
    FaultError::Failed { what: words(fault).into(), server: server.into(), said: said.to_string() }
}

/// A fault, as the subject of a sentence.
fn words(fault: Fault) -> &'static str {
    match fault {
        Fault::Kill => "a kill",
        Fault::Restart { empty: true } => "a restart that leaves it empty",
        Fault::Restart { empty: false } => "a restart that leaves it what it held",
        Fault::Freeze => "a freeze",
        Fault::Flush => "a flush",
        Fault::Evict { .. } => "a cut of its room",
        Fault::MassExpiry => "the expiry of every entry",
        Fault::HotKeyExpiry { .. } => "the expiry of the hottest keys",
        Fault::Slow { .. } => "a slow way",
        Fault::Drop => "a reset of connections",
        Fault::BlackHole => "a black hole",
        Fault::Throttle { .. } => "a limit of bytes a second",
        Fault::ConnectionLimit { .. } => "a limit of connections",
        Fault::DiskFull => "a full disk",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::SERVERS;

    #[test]
    fn what_is_impossible_says_why() {
        let said = |name: &str, fault| ServerKind::of(name).unwrap().can(fault).map_err(|error| error.to_string());
        assert!(SERVERS.iter().all(|kind| kind.can(Fault::Kill).is_ok() && kind.can(Fault::Freeze).is_ok()));
        let (empty, warm) = (Fault::Restart { empty: true }, Fault::Restart { empty: false });
        assert!(["redis", "valkey"].into_iter().all(|name| said(name, empty).is_ok() && said(name, warm).is_ok()));
        assert!(said("memcached", empty).is_ok() && said("postgres", warm).is_ok());
        assert_eq!(
            said("memcached", warm).unwrap_err(),
            "a restart that leaves it what it held cannot be done to memcached: it keeps its entries in memory alone, and they end with \
             its process; ask for one that leaves it empty"
        );
        assert!(said("postgres", empty).unwrap_err().contains("no restart takes them"));
        for fault in [Fault::Flush, Fault::Drop, Fault::DiskFull] {
            assert!(matches!(ServerKind::of("redis").unwrap().can(fault), Err(FaultError::Impossible { .. })));
        }
    }
}
