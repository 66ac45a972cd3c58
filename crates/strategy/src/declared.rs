//! The conditions under which strategies declare their anomalies, of the settings that they have in common.

use crate::settings::{NEGATIVE_TTL_MS, ON_CACHE_WRITE_ERROR, ON_WRITE, PLACEMENT, TTL_JITTER, TTL_MS};
use cachemark_core::Condition;

/// A write removes the entry.
pub(crate) const INVALIDATES: Condition = Condition::Is(ON_WRITE.name, &["invalidate"]);
/// A write replaces the entry.
pub(crate) const UPDATES: Condition = Condition::Is(ON_WRITE.name, &["update"]);
/// A write removes or replaces the entry.
pub(crate) const TELLS_THE_CACHE: Condition = Condition::Is(ON_WRITE.name, &["invalidate", "update"]);
/// A write puts no value into the cache.
pub(crate) const PUTS_NOTHING: Condition = Condition::Is(ON_WRITE.name, &["invalidate", "none"]);
/// A write leaves the entry alone.
pub(crate) const LEAVES_THE_ENTRY: Condition = Condition::Is(ON_WRITE.name, &["none"]);
/// A write is acknowledged although the cache has failed.
pub(crate) const ACKNOWLEDGES_ALL_THE_SAME: Condition = Condition::Is(ON_CACHE_WRITE_ERROR.name, &["ack"]);
/// The cache remembers that there is no row.
pub(crate) const REMEMBERS_ABSENCE: Condition = Condition::Above0(NEGATIVE_TTL_MS.name);
/// The cache does not remember that there is no row.
pub(crate) const FORGETS_ABSENCE: Condition = Condition::Is0(NEGATIVE_TTL_MS.name);
/// Entries have a lifetime.
pub(crate) const EXPIRES: Condition = Condition::Above0(TTL_MS.name);
/// Lifetimes are all the same.
pub(crate) const UNSPREAD: Condition = Condition::Is0(TTL_JITTER.name);
/// A call ends with its caller.
pub(crate) const IN_PROCESS: Condition = Condition::Is(PLACEMENT.name, &["in-process"]);
