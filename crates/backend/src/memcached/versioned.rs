//! The versioned set: look, then store on condition that nothing changed since.

use super::answer;
use super::command::{Command, Condition, Set};
use super::connection::Connection;
use super::reply::{Answer, Said};
use crate::lane::Unanswered;
use cachemark_core::{CacheError, Key, SetOutcome, Version};
use memcache::exp::ReturnCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// What versioned sets cost. Counts grow from the connecting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct VersionedSets {
    /// Versioned sets begun.
    pub calls: u64,
    /// Looks at what is there: gets, as the server counts them.
    pub looks: u64,
    /// Looks that found an entry: hits, as the server counts them.
    pub found: u64,
    /// Stores that were refused because something had changed since the look: sets, as the server counts them.
    pub refused: u64,
    /// Questions sent and answered, in all.
    pub round_trips: u64,
}

/// Sets by version, and counts what that takes.
#[derive(Debug, Default)]
pub(super) struct Versioned {
    calls: AtomicU64,
    looks: AtomicU64,
    found: AtomicU64,
    refused: AtomicU64,
    round_trips: AtomicU64,
}

/// What is under a key.
struct Held {
    /// None of a lease: any version is newer.
    version: Option<Version>,
    mark: u64,
}

fn bump(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

impl Versioned {
    pub(super) fn snapshot(&self) -> VersionedSets {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        VersionedSets {
            calls: count(&self.calls),
            looks: count(&self.looks),
            found: count(&self.found),
            refused: count(&self.refused),
            round_trips: count(&self.round_trips),
        }
    }

    /// Stores `encoded` unless the cache holds `version` or a newer one. Tries until one or the other is certain; each
    /// further try means that another set or delete of the key came between. The caller's budget is the bound.
    ///
    /// # Errors
    /// Those of a question; nothing is done as long as the last one was not sent, for looks change nothing.
    pub(super) async fn set(
        &self,
        connection: &mut Connection,
        key: &Key,
        version: Version,
        encoded: &[u8],
        ttl: Option<Duration>,
    ) -> Result<SetOutcome, Unanswered<CacheError>> {
        bump(&self.calls);
        loop {
            let condition = match self.look(connection, key).await? {
                Some(held) if held.version >= Some(version) => return Ok(SetOutcome::Superseded),
                Some(held) => Condition::Unchanged(held.mark),
                None => Condition::Absent,
            };
            let set = Command::Set(Set { key, version, encoded, ttl, condition });
            match self.ask(connection, set).await?.code {
                ReturnCode::Hd => return Ok(SetOutcome::Stored),
                ReturnCode::Ex | ReturnCode::Nf | ReturnCode::Ns => bump(&self.refused),
                other => return Err(answer::unexpected(other).into()),
            }
        }
    }

    async fn look(&self, connection: &mut Connection, key: &Key) -> Result<Option<Held>, Unanswered<CacheError>> {
        let Some((found, mark)) = self.seen(connection, Command::Look(key)).await? else { return Ok(None) };
        let version = match found.said {
            Said { given_away: true, .. } => None,
            Said { flags: Some(flags), .. } if flags < u64::from(u32::MAX) => Some(Version(flags)),
            _ => return self.look_closely(connection, key).await,
        };
        Ok(Some(Held { version, mark }))
    }

    /// For versions that the flags cannot hold.
    async fn look_closely(
        &self,
        connection: &mut Connection,
        key: &Key,
    ) -> Result<Option<Held>, Unanswered<CacheError>> {
        let Some((found, mark)) = self.seen(connection, Command::LookClosely(key)).await? else { return Ok(None) };
        let version = answer::entry(found)?.map(|entry| entry.version);
        Ok(Some(Held { version, mark }))
    }

    /// What `look` sees, with its mark; `None` if nothing is there.
    async fn seen(
        &self,
        connection: &mut Connection,
        look: Command<'_>,
    ) -> Result<Option<(Answer, u64)>, Unanswered<CacheError>> {
        let found = self.ask(connection, look).await?;
        bump(&self.looks);
        if found.code == ReturnCode::En {
            return Ok(None);
        }
        bump(&self.found);
        let mark = found.said.mark.ok_or_else(|| answer::unexpected(found.code))?;
        Ok(Some((found, mark)))
    }

    async fn ask(&self, connection: &mut Connection, command: Command<'_>) -> Result<Answer, Unanswered<CacheError>> {
        let answer = connection.ask(&command).await?;
        bump(&self.round_trips);
        Ok(answer)
    }
}
