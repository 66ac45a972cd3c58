//! Claims on servers that somebody else runs: one run at a time empties and fills them.

use crate::assemble::Assembly;
use crate::stack::StackKind;
use cachemark_backend::memcached::MemcachedEndpoint;
use cachemark_backend::postgres::{PostgresEndpoint, Schema};
use cachemark_backend::redis::RedisEndpoint;
use cachemark_backend::{Backend, Claim, ClaimError, backend};
use cachemark_bench::TargetError;
use cachemark_bench::definition::Definition;
use cachemark_report::sheet::printable;
use std::fmt::Display;
use std::io::Write;

/// What a run has claimed.
#[derive(Debug)]
pub(crate) struct Claims(Vec<(&'static str, Claim)>);

impl Claims {
    /// Claims the servers of an external stack that the definition names. Our own servers, and this process, are ours
    /// anyhow. A server that does not let us is told of and used all the same: what is measured may be just that.
    ///
    /// # Errors
    /// [`TargetError`] if another run has one of them.
    pub(crate) async fn take(assembly: &Assembly<'_>, definition: &Definition) -> Result<Self, TargetError> {
        let mut claims = Self(Vec::new());
        let stack = assembly.stack;
        if stack.kind != StackKind::External {
            return Ok(claims);
        }
        let (who, addresses) = (who(), &stack.addresses);
        for part in definition.caches.iter().chain(&definition.stores) {
            let name = part.descriptor.name;
            let Some(url) = addresses.of(name).map(|address| &address.url) else { continue };
            let Some(taken) = claim(name, url, &who).await else { continue };
            match taken {
                Ok(claim) => claims.0.push((name, claim)),
                Err(held @ ClaimError::Held { .. }) => {
                    claims.release().await;
                    return Err(TargetError::new(name, "claiming", held));
                }
                Err(error) => {
                    tracing::warn!("{name} cannot be claimed, so another run would not be refused: {error}");
                }
            }
        }
        Ok(claims)
    }

    /// Gives everything back. Whether all of it was this run's to the end; what was not is told.
    pub(crate) async fn release(self) -> bool {
        let lost = self.give_back().await;
        lost.iter().for_each(|line| tell(format!("not to be trusted: {}", printable(line))));
        lost.is_empty()
    }

    /// Gives everything back, and names what was not this run's to the end, a line each.
    pub(crate) async fn give_back(self) -> Vec<String> {
        let mut lost = Vec::new();
        for (name, claim) in self.0 {
            lost.extend(claim.release().await.map(|holder| format!("another run took {name} meanwhile: {holder}")));
        }
        lost
    }
}

/// Claims the server at `url`; none if there is nothing to be claimed.
async fn claim(name: &str, url: &str, who: &str) -> Option<Result<Claim, ClaimError>> {
    Some(match backend(name)? {
        Backend::Redis => RedisEndpoint::parse(url).ok()?.claim(who).await,
        Backend::Memcached => MemcachedEndpoint::parse(url).ok()?.claim(who).await,
        Backend::Postgres => PostgresEndpoint::parse(url).ok()?.claim(&Schema::default(), who).await,
        Backend::InProcess | Backend::Sqlite => return None,
    })
}

fn tell(text: impl Display) {
    // Nobody is left to tell if stderr is gone.
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// This run, for others that find its claim.
fn who() -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let host = if host.trim().is_empty() { "an unknown host" } else { host.trim() };
    format!("cachemark, process {} on {host}", std::process::id())
}
