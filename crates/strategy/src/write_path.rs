//! Changing a row: the store first ([`commit`]), then the cache ([`settle`]). Cache-aside, its relatives and the tier
//! share this; what orders the two among those of other operations is their own.
//!
//! The store comes first because the other order lets a reader put the old row back between the two steps, and leaves
//! a value in the cache that never became durable if the store fails.
//!
//! - The store refused: the cache is left alone.
//! - The store's answer was lost: the row may have changed, so the entry is deleted, never replaced (nobody knows the
//!   version), within a time of its own, as the caller's deadline has passed as a rule. A commit that lands after
//!   that can still leave an older entry behind; nothing was acknowledged, so no read of it is stale, but an audit
//!   finds the difference.
//! - The cache failed after the commit: an older entry may live until its TTL. `on-cache-write-error` says whether
//!   the client hears of it. An entry that the cache refused for what it is (too large, say) is deleted instead.

use crate::rules::{OnWrite, OnWriteError, Rules};
use cachemark_core::{
    Cache, CacheEffect, CacheError, Entry, Key, OpContext, OpError, SetOutcome, Store, Value, Version, WriteOutcome,
};
use std::time::Duration;

/// How long the clean-up after a write of unknown outcome may take. As long as a cache that works could ever need, and
/// short enough that a cache that does not work delays the caller by no more than its own timeout would.
pub(crate) const CLEANUP_BUDGET: Duration = Duration::from_secs(1);

/// What is done to a row.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    Write(Value),
    Delete,
}

/// What the store said to a change.
#[derive(Debug)]
pub(crate) struct Committed {
    pub(crate) version: Result<Version, OpError>,
    /// What was written; none if the row was deleted.
    written: Option<Value>,
}

impl Committed {
    /// Whether the row is as it was: neither committed, nor of unknown outcome.
    pub(crate) fn is_surely_unchanged(&self) -> bool {
        matches!(&self.version, Err(error) if !error.is_unknown())
    }
}

/// Whether a change that ended so may have reached the store.
pub(crate) fn may_have_changed(outcome: &Result<WriteOutcome, OpError>) -> bool {
    outcome.as_ref().map_or_else(OpError::is_unknown, |_| true)
}

/// Changes the row.
pub(crate) async fn commit<S: Store>(store: &S, ctx: &OpContext, key: &Key, change: Change) -> Committed {
    let (version, written) = match change {
        Change::Write(value) => (store.write(ctx, key, value.clone()).await, Some(value)),
        Change::Delete => (store.delete(ctx, key).await, None),
    };
    Committed { version: version.map_err(OpError::from), written }
}

/// Changes the row, then the cache's entry as the rules say.
pub(crate) async fn change<C: Cache, S: Store>(
    cache: &C,
    store: &S,
    rules: &Rules,
    ctx: &OpContext,
    key: &Key,
    change: Change,
) -> Result<WriteOutcome, OpError> {
    let committed = commit(store, ctx, key, change).await;
    settle(cache, rules, ctx, key, committed).await
}

/// Does to the cache's entry what the rules say, after the store has spoken.
pub(crate) async fn settle<C: Cache>(
    cache: &C,
    rules: &Rules,
    ctx: &OpContext,
    key: &Key,
    committed: Committed,
) -> Result<WriteOutcome, OpError> {
    let version = match committed.version {
        Ok(version) => version,
        Err(error) => {
            if error.is_unknown() && rules.on_write != OnWrite::Leave {
                // The caller learns of the store's fault; a second one in the clean-up would tell it nothing more.
                let _ = cache.delete(&ctx.detached(CLEANUP_BUDGET), key).await;
            }
            return Err(error);
        }
    };
    let effect = tell(cache, rules, ctx, key, version, committed.written).await;
    acknowledged(rules, version, effect)
}

/// The answer to a write that the store has committed, whatever the cache said to it.
pub(crate) fn acknowledged(
    rules: &Rules,
    version: Version,
    effect: Result<CacheEffect, CacheError>,
) -> Result<WriteOutcome, OpError> {
    match effect {
        Ok(cache) => Ok(WriteOutcome::committed(version, cache)),
        Err(error) => match rules.on_write_error {
            OnWriteError::Acknowledge => Ok(WriteOutcome::committed(version, CacheEffect::Failed(error.kind()))),
            OnWriteError::Report => Err(OpError::AfterCommit(error)),
        },
    }
}

/// Tells the cache that the key has a new value, as that version, or none any more.
pub(crate) async fn tell<C: Cache>(
    cache: &C,
    rules: &Rules,
    ctx: &OpContext,
    key: &Key,
    version: Version,
    written: Option<Value>,
) -> Result<CacheEffect, CacheError> {
    let (versioned, value) = match (rules.on_write, written) {
        (OnWrite::Leave, _) => return Ok(CacheEffect::Untouched),
        (OnWrite::Invalidate, _) => return remove(cache, ctx, key).await,
        (_, None) => return bury(cache, rules, ctx, key, version).await,
        (OnWrite::Replace, Some(value)) => (false, value),
        (OnWrite::ReplaceOlder, Some(value)) => (true, value),
    };
    let fill = rules.expiry.of_value(ctx, key, version, value);
    let updated = if versioned {
        cache.set_if_newer(ctx, key, fill.entry, fill.ttl).await
    } else {
        cache.set(ctx, key, fill.entry, fill.ttl).await.map(|()| SetOutcome::Stored)
    };
    replaced(cache, ctx, key, updated).await
}

/// What became of the entry that a set was to replace.
async fn replaced<C: Cache>(
    cache: &C,
    ctx: &OpContext,
    key: &Key,
    set: Result<SetOutcome, CacheError>,
) -> Result<CacheEffect, CacheError> {
    match set {
        // The cache works and will not take this entry: the old one must not stay in its place.
        Err(error) if is_refusal(&error) => remove(cache, ctx, key).await,
        Ok(SetOutcome::Stored) => Ok(CacheEffect::Updated),
        Ok(SetOutcome::Superseded) => Ok(CacheEffect::Superseded),
        Err(error) => Err(error),
    }
}

/// What a delete does to the entry: it leaves a tombstone in its place, where the rules ask for one.
async fn bury<C: Cache>(
    cache: &C,
    rules: &Rules,
    ctx: &OpContext,
    key: &Key,
    version: Version,
) -> Result<CacheEffect, CacheError> {
    let ttl @ Some(_) = rules.tombstone_ttl else { return remove(cache, ctx, key).await };
    let set = cache.set_if_newer(ctx, key, Entry::absent(version), ttl).await;
    replaced(cache, ctx, key, set).await
}

async fn remove<C: Cache>(cache: &C, ctx: &OpContext, key: &Key) -> Result<CacheEffect, CacheError> {
    cache.delete(ctx, key).await.map(|()| CacheEffect::Invalidated)
}

/// Whether the cache works and has refused an entry for what it is.
fn is_refusal(error: &CacheError) -> bool {
    matches!(error, CacheError::TooLarge { .. } | CacheError::Rejected(_) | CacheError::Unsupported(_))
}
