//! The versioned set: look, then store on condition that nothing changed since.

use super::command::{self, Condition};
use super::{failure, lease};
use bytes::Bytes;
use cachemark_core::{CacheError, Key, SetOutcome, Version};
use memcache::exp::{AsyncMetaConnection, MetaCommand, MetaResponse, ReturnCode};
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
    pub(super) async fn set(
        &self,
        connection: &mut AsyncMetaConnection,
        key: &Key,
        version: Version,
        encoded: Bytes,
        ttl: Option<Duration>,
    ) -> Result<SetOutcome, CacheError> {
        bump(&self.calls);
        loop {
            let condition = match self.look(connection, key).await? {
                Some(held) if held.version >= Some(version) => return Ok(SetOutcome::Superseded),
                Some(held) => Condition::Unchanged(held.mark),
                None => Condition::Absent,
            };
            let set = command::set(key, version, encoded.to_vec(), ttl, condition);
            match self.ask(connection, &set).await?.rc() {
                ReturnCode::Hd => return Ok(SetOutcome::Stored),
                ReturnCode::Ex | ReturnCode::Nf | ReturnCode::Ns => bump(&self.refused),
                other => return Err(command::unexpected(other)),
            }
        }
    }

    async fn look(&self, connection: &mut AsyncMetaConnection, key: &Key) -> Result<Option<Held>, CacheError> {
        let Some((response, mark)) = self.seen(connection, &command::look(key)).await? else { return Ok(None) };
        let version = match command::number(&response, b'f') {
            _ if lease::is_given_away(&response) => None,
            Some(flags) if flags < u64::from(u32::MAX) => Some(Version(flags)),
            _ => return self.look_closely(connection, key).await,
        };
        Ok(Some(Held { version, mark }))
    }

    /// For versions that the flags cannot hold.
    async fn look_closely(&self, connection: &mut AsyncMetaConnection, key: &Key) -> Result<Option<Held>, CacheError> {
        let Some((response, mark)) = self.seen(connection, &command::look_closely(key)).await? else {
            return Ok(None);
        };
        let version = command::entry(response)?.map(|entry| entry.version);
        Ok(Some(Held { version, mark }))
    }

    /// What `look` sees, with its mark; `None` if nothing is there.
    async fn seen(
        &self,
        connection: &mut AsyncMetaConnection,
        look: &MetaCommand,
    ) -> Result<Option<(MetaResponse, u64)>, CacheError> {
        let response = self.ask(connection, look).await?;
        bump(&self.looks);
        if response.rc() == ReturnCode::En {
            return Ok(None);
        }
        bump(&self.found);
        let mark = command::number(&response, b'c').ok_or_else(|| command::unexpected(response.rc()))?;
        Ok(Some((response, mark)))
    }

    async fn ask(
        &self,
        connection: &mut AsyncMetaConnection,
        command: &MetaCommand,
    ) -> Result<MetaResponse, CacheError> {
        let response = connection.execute(command).await.map_err(failure::explain)?;
        bump(&self.round_trips);
        Ok(response)
    }
}
