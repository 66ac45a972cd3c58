//! The contract of a cache.

use crate::{CacheError, Capabilities, Entry, Key, OpContext, Version};
use std::future::Future;
use std::time::Duration;

/// What a versioned set did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetOutcome {
    /// The entry is in the cache now.
    Stored,
    /// The cache held the same or a newer version and kept it.
    Superseded,
}

/// A cache: Redis, Memcached, or a map in this process.
///
/// **Any number of calls may run at once**, on the same key too; each single call is atomic. A call ends by the
/// context's deadline (within the backend's timer resolution) with [`CacheError::Timeout`]; such a call, like one that
/// ended in [`CacheError::ConnectionLost`], may have taken effect or may yet. A call whose deadline has passed before it
/// is begun ends in [`CacheError::Deadline`] where it would be sent to a server; a cache in this process, which is never
/// waited for, may answer it all the same. All other errors mean that nothing was changed. Dropping a call's future leaves
/// the cache usable; whether the call took effect is then unknown.
///
/// A cache may forget any entry at any time (eviction), and never invents one: what [`Cache::get`] returns was set
/// under that key, whole.
pub trait Cache: Send + Sync + 'static {
    /// What this cache can do; the same for its whole life.
    fn capabilities(&self) -> Capabilities;

    /// The entry under `key`, or `None`: never set, deleted, expired or evicted.
    fn get(&self, ctx: &OpContext, key: &Key) -> impl Future<Output = Result<Option<Entry>, CacheError>> + Send;

    /// Puts `entry` under `key`, whatever was there, to expire `ttl` from now (`None`: never by itself). A backend
    /// may round `ttl` up to its clock's step, which it documents, never down to "no expiry".
    ///
    /// # Errors
    /// [`CacheError::TooLarge`] for an entry over [`Capabilities::largest_entry`]. The old entry may then be gone.
    fn set(
        &self,
        ctx: &OpContext,
        key: &Key,
        entry: Entry,
        ttl: Option<Duration>,
    ) -> impl Future<Output = Result<(), CacheError>> + Send;

    /// Puts `entry` under `key` unless the cache holds the same or a newer version; atomic. The guard knows only what
    /// the cache still holds: after a delete or an eviction an older version is accepted again.
    ///
    /// # Errors
    /// [`CacheError::Unsupported`] where [`Capabilities::versioned_set`] is false.
    fn set_if_newer(
        &self,
        _ctx: &OpContext,
        _key: &Key,
        _entry: Entry,
        _ttl: Option<Duration>,
    ) -> impl Future<Output = Result<SetOutcome, CacheError>> + Send {
        async { Err(CacheError::Unsupported("versioned set")) }
    }

    /// Removes what is under `key`; nothing there is no error.
    fn delete(&self, ctx: &OpContext, key: &Key) -> impl Future<Output = Result<(), CacheError>> + Send;
}

impl Entry {
    /// Whether a versioned set of `self` over an entry of version `held` must be refused.
    #[must_use]
    pub fn is_superseded_by(&self, held: Version) -> bool {
        held >= self.version
    }
}
