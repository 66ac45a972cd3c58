//! The contract of a caching strategy.

use crate::{ErrorKind, Key, OpContext, OpError, Row, Value, Version};
use std::future::Future;

/// Where the answer to a read came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// The cache had a valid entry.
    Hit,
    /// The cache had none, and this operation's own load fetched the row.
    MissLed,
    /// The cache had none, and the operation took the result of a load that another had begun.
    MissJoined,
    /// The cache had none, and the strategy had the row itself: a change that it has acknowledged and not yet brought to the store,
    /// which was not asked.
    MissQueued,
    /// The cache's entry was past its freshness and served all the same.
    StaleServed,
    /// The cache was asked and failed, and was passed over.
    CacheFailed,
    /// The cache was not asked.
    Bypass,
}

impl Source {
    /// Every source, in the order of reports.
    pub const ALL: [Self; 7] = [
        Self::Hit,
        Self::MissLed,
        Self::MissJoined,
        Self::MissQueued,
        Self::StaleServed,
        Self::CacheFailed,
        Self::Bypass,
    ];

    /// The name in records and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Hit => "hit",
            Self::MissLed => "miss-led",
            Self::MissJoined => "miss-joined",
            Self::MissQueued => "miss-queued",
            Self::StaleServed => "stale-served",
            Self::CacheFailed => "cache-failed",
            Self::Bypass => "bypass",
        }
    }
}

/// The answer to a read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadOutcome {
    /// The value; `None` if the key has none.
    pub value: Option<Value>,
    /// The version that the answer was made from. Every strategy that asks a store knows it; a service of others, asked over
    /// HTTP, may not say.
    pub version: Option<Version>,
    /// Where it came from.
    pub source: Source,
}

impl ReadOutcome {
    /// The answer that a row of the store gives.
    #[must_use]
    pub fn of(row: Row, source: Source) -> Self {
        Self { value: row.value, version: Some(row.version), source }
    }
}

/// What became of the cache's entry in a write or delete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CacheEffect {
    /// The strategy leaves the cache alone on writes.
    Untouched,
    /// The entry was deleted.
    Invalidated,
    /// The entry was replaced by the new one.
    Updated,
    /// A newer one was there already and stayed.
    Superseded,
    /// The cache failed; the write was acknowledged all the same, and a stale entry may live until its TTL.
    Failed(ErrorKind),
}

/// The acknowledgement of a write or delete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WriteOutcome {
    /// The version that the key has now. The store gives it; a strategy that acknowledges before the store (write-behind)
    /// gives it itself, in the order in which the store will have it. Every strategy that asks a store knows it; a service
    /// of others, asked over HTTP, may not say.
    pub version: Option<Version>,
    /// Whether the store has committed it: not yet where it is acknowledged before. A service of others is taken at its word.
    pub durable: bool,
    /// What became of the cache's entry.
    pub cache: CacheEffect,
}

impl WriteOutcome {
    /// What the store has committed as `version`.
    #[must_use]
    pub fn committed(version: Version, cache: CacheEffect) -> Self {
        Self { version: Some(version), durable: true, cache }
    }
}

/// A caching strategy: the rule that joins a cache and a store.
///
/// **Any number of calls may run at once.** A call ends by the context's deadline plus the time that the strategy's
/// own clean-up takes (an invalidation after a write that timed out). An error for which [`OpError::is_unknown`] holds
/// says that a write may have been committed; any other error says that it was not. What a call returns is what its
/// client would see; the strategy never retries behind it unless its settings say so.
///
/// A call must be polled to its end: a client that drops it in the middle is a crashed client, and leaves what a
/// crashed client leaves (a committed write without its invalidation).
pub trait Strategy: Send + Sync + 'static {
    /// Reads `key`.
    fn read(&self, ctx: &OpContext, key: &Key) -> impl Future<Output = Result<ReadOutcome, OpError>> + Send;

    /// Writes `value` under `key`.
    fn write(
        &self,
        ctx: &OpContext,
        key: &Key,
        value: Value,
    ) -> impl Future<Output = Result<WriteOutcome, OpError>> + Send;

    /// Deletes `key`.
    fn delete(&self, ctx: &OpContext, key: &Key) -> impl Future<Output = Result<WriteOutcome, OpError>> + Send;

    /// Waits until nothing that the strategy began on its own is under way, and what it acknowledged before the store had it is in the
    /// store. Called after the last operation, by several at once where several wait. A strategy that is dropped without it is a process that
    /// crashes.
    ///
    /// # Errors
    /// [`OpError::Deadline`] if that takes longer than the context allows. [`OpError::Lost`] if acknowledged writes may not be in the
    /// store: it says how many, and whether anything is still under way.
    fn drain(&self, ctx: &OpContext) -> impl Future<Output = Result<(), OpError>> + Send;
}
