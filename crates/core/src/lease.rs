//! Leases: who may fill a key that the cache has no entry for.

use crate::Entry;

/// Names one lease. A cache never gives the same to two leases of one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LeaseToken(pub u64);

/// What [`Cache::get_or_lease`](crate::Cache::get_or_lease) found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leased {
    /// The cache has an entry.
    Hit(Entry),
    /// It had none, and the caller holds the lease now: it is to load the row and to set it with the token.
    Won(LeaseToken),
    /// It has none, and somebody else holds the lease.
    Held,
}
