//! The contract of a cache.

use crate::{CacheError, Capabilities, Entry, Key, LeaseToken, Leased, OpContext, Version};
use std::future::Future;
use std::time::Duration;

/// What a set did that the cache may refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetOutcome {
    /// The entry is in the cache now.
    Stored,
    /// Something newer came before: of a versioned set, the cache held the same or a newer version and kept it; of a set
    /// under a lease, the lease was no longer valid.
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

    /// The entry under `key`; or, where there is none, the lease of it, which is the right to fill it; atomic. A lease goes to
    /// one caller at a time. It ends when its holder fills the key ([`Cache::set_leased`]); when a set, a versioned set that
    /// stores, or a delete of the key takes effect, whoever makes it; and by itself, at the latest `lease` from now (rounded
    /// up to the cache's step, as a TTL is), so that a holder that dies holds nobody up for longer. It may end before its
    /// time, as an entry may be evicted. A lease is no entry: a get of a key that is leased finds nothing.
    ///
    /// # Errors
    /// [`CacheError::Unsupported`] where [`Capabilities::lease`] is false. After a timeout, or on a connection that broke, the
    /// lease may have been given to a caller who does not know.
    fn get_or_lease(
        &self,
        _ctx: &OpContext,
        _key: &Key,
        _lease: Duration,
    ) -> impl Future<Output = Result<Leased, CacheError>> + Send {
        async { Err(CacheError::Unsupported("leases")) }
    }

    /// Puts `entry` under `key` if `token` is that of the key's lease and the lease is still valid; atomic. The lease has ended
    /// then. [`SetOutcome::Superseded`] says that the lease was no longer valid, and that nothing was changed.
    ///
    /// # Errors
    /// [`CacheError::Unsupported`] where [`Capabilities::lease`] is false. [`CacheError::TooLarge`] for an entry over
    /// [`Capabilities::largest_entry`]; the lease is valid still, and a delete ends it.
    fn set_leased(
        &self,
        _ctx: &OpContext,
        _key: &Key,
        _entry: Entry,
        _ttl: Option<Duration>,
        _token: LeaseToken,
    ) -> impl Future<Output = Result<SetOutcome, CacheError>> + Send {
        async { Err(CacheError::Unsupported("leases")) }
    }

    /// The entry under `key`, which from now on expires `ttl` from now, whatever was left of its lifetime; atomic. Where there
    /// is none nothing is changed. What becomes of a lease that it meets is the cache's own affair: it may last as long as
    /// `ttl` then.
    ///
    /// # Errors
    /// [`CacheError::Unsupported`] where [`Capabilities::touch`] is false.
    fn get_and_touch(
        &self,
        _ctx: &OpContext,
        _key: &Key,
        _ttl: Duration,
    ) -> impl Future<Output = Result<Option<Entry>, CacheError>> + Send {
        async { Err(CacheError::Unsupported("touch")) }
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
